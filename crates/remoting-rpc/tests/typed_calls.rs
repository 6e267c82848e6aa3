//! Typed calls: of clients, of servers to their clients, and of channels.

mod store;

use std::sync::Arc;

use remoting_rpc::transport::protocol::operation::{CommandBody, ContentError, Json};
use remoting_rpc::transport::protocol::{
    Body, BodyError, ErrorChain, HeaderError, RemotingCommand, RequestCode, ResponseCode, operation,
};
use remoting_rpc::{
    ClientConfig, Executor, ProcessorError, ProcessorSet, RemotingClient, RemotingServer, Request, RpcError,
    processor_fn,
};
use store::*;

/// A body that cannot be written.
struct NoBody;

impl CommandBody for NoBody {
    fn encode(self, _command: &mut RemotingCommand) -> Result<Body, BodyError> {
        Err(BodyError::invalid::<Self>("nothing to write"))
    }

    fn decode(_command: &RemotingCommand) -> Result<Self, BodyError> {
        Ok(Self)
    }
}

impl std::fmt::Debug for NoBody {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NoBody")
    }
}

impl Clone for NoBody {
    fn clone(&self) -> Self {
        Self
    }
}

operation! { Unwritable = RequestCode(20_005), { body: NoBody } -> {} }

#[tokio::test(start_paused = true)]
async fn a_typed_call_returns_the_content_of_the_response() {
    let store = Arc::new(Store::default());
    let (server, target) = serve("calls-content", handlers(&store, &Executor::inline())).await;
    target.call(Add::of("nails", 50)).await.unwrap();
    assert_eq!(target.call(GetCount::of("nails")).await.unwrap(), CountHeader { count: 50 });
    assert_eq!(*target.call(List).await.unwrap(), [("nails".to_owned(), 50)].into());

    let client = RemotingClient::builder().build().unwrap();
    let count = client.call(server.local_addr(), GetCount::of("nails"), MINUTE).await.unwrap();
    assert_eq!(count.count, 50);
    let channel = client.channel(server.local_addr()).unwrap();
    assert_eq!(channel.call(GetCount::of("nails"), MINUTE).await.unwrap().count, 50);
}

#[tokio::test(start_paused = true)]
async fn a_code_without_content_is_an_error_with_peer_code_and_remark() {
    let store = Arc::new(Store::default());
    let (server, target) = serve("calls-refused", handlers(&store, &Executor::inline())).await;
    let error = target.call(GetCount::of("screws")).await.unwrap_err();
    assert_eq!(error.addr(), Some(server.local_addr()));
    let response = error.response().unwrap();
    assert_eq!((response.code(), response.remark()), (UNKNOWN_ITEM, Some("no such item")));
    assert_eq!(error.to_string(), "<memory:calls-refused> answered 20901: no such item");
}

#[tokio::test(start_paused = true)]
async fn a_code_that_the_operation_names_has_content_and_the_whole_response_has_the_code() {
    let store = Arc::new(Store::default());
    let (_server, target) = serve("calls-code", handlers(&store, &Executor::inline())).await;
    target.call(Add::of("nails", 9)).await.unwrap();
    assert_eq!(target.call(GetCount::of("nails")).await.unwrap().count, 9);

    let response = target.call(GetCount::of("nails")).into_response().await.unwrap();
    assert_eq!((response.code(), response.remark(), response.count), (LOW, Some("order more"), 9));
    assert_eq!(response.command().ext_field("count"), Some("9"));
    assert_eq!(response.into_content(), CountHeader { count: 9 });
}

#[tokio::test(start_paused = true)]
async fn an_unreadable_response_is_an_error_with_peer_operation_and_cause() {
    let empty = processor_fn(|_ctx, request| async move {
        Ok(RemotingCommand::response_to(&request, ResponseCode::SUCCESS))
    });
    let codes = [RequestCode(20_001), RequestCode(20_003)];
    let set = ProcessorSet::with_state(Arc::default()).on_each(codes, Executor::inline(), empty);
    let (server, target) = serve("calls-unreadable", set).await;

    let error = target.call(GetCount::of("nails")).await.unwrap_err();
    assert_eq!(error.to_string(), "response of <memory:calls-unreadable> to GetCount cannot be read");
    assert_eq!(error.addr(), Some(server.local_addr()));
    assert!(error.may_have_been_sent() && error.response().is_none());
    let chain = ErrorChain(&error).to_string();
    assert!(chain.ends_with("cannot be read: header field `count` is missing"), "{chain}");
    let RpcError::UnreadableResponse { cause, .. } = error else { panic!("{error}") };
    let cause = cause.downcast_ref().unwrap();
    assert!(matches!(cause, ContentError::Header(HeaderError::Missing { .. })), "{cause}");

    let error = target.call(List).into_response().await.unwrap_err();
    let RpcError::UnreadableResponse { operation, cause, .. } = error else { panic!("{error}") };
    assert_eq!(operation, "List");
    let cause = cause.downcast_ref().unwrap();
    assert!(matches!(cause, ContentError::Body(_)), "{cause}");
}

#[tokio::test(start_paused = true)]
async fn a_request_that_cannot_be_written_is_not_sent() {
    let (server, target) = serve("calls-unwritable", ProcessorSet::with_state(Arc::default())).await;
    let client = RemotingClient::builder().name_servers(server.local_addr().to_string()).build().unwrap();
    for error in [
        target.call(Unwritable { body: NoBody }).await.unwrap_err(),
        target.call_oneway(Unwritable { body: NoBody }).await.unwrap_err(),
        client.call_name_server(Unwritable { body: NoBody }, MINUTE).await.unwrap_err(),
    ] {
        assert_eq!(error.to_string(), "request to <memory:calls-unwritable> cannot be encoded");
        assert!(!error.may_have_been_sent());
        let RpcError::Encode { cause, .. } = error else { panic!("{error}") };
        assert!(cause.is::<ContentError>(), "{cause}");
    }
    assert!(server.statistics().channels == 0);
}

#[tokio::test(start_paused = true)]
async fn an_invalid_address_is_the_error_of_the_call() {
    let client = RemotingClient::builder().build().unwrap();
    let target = client.to("no port");
    assert!(target.call(List).await.unwrap_err().is_invalid_address());
    assert!(target.call_oneway(List).await.unwrap_err().is_invalid_address());
    assert!(client.call("no port", List, MINUTE).into_response().await.unwrap_err().is_invalid_address());
}

#[tokio::test(start_paused = true)]
async fn name_servers_are_called_by_operation() {
    let store = Arc::new(Store::default());
    let (server, _target) = serve("calls-ns", handlers(&store, &Executor::inline())).await;
    let client = RemotingClient::builder().build().unwrap();
    let error = client.call_name_server(List, MINUTE).await.unwrap_err();
    assert!(matches!(error, RpcError::NoNameServer), "{error}");

    client.set_name_servers(server.local_addr().to_string()).unwrap();
    client.call_name_server(Add::of("nails", 1), MINUTE).await.unwrap();
    let error = client.call_name_server(GetCount::of("screws"), MINUTE).await.unwrap_err();
    assert_eq!((error.addr(), error.response().unwrap().code()), (None, UNKNOWN_ITEM));
}

#[tokio::test(start_paused = true)]
async fn calls_borrow_nothing_and_can_be_spawned() {
    let store = Arc::new(Store::default());
    let (_server, target) = serve("calls-spawned", handlers(&store, &Executor::runtime(16))).await;
    let calls: Vec<_> = (0..10).map(|count| tokio::spawn(target.call(Add::of("nails", count)))).collect();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    drop(target);
    assert_eq!(store.stock.lock()["nails"], 45);
}

#[tokio::test(start_paused = true)]
async fn a_dropped_call_frees_its_slot() {
    let set = ProcessorSet::with_state(Arc::<Store>::default()).on(
        RequestCode(20_003),
        Executor::runtime(1),
        processor_fn(|_ctx, _request| std::future::pending::<Result<(), ProcessorError>>()),
    );
    let (server, target) = serve("calls-dropped", set).await;
    let mut call = Box::pin(target.call(List));
    tokio::select! {
        biased;
        result = &mut call => panic!("{result:?}"),
        () = async { while server.statistics().requests.in_flight == 0 { tokio::task::yield_now().await } } => {}
    }
    assert_eq!(target.channel().unwrap().in_flight(), 1);
    drop(call);
    assert_eq!(target.channel().unwrap().in_flight(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_server_calls_its_client_by_operation() {
    /// Answers with the count that its caller names.
    struct Broker;

    impl Broker {
        async fn list(
            &self,
            request: Request<List>,
        ) -> Result<Json<std::collections::BTreeMap<String, u32>>, ProcessorError> {
            let count = request.channel().call(GetCount::of("nails"), MINUTE).await?;
            request.channel().call_oneway(Add::of("nails", count.count), MINUTE).await?;
            Ok(Json([("nails".to_owned(), count.count)].into()))
        }
    }

    let broker = ProcessorSet::with_state(Arc::new(Broker)).handle(Executor::runtime(4), Broker::list);
    let server =
        RemotingServer::builder().bind("memory:calls-push").processors(broker).start().await.unwrap();
    let store = Arc::new(Store::default());
    store.stock.lock().insert("nails".to_owned(), 30);
    let client = RemotingClient::builder()
        .config(ClientConfig::new().timeout(MINUTE))
        .processors(handlers(&store, &Executor::inline()))
        .build()
        .unwrap();
    assert_eq!(client.to(server.local_addr()).call(List).await.unwrap()["nails"], 30);
    // The one-way request was sent before the response, and processed inline.
    assert_eq!(store.stock.lock()["nails"], 60);
}
