//! Calls of a server to its clients: responses, time-outs, permits, closed channels, dropped calls.

#![expect(clippy::unwrap_used, reason = "a test fails by a panic")]

mod deadline;

use std::time::Duration;

use deadline::Deadline;
use remoting_rpc::testing::{ScriptedPeer, any, ok, oneway, request};
use remoting_rpc::transport::protocol::{RemotingCommand, RequestCode, ResponseCode, SerializeType};
use remoting_rpc::{CallPhase, RemotingServer, RpcChannel, RpcError, ServerConfig};
use tokio::time::Instant;

const PUSH: RequestCode = RequestCode::CHECK_TRANSACTION_STATE;
const SECOND: Duration = Duration::from_secs(1);

struct Fixture {
    server: RemotingServer,
    channel: RpcChannel,
    peer: ScriptedPeer,
}

async fn start(name: &str, config: ServerConfig) -> Fixture {
    let server =
        RemotingServer::builder().bind(format!("memory:calls-{name}")).config(config).start().await.unwrap();
    let peer = ScriptedPeer::connect(server.local_addr()).await.unwrap();
    let deadline = Deadline::start();
    let channel = loop {
        match server.channels().pop() {
            Some(channel) => break channel,
            None => deadline.yield_now().await,
        }
    };
    Fixture { server, channel, peer }
}

/// Waits for the channel of the second connection.
async fn other_channel(server: &RemotingServer, first: &RpcChannel) -> RpcChannel {
    let deadline = Deadline::start();
    loop {
        match server.channels().into_iter().find(|channel| channel.id() != first.id()) {
            Some(channel) => return channel,
            None => deadline.yield_now().await,
        }
    }
}

impl Fixture {
    fn call(&self, timeout: Duration) -> tokio::task::JoinHandle<Result<RemotingCommand, RpcError>> {
        let channel = self.channel.clone();
        tokio::spawn(async move { channel.invoke(RemotingCommand::request(PUSH), timeout).await })
    }

    /// Checks that no call has left a slot, a permit or a task.
    fn assert_nothing_left(&self) {
        assert_eq!(self.channel.in_flight(), 0);
        assert_eq!(self.server.statistics().in_flight, 0);
        assert_eq!(self.server.statistics().oneway_in_flight, 0);
        assert_eq!(self.server.statistics().tasks, 0);
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_calls_a_client_over_the_clients_own_channel() {
    let mut fixture = start("push", ServerConfig::new()).await;
    let call = fixture.call(SECOND);
    fixture.peer.expect(request(PUSH)).await.reply(ok().with_body("state")).await;
    assert_eq!(call.await.unwrap().unwrap().body(), b"state");
    fixture.assert_nothing_left();
}

#[tokio::test(start_paused = true)]
async fn responses_in_any_order_find_their_calls() {
    let mut fixture = start("order", ServerConfig::new()).await;
    let calls: Vec<_> = (0..50).map(|_| fixture.call(SECOND)).collect();
    let mut requests = Vec::new();
    for _ in 0..calls.len() {
        requests.push(fixture.peer.expect(request(PUSH)).await.into_command());
    }
    for request in requests.iter().rev() {
        fixture.peer.send(ok().with_opaque(request.opaque()).with_remark(request.opaque().to_string())).await;
    }
    let mut remarks = Vec::new();
    for call in calls {
        let response = call.await.unwrap().unwrap();
        assert_eq!(response.remark(), Some(&*response.opaque().to_string()));
        remarks.push(response.opaque());
    }
    remarks.sort_unstable();
    remarks.dedup();
    assert_eq!(remarks.len(), 50);
    fixture.assert_nothing_left();
}

#[tokio::test(start_paused = true)]
async fn a_one_way_call_is_marked_and_waits_for_nothing() {
    let mut fixture = start("oneway", ServerConfig::new()).await;
    fixture.channel.invoke_oneway(RemotingCommand::request(PUSH), SECOND).await.unwrap();
    fixture.peer.expect(oneway(PUSH)).await;
    fixture.assert_nothing_left();
}

#[tokio::test(start_paused = true)]
async fn a_callback_gets_the_response() {
    let mut fixture = start("callback", ServerConfig::new()).await;
    let (result_in, result) = tokio::sync::oneshot::channel();
    fixture.channel.invoke_with_callback(RemotingCommand::request(PUSH), SECOND, |result| {
        drop(result_in.send(result));
    });
    fixture.peer.expect(request(PUSH)).await.reply(ok()).await;
    assert_eq!(result.await.unwrap().unwrap().response_code(), ResponseCode::SUCCESS);
    let deadline = Deadline::start();
    while fixture.channel.in_flight() > 0 || fixture.server.statistics().tasks > 0 {
        deadline.yield_now().await; // the callback is called by a task that then ends
    }
    fixture.assert_nothing_left();
}

#[tokio::test(start_paused = true)]
async fn a_call_without_response_times_out_within_tens_of_milliseconds() {
    let mut fixture = start("timeout", ServerConfig::new()).await;
    for timeout in [1, 15, 50, 3_000, 30_000].map(Duration::from_millis) {
        let before = Instant::now();
        let call = fixture.call(timeout);
        let late = fixture.peer.expect(request(PUSH)).await.into_command();
        let error = call.await.unwrap().unwrap_err();
        let took = before.elapsed();
        assert!(took >= timeout && took <= timeout + Duration::from_millis(20), "{timeout:?} took {took:?}");
        assert!(error.is_timeout() && error.may_have_been_sent());
        assert!(
            matches!(error, RpcError::Timeout { phase: CallPhase::Response, timeout: reported, .. } if reported == timeout)
        );
        let text = error.to_string();
        assert!(text.starts_with("wait response on the channel <memory:calls-timeout#"), "{text}");
        assert!(text.ends_with(&format!("> timeout, {}(ms)", timeout.as_millis())), "{text}");
        fixture.peer.send(ok().with_opaque(late.opaque())).await;
    }
    assert_eq!(
        fixture.call(Duration::ZERO).await.unwrap().unwrap_err().to_string().split('>').nth(1),
        Some(" timeout, 0(ms)")
    );
    fixture.assert_nothing_left();
}

#[tokio::test(start_paused = true)]
async fn without_a_free_permit_a_call_waits_within_its_budget() {
    let mut fixture = start("permits", ServerConfig::new().async_permits(1)).await;
    let first = fixture.call(10 * SECOND);
    let first_request = fixture.peer.expect(request(PUSH)).await.into_command();

    let error = fixture.call(Duration::ZERO).await.unwrap().unwrap_err();
    assert!(matches!(error, RpcError::NoPermit { limit: 1, .. }) && error.is_no_permit());
    assert!(error.to_string().starts_with("invokeAsyncImpl invoke too fast"), "{error}");

    let error = fixture.call(SECOND).await.unwrap().unwrap_err();
    assert!(error.is_timeout() && error.is_no_permit() && !error.may_have_been_sent());
    assert!(error.to_string().starts_with("invokeAsyncImpl tryAcquire semaphore timeout, 1000ms"), "{error}");

    let waiting = fixture.call(SECOND);
    tokio::task::yield_now().await;
    fixture.peer.send(ok().with_opaque(first_request.opaque())).await;
    fixture.peer.expect(request(PUSH)).await.reply(ok()).await;
    assert!(first.await.unwrap().is_ok() && waiting.await.unwrap().is_ok());
    assert_eq!(fixture.server.statistics().in_flight, 0);
}

#[tokio::test(start_paused = true)]
async fn a_close_of_the_peer_fails_its_calls_at_once_and_those_of_no_other_channel() {
    let mut fixture = start("close", ServerConfig::new()).await;
    let mut other = ScriptedPeer::connect(fixture.server.local_addr()).await.unwrap();
    let calls: Vec<_> = (0..3).map(|_| fixture.call(3600 * SECOND)).collect();
    for _ in &calls {
        fixture.peer.expect(request(PUSH)).await;
    }
    let other_channel = other_channel(&fixture.server, &fixture.channel).await;
    let other_call =
        tokio::spawn(async move { other_channel.invoke(RemotingCommand::request(PUSH), SECOND).await });
    fixture.peer.close();
    for call in calls {
        let error = call.await.unwrap().unwrap_err();
        assert!(error.is_closed() && error.may_have_been_sent(), "{error:?}");
        assert!(error.to_string().contains("memory:calls-close#"), "{error}");
    }
    other.expect(request(PUSH)).await.reply(ok()).await;
    assert!(other_call.await.unwrap().is_ok());
    fixture.channel.closed().await;
    let error = fixture.call(SECOND).await.unwrap().unwrap_err();
    assert!(error.is_closed() && !error.may_have_been_sent(), "{error:?}");
    fixture.assert_nothing_left();
}

#[tokio::test(start_paused = true)]
async fn a_local_close_fails_pending_calls_at_once_with_its_reason() {
    let mut fixture = start("local-close", ServerConfig::new()).await;
    let call = fixture.call(3600 * SECOND);
    fixture.peer.expect(request(PUSH)).await;
    fixture.channel.close(remoting_rpc::transport::CloseReason::local("enough"));
    let error = call.await.unwrap().unwrap_err();
    assert!(error.to_string().ends_with("before the response came: closed locally: enough"), "{error}");
    fixture.peer.expect_closed().await;
}

#[tokio::test(start_paused = true)]
async fn a_dropped_call_frees_its_resources_and_its_late_response_is_dropped() {
    let mut fixture = start("cancel", ServerConfig::new()).await;
    let call = fixture.call(3600 * SECOND);
    let stale = fixture.peer.expect(request(PUSH)).await.into_command();
    call.abort();
    assert!(call.await.unwrap_err().is_cancelled());
    fixture.assert_nothing_left();

    let newer = fixture.call(SECOND);
    fixture.peer.send(ok().with_opaque(stale.opaque()).with_remark("stale")).await;
    fixture.peer.expect(request(PUSH)).await.reply(ok().with_remark("fresh")).await;
    assert_eq!(newer.await.unwrap().unwrap().remark(), Some("fresh"));
}

#[tokio::test(start_paused = true)]
async fn a_request_that_cannot_be_encoded_fails_alone() {
    let mut fixture = start("encode", ServerConfig::new()).await;
    let innocent = fixture.call(SECOND);
    let innocent_request = fixture.peer.expect(request(PUSH)).await.into_command();
    let bad = RemotingCommand::request(RequestCode(200_050)).with_serialize_type(SerializeType::RocketMq);
    let error = fixture.channel.invoke(bad, SECOND).await.unwrap_err();
    assert!(matches!(error, RpcError::Encode { .. }) && !error.may_have_been_sent(), "{error:?}");
    assert!(error.to_string().contains("memory:calls-encode#"), "{error}");
    fixture.peer.send(ok().with_opaque(innocent_request.opaque())).await;
    assert!(innocent.await.unwrap().is_ok());
    fixture.assert_nothing_left();
}

#[tokio::test(start_paused = true)]
async fn a_peer_that_does_not_read_makes_calls_wait_for_capacity_within_their_budget() {
    use remoting_rpc::transport::{Address, ConnectOptions, WaterMark, connect};
    let config = ServerConfig::new().water_mark(WaterMark::new(1_000, 10_000).unwrap());
    let fixture = start("capacity", config).await;
    drop(fixture.peer);
    let address = fixture.server.local_addr();
    let stalled = connect(&Address::from(address), &ConnectOptions::default(), SECOND).await.unwrap();
    let channel = other_channel(&fixture.server, &fixture.channel).await;
    let big = || RemotingCommand::request(PUSH).with_body(vec![0; 60_000]);
    let mut failed = Vec::new();
    for _ in 0..5 {
        if let Err(error) = channel.invoke_oneway(big(), SECOND).await {
            failed.push(error);
        }
    }
    let error = failed.first().expect("the queue has a bound");
    assert!(matches!(error, RpcError::Timeout { phase: CallPhase::Send, .. }), "{error:?}");
    assert!(!error.may_have_been_sent());
    drop(stalled);
}

#[tokio::test(start_paused = true)]
async fn a_response_that_no_call_waits_for_is_dropped() {
    let mut fixture = start("unasked", ServerConfig::new()).await;
    for opaque in [0, 1, -1, i32::MAX] {
        fixture.peer.send(ok().with_opaque(opaque)).await;
    }
    let call = fixture.call(SECOND);
    fixture.peer.expect(any()).await.reply(ok()).await;
    assert!(call.await.unwrap().is_ok());
}
