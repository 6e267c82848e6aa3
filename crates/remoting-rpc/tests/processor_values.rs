//! Processors as values: boxed, shared, with state, in sets; on servers and clients.

#![expect(clippy::unwrap_used, reason = "a test fails by a panic")]

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use remoting_rpc::transport::protocol::{RemotingCommand, RequestCode, ResponseCode};
use remoting_rpc::{
    BoxProcessor, Executor, ProcessorError, ProcessorSet, RemotingClient, RemotingServer, Reply,
    RequestContext, RequestProcessor, RunToEnd, processor_fn, processor_with,
};

const FIRST: RequestCode = RequestCode(20_001);
const SECOND: RequestCode = RequestCode(20_002);
const THIRD: RequestCode = RequestCode(20_003);

/// Responds with its name.
struct Named(&'static str);

impl RequestProcessor for Named {
    async fn process(&self, _ctx: RequestContext, request: RemotingCommand) -> Result<Reply, ProcessorError> {
        Ok(RemotingCommand::response_to(&request, ResponseCode::SUCCESS).with_remark(self.0).into())
    }

    fn reject_request(&self) -> bool {
        self.0 == "busy"
    }
}

/// Counts its requests.
#[derive(Default)]
struct Counter(AtomicU32);

impl Counter {
    async fn count(
        self: Arc<Self>,
        _ctx: RequestContext,
        request: RemotingCommand,
    ) -> Result<RemotingCommand, ProcessorError> {
        let count = self.0.fetch_add(1, Ordering::Relaxed) + 1;
        Ok(RemotingCommand::response_to(&request, ResponseCode::SUCCESS).with_remark(count.to_string()))
    }
}

fn named(name: &'static str) -> impl RequestProcessor + Copy {
    processor_fn(move |_ctx, request| async move {
        Ok(RemotingCommand::response_to(&request, ResponseCode::SUCCESS).with_remark(name))
    })
}

async fn serve(name: &str, processors: ProcessorSet) -> (RemotingServer, RemotingClient) {
    let server =
        RemotingServer::builder().bind(format!("memory:values-{name}")).processors(processors).start();
    (server.await.unwrap(), RemotingClient::builder().build().unwrap())
}

/// Returns code and remark of the response.
async fn ask(client: &RemotingClient, server: &RemotingServer, code: RequestCode) -> (ResponseCode, String) {
    let request = RemotingCommand::request(code);
    let response = client.invoke(server.local_addr(), request, Duration::from_secs(5)).await.unwrap();
    (response.response_code(), response.remark().unwrap_or_default().to_owned())
}

fn success(remark: &str) -> (ResponseCode, String) {
    (ResponseCode::SUCCESS, remark.to_owned())
}

#[tokio::test(start_paused = true)]
async fn processors_of_different_types_fit_into_one_list() {
    let list: Vec<(RequestCode, BoxProcessor)> = vec![
        (FIRST, named("closure").boxed()),
        (SECOND, Named("type").boxed()),
        (THIRD, Named("busy").boxed()),
    ];
    let executor = Executor::inline();
    let set = list
        .into_iter()
        .fold(ProcessorSet::new(), |set, (code, processor)| set.on(code, executor.clone(), processor));
    let (server, client) = serve("list", set).await;
    assert_eq!(ask(&client, &server, FIRST).await, success("closure"));
    assert_eq!(ask(&client, &server, SECOND).await, success("type"));
    assert_eq!(ask(&client, &server, THIRD).await.0, ResponseCode::SYSTEM_BUSY);
}

#[tokio::test(start_paused = true)]
async fn nested_boxes_and_shared_processors_behave_as_the_inner_processor() {
    let shared = Arc::new(Named("shared"));
    let set = ProcessorSet::new()
        .on(FIRST, Executor::inline(), named("boxed").boxed().boxed())
        .on(SECOND, Executor::runtime(1), Arc::clone(&shared))
        .on(THIRD, Executor::inline(), RunToEnd(Arc::new(shared).boxed()));
    let (server, client) = serve("nested", set).await;
    assert_eq!(ask(&client, &server, FIRST).await, success("boxed"));
    assert_eq!(ask(&client, &server, SECOND).await, success("shared"));
    assert_eq!(ask(&client, &server, THIRD).await, success("shared"));
}

#[test]
fn a_box_keeps_whether_its_processor_runs_to_its_end() {
    assert!(RunToEnd(named("")).boxed().runs_to_end());
    assert!(Arc::new(RunToEnd(Named(""))).boxed().runs_to_end());
    assert!(!Named("").boxed().runs_to_end());
    assert!(RunToEnd(Named("busy")).boxed().reject_request());
}

#[tokio::test(start_paused = true)]
async fn methods_and_closures_share_one_state() {
    let counter = Arc::new(Counter::default());
    let peek = processor_with(&counter, |counter, _ctx, request| async move {
        let count = counter.0.load(Ordering::Relaxed).to_string();
        Ok(RemotingCommand::response_to(&request, ResponseCode::SUCCESS).with_remark(count))
    });
    let set = ProcessorSet::new()
        .on_each([FIRST, SECOND], Executor::runtime(4), processor_with(&counter, Counter::count))
        .on(THIRD, Executor::inline(), peek);
    let (server, client) = serve("state", set).await;
    assert_eq!(ask(&client, &server, FIRST).await, success("1"));
    assert_eq!(ask(&client, &server, SECOND).await, success("2"));
    assert_eq!(ask(&client, &server, THIRD).await, success("2"));
}

#[tokio::test(start_paused = true)]
async fn a_set_replaces_the_processors_of_its_codes_and_leaves_the_others() {
    let set = ProcessorSet::new().on_each([FIRST, SECOND], Executor::inline(), named("old"));
    let (server, client) = serve("replaced", set).await;
    server.register_processors(ProcessorSet::new().on_each(
        [SECOND, THIRD],
        Executor::inline(),
        named("new"),
    ));
    assert_eq!(ask(&client, &server, FIRST).await, success("old"));
    assert_eq!(ask(&client, &server, SECOND).await, success("new"));
    assert_eq!(ask(&client, &server, THIRD).await, success("new"));
}

#[tokio::test(start_paused = true)]
async fn a_client_serves_its_server_from_a_set() {
    let push = processor_fn(|ctx: RequestContext, request| async move {
        let to_caller = RemotingCommand::request(SECOND);
        let answer = ctx.channel().invoke(to_caller, Duration::from_secs(5)).await?;
        Ok(RemotingCommand::response_to(&request, ResponseCode::SUCCESS)
            .with_remark(answer.remark().unwrap_or_default()))
    });
    let (server, _) = serve("client", ProcessorSet::new().on(FIRST, Executor::inline(), push)).await;
    let client = RemotingClient::builder()
        .processors(ProcessorSet::new().on(SECOND, Executor::inline(), named("client")))
        .build()
        .unwrap();
    assert_eq!(ask(&client, &server, FIRST).await, success("client"));
}
