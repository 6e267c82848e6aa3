//! Calls as independent futures: spawned, kept after their client, made through a target, limited to
//! `SUCCESS`.

#![expect(clippy::unwrap_used, reason = "a test fails by a panic")]

use std::time::Duration;

use remoting_rpc::transport::protocol::{RemotingCommand, RequestCode, ResponseCode};
use remoting_rpc::{
    CallPhase, ClientConfig, Executor, ProcessorSet, RemotingClient, RemotingServer, RpcError, processor_fn,
};
use tokio::time::Instant;

const ECHO: RequestCode = RequestCode(20_001);
const SLOW: RequestCode = RequestCode(20_002);
const REFUSE: RequestCode = RequestCode(20_003);
const SECOND: Duration = Duration::from_secs(1);

async fn serve(name: &str) -> RemotingServer {
    let echo = processor_fn(|_ctx, request| async move {
        Ok(RemotingCommand::response_to(&request, ResponseCode::SUCCESS).with_body(request.into_body()))
    });
    let slow = processor_fn(|_ctx, request| async move {
        tokio::time::sleep(SECOND).await;
        Ok(RemotingCommand::response_to(&request, ResponseCode::SUCCESS))
    });
    let refuse = processor_fn(|_ctx, request| async move {
        Ok(RemotingCommand::response_to(&request, ResponseCode::TOPIC_NOT_EXIST).with_remark("no route"))
    });
    let processors = ProcessorSet::new()
        .on(ECHO, Executor::inline(), echo)
        .on(SLOW, Executor::inline(), slow)
        .on(REFUSE, Executor::inline(), refuse);
    let address = format!("memory:borrow-nothing-{name}");
    RemotingServer::builder().bind(address).processors(processors).start().await.unwrap()
}

fn client() -> RemotingClient {
    RemotingClient::builder().build().unwrap()
}

fn request(code: RequestCode) -> RemotingCommand {
    RemotingCommand::request(code)
}

#[tokio::test(start_paused = true)]
async fn a_call_is_spawned_without_clones() {
    let server = serve("spawned").await;
    let client = client();
    let calls = ["one", "two"].map(|body| {
        tokio::spawn(client.invoke(server.local_addr(), request(ECHO).with_body(body), 3 * SECOND))
    });
    for (call, body) in calls.into_iter().zip(["one", "two"]) {
        assert_eq!(call.await.unwrap().unwrap().body(), body.as_bytes());
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_keeps_its_client_alive_until_it_ends() {
    let server = serve("kept").await;
    let client = client();
    let call = tokio::spawn(client.invoke(server.local_addr(), request(SLOW), 3 * SECOND));
    drop(client);
    assert!(call.await.unwrap().is_ok());
    let deadline = Instant::now() + 3 * SECOND;
    while !server.channels().is_empty() {
        assert!(Instant::now() < deadline, "the client ended with its last call");
        tokio::task::yield_now().await;
    }
}

#[tokio::test(start_paused = true)]
async fn calls_of_a_channel_and_to_a_name_server_are_spawned_too() {
    let server = serve("channel").await;
    let client = client();
    client.set_name_servers([server.local_addr()]).unwrap();
    let by_list = tokio::spawn(client.invoke_name_server(request(ECHO).with_body("list"), 3 * SECOND));
    assert_eq!(by_list.await.unwrap().unwrap().body(), b"list");
    let channel = client.channel(server.local_addr()).unwrap();
    let by_channel = tokio::spawn(channel.invoke(request(ECHO).with_body("channel"), 3 * SECOND));
    assert_eq!(by_channel.await.unwrap().unwrap().body(), b"channel");
}

#[tokio::test(start_paused = true)]
async fn a_target_calls_its_address_within_its_time_out() {
    let server = serve("target").await;
    let target = client().to(server.local_addr());
    assert_eq!(target.addr(), Some(server.local_addr()));
    let echoed = tokio::spawn(target.invoke(request(ECHO).with_body("body"))).await.unwrap().unwrap();
    assert_eq!(echoed.body(), b"body");
    tokio::spawn(target.invoke_oneway(request(ECHO))).await.unwrap().unwrap();
    assert_eq!(target.channel().unwrap().peer_addr(), server.local_addr());

    let hasty = target.clone().timeout(SECOND / 2);
    match hasty.invoke(request(SLOW)).await.unwrap_err() {
        RpcError::Timeout { phase, timeout, .. } => {
            assert_eq!((phase, timeout), (CallPhase::Response, SECOND / 2))
        }
        other => panic!("{other}"),
    }
    assert!(target.invoke(request(SLOW)).await.is_ok(), "the clone has its own time-out");
}

#[tokio::test(start_paused = true)]
async fn a_target_has_the_time_out_of_the_configuration() {
    let server = serve("configured").await;
    let config = ClientConfig::new().timeout(SECOND / 4);
    let client = RemotingClient::builder().config(config).build().unwrap();
    let error = client.to(server.local_addr()).invoke(request(SLOW)).await.unwrap_err();
    assert!(matches!(error, RpcError::Timeout { timeout, .. } if timeout == SECOND / 4), "{error}");
}

#[tokio::test(start_paused = true)]
async fn the_calls_of_a_target_report_its_invalid_address() {
    let target = client().to("nowhere");
    assert_eq!(target.addr(), None);
    for error in [
        target.invoke(request(ECHO)).await.unwrap_err(),
        target.invoke(request(ECHO)).into_success().await.unwrap_err(),
        target.invoke_oneway(request(ECHO)).await.unwrap_err(),
    ] {
        assert!(error.is_invalid_address() && !error.may_have_been_sent());
        assert!(error.to_string().contains("\"nowhere\""), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn into_success_makes_an_error_with_peer_code_and_remark() {
    let server = serve("success").await;
    let target = client().to(server.local_addr());
    assert_eq!(target.invoke(request(REFUSE)).await.unwrap().response_code(), ResponseCode::TOPIC_NOT_EXIST);
    assert!(target.invoke(request(ECHO)).into_success().await.is_ok());

    let error = target.invoke(request(REFUSE)).into_success().await.unwrap_err();
    let response = error.response().unwrap();
    assert_eq!((response.code(), response.remark()), (ResponseCode::TOPIC_NOT_EXIST, Some("no route")));
    assert_eq!(error.addr(), Some(server.local_addr()));
    assert!(error.may_have_been_sent());
    let text = format!("<{}> answered TOPIC_NOT_EXIST(17): no route", server.local_addr());
    assert_eq!(error.to_string(), text);
}

#[tokio::test(start_paused = true)]
async fn a_response_without_its_call_converts_into_an_error_without_a_peer() {
    async fn refused(ctx: &remoting_rpc::RpcChannel) -> Result<RemotingCommand, RpcError> {
        Ok(ctx.invoke(request(REFUSE), 3 * SECOND).await?.into_success()?)
    }
    let server = serve("converted").await;
    let client = client();
    client.invoke(server.local_addr(), request(ECHO), 3 * SECOND).await.unwrap();
    let error = refused(&client.channel(server.local_addr()).unwrap()).await.unwrap_err();
    assert_eq!(error.addr(), None);
    assert_eq!(error.to_string(), "the peer answered TOPIC_NOT_EXIST(17): no route");

    let moved = RemotingCommand::response(ResponseCode::GO_AWAY).into_success().unwrap_err();
    assert!(
        !RpcError::from(moved).may_have_been_sent(),
        "a peer that goes away has not processed the request"
    );
}
