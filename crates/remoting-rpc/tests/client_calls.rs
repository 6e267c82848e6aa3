//! The outcomes of a call: one test for each row of the table in the documentation of `RemotingClient`.

mod client_support;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use client_support::*;
use remoting_rpc::transport::protocol::{
    ErrorChain, RemotingCommand, RequestCode, ResponseCode, SerializeType,
};
use remoting_rpc::transport::{Address, WaterMark};
use remoting_rpc::{
    CallPhase, ClientConfig, Executor, HookContext, ProcessorError, Refusal, RemotingClient, RequestContext,
    RpcError, RpcHook,
};
use tokio::time::Instant;

#[tokio::test(start_paused = true)]
async fn a_call_gets_its_response() {
    let server = TestServer::start("echo").await;
    let client = client();
    let response = client.invoke(&server.addr, request(ECHO).with_body("hello"), SECOND).await.unwrap();
    assert_eq!(response.response_code(), ResponseCode::SUCCESS);
    assert_eq!(response.into_body(), "hello");
    client.shutdown().await;
    nothing_left(&client);
}

#[tokio::test]
async fn every_kind_of_address_is_accepted() {
    let v4 = TestServer::start_at("127.0.0.1:0".parse().unwrap()).await;
    let v6 = TestServer::start_at("[::1]:0".parse().unwrap()).await;
    let client = client_with(ClientConfig::new().connect_timeout(HOUR));
    let port = v4.addr.port().unwrap();
    let call = || request(ECHO);
    client.invoke(v4.addr.as_socket().unwrap(), call(), HOUR).await.unwrap();
    client.invoke(&v4.addr, call(), HOUR).await.unwrap();
    client.invoke(v6.addr.clone(), call(), HOUR).await.unwrap();
    client.invoke(v4.addr.to_string(), call(), HOUR).await.unwrap();
    client.invoke(v6.addr.to_string().as_str(), call(), HOUR).await.unwrap();
    client.invoke(format!("localhost:{port}"), call(), HOUR).await.unwrap();
    assert_eq!(v4.accepted(), 2, "one connection for the address, one for the host name");
    assert_eq!(v6.accepted(), 1);
    let error = client.invoke("no-port", call(), HOUR).await.unwrap_err();
    assert!(matches!(error, RpcError::Address(_)), "{error}");
}

#[cfg(unix)]
#[tokio::test]
async fn unix_domain_sockets_are_called_like_other_addresses() {
    let path = std::env::temp_dir().join(format!("remoting-client-{}.sock", std::process::id()));
    let _ = std::fs::remove_file(&path); // left by a killed process with this ID
    let server = TestServer::start_at(Address::unix(&path)).await;
    let client = client_with(ClientConfig::new().connect_timeout(HOUR));
    client.invoke(format!("unix:{}", path.display()), request(ECHO), HOUR).await.unwrap();
    drop(server);
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_cannot_be_made_is_reported_with_address_and_cause_to_every_kind_of_call() {
    let nobody = address("nobody");
    let client = client();
    let error = client.invoke(&nobody, request(ECHO), SECOND).await.unwrap_err();
    assert_eq!(error.to_string(), format!("connect to <{nobody}> failed"));
    assert_eq!(ErrorChain(&error).to_string(), format!("connect to <{nobody}> failed: connection refused"));
    assert!(error.is_connect() && !error.may_have_been_sent());
    let error = client.invoke_oneway(&nobody, request(ECHO), SECOND).await.unwrap_err();
    assert!(error.is_connect(), "Java drops it silently");
    let (done, outcome) = tokio::sync::oneshot::channel();
    client.invoke_with_callback(&nobody, request(ECHO), SECOND, |result| done.send(result).unwrap());
    assert!(outcome.await.unwrap().unwrap_err().is_connect());
    client.shutdown().await;
    nothing_left(&client);
}

#[tokio::test(start_paused = true)]
async fn connecting_spends_the_budget_of_the_call() {
    let server = TestServer::start("hole").await;
    let client = RemotingClient::builder()
        .config(ClientConfig::new().scan_available_name_servers(false))
        .prologue_step(BlackHole(server.addr.clone()))
        .build()
        .unwrap();
    let start = Instant::now();
    let error = client.invoke(&server.addr, request(ECHO), SECOND).await.unwrap_err();
    assert!(matches!(error, RpcError::Timeout { phase: CallPhase::Connect, .. }), "{error}");
    assert!(error.is_timeout() && error.is_connect() && !error.may_have_been_sent());
    assert_eq!(start.elapsed(), SECOND);
}

#[tokio::test(start_paused = true)]
async fn an_attempt_to_connect_ends_with_the_connect_time_out() {
    let server = TestServer::start("hole").await;
    let client = RemotingClient::builder()
        .config(ClientConfig::new().scan_available_name_servers(false).connect_timeout(SECOND))
        .prologue_step(BlackHole(server.addr.clone()))
        .build()
        .unwrap();
    let start = Instant::now();
    let error = client.invoke(&server.addr, request(ECHO), 10 * SECOND).await.unwrap_err();
    let text = format!("connect to <{}> failed: no connection after 1s (connect_timeout)", server.addr);
    assert_eq!(ErrorChain(&error).to_string(), text);
    assert_eq!(start.elapsed(), SECOND);
}

#[tokio::test(start_paused = true)]
async fn a_call_that_times_out_ends_alone_and_its_channel_stays() {
    let server = TestServer::start("silent").await;
    let client = client();
    let innocent = tokio::spawn({
        let (client, addr) = (client.clone(), server.addr.clone());
        async move { client.invoke(addr, request(SLOW), 3 * SECOND).await }
    });
    let error = client.invoke(&server.addr, request(SILENT), SECOND / 2).await.unwrap_err();
    assert!(matches!(error, RpcError::Timeout { phase: CallPhase::Response, .. }), "{error}");
    assert!(error.may_have_been_sent());
    assert_eq!(client.in_flight(), 1, "the call that timed out holds no permit");
    innocent.await.unwrap().unwrap();
    assert_eq!(server.accepted(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_call_waits_for_a_permit_within_its_budget() {
    let server = TestServer::start("permits").await;
    let client = client_with(ClientConfig::new().async_permits(1));
    let slow = client.invoke(&server.addr, request(SLOW), 3 * SECOND);
    let second = async {
        tokio::time::sleep(Duration::from_millis(1)).await;
        client.invoke(&server.addr, request(ECHO), 2 * SECOND).await
    };
    let impatient = async {
        tokio::time::sleep(Duration::from_millis(1)).await;
        client.invoke(&server.addr, request(ECHO), SECOND / 10).await
    };
    let hasty = async {
        tokio::time::sleep(Duration::from_millis(1)).await;
        client.invoke(&server.addr, request(ECHO), Duration::ZERO).await
    };
    let (slow, second, impatient, hasty) = tokio::join!(slow, second, impatient, hasty);
    slow.unwrap();
    second.unwrap();
    let impatient = impatient.unwrap_err();
    assert!(impatient.is_timeout() && impatient.is_no_permit() && !impatient.may_have_been_sent());
    assert!(matches!(hasty.unwrap_err(), RpcError::NoPermit { .. }));
    assert_eq!(client.in_flight(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_call_waits_for_capacity_within_its_budget() {
    let server = TestServer::start("slow-reader").await;
    let client = client_with(ClientConfig::new().water_mark(WaterMark::new(1, 1).unwrap()));
    client.invoke(&server.addr, request(ECHO), SECOND).await.unwrap();
    let large = || request(ECHO).with_body(vec![7; 1 << 20]);
    let calls: Vec<_> = (0..8)
        .map(|_| {
            let (client, addr, call) = (client.clone(), server.addr.clone(), large());
            tokio::spawn(async move { client.invoke(addr, call, SECOND).await })
        })
        .collect();
    for call in calls {
        assert_eq!(call.await.unwrap().unwrap().into_body().len(), 1 << 20, "one after another");
    }
    assert!(client.is_channel_writable(&server.addr));
    assert!(client.is_channel_writable(address("nobody")), "true without a channel, as in Java");
}

#[tokio::test(start_paused = true)]
async fn a_request_that_cannot_be_encoded_fails_alone() {
    let server = TestServer::start("encode").await;
    let client = client();
    let pending = tokio::spawn({
        let (client, addr) = (client.clone(), server.addr.clone());
        async move { client.invoke(addr, request(SLOW), 3 * SECOND).await }
    });
    let pop = RemotingCommand::request(RequestCode::POP_MESSAGE).with_serialize_type(SerializeType::RocketMq);
    let error = client.invoke(&server.addr, pop, SECOND).await.unwrap_err();
    assert!(matches!(error, RpcError::Encode { .. }), "{error}");
    pending.await.unwrap().unwrap();
    assert_eq!(server.accepted(), 1);
}

#[derive(Clone, Default)]
struct CountingHook {
    before: Arc<AtomicUsize>,
    after: Arc<AtomicUsize>,
}

impl RpcHook for CountingHook {
    fn before_request(&self, _: &mut HookContext<'_>, _: &mut RemotingCommand) -> Result<(), ProcessorError> {
        self.before.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }

    fn after_response(
        &self,
        _: &mut HookContext<'_>,
        _: &RemotingCommand,
        response: Option<&mut RemotingCommand>,
    ) -> Result<(), ProcessorError> {
        assert!(response.is_some());
        self.after.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }
}

struct FailingHook;

impl RpcHook for FailingHook {
    fn before_request(
        &self,
        _: &mut HookContext<'_>,
        request: &mut RemotingCommand,
    ) -> Result<(), ProcessorError> {
        if request.request_code() == ECHO {
            Ok(())
        } else {
            Err(Refusal::new(ResponseCode::NO_PERMISSION, "denied").into())
        }
    }
}

#[tokio::test(start_paused = true)]
async fn hooks_run_before_and_after_success_and_only_before_on_failure() {
    let server = TestServer::start("hooks").await;
    let hook = CountingHook::default();
    let client = RemotingClient::builder().hook(hook.clone()).build().unwrap();
    let seen = || (hook.before.load(Ordering::SeqCst), hook.after.load(Ordering::SeqCst));
    client.invoke(&server.addr, request(ECHO), SECOND).await.unwrap();
    assert_eq!(seen(), (1, 1));
    client.invoke(&server.addr, request(SILENT), SECOND).await.unwrap_err();
    assert_eq!(seen(), (2, 1));
    client.invoke_oneway(&server.addr, request(ECHO), SECOND).await.unwrap();
    assert_eq!(seen(), (3, 1));
    client.invoke(address("nobody"), request(ECHO), SECOND).await.unwrap_err();
    assert_eq!(seen(), (3, 1), "no hook without a channel, as in Java");
    client.clear_hooks();
    client.invoke(&server.addr, request(ECHO), SECOND).await.unwrap();
    assert_eq!(seen(), (3, 1));
}

#[tokio::test(start_paused = true)]
async fn an_error_of_a_hook_ends_every_kind_of_call() {
    let server = TestServer::start("hooks").await;
    let client = RemotingClient::builder().hook(FailingHook).build().unwrap();
    let addr = &server.addr;
    client.invoke(addr, request(ECHO), SECOND).await.unwrap();
    let error = client.invoke(addr, request(SLOW), SECOND).await.unwrap_err();
    assert!(matches!(error, RpcError::Hook { may_have_been_sent: false, .. }), "{error}");
    assert!(ErrorChain(&error).to_string().contains("denied"), "{error:?}");
    client.invoke_oneway(addr, request(SLOW), SECOND).await.unwrap_err();
    let (done, outcome) = tokio::sync::oneshot::channel();
    client.invoke_with_callback(addr, request(SLOW), SECOND, |result| done.send(result).unwrap());
    assert!(matches!(outcome.await.unwrap().unwrap_err(), RpcError::Hook { .. }), "Java never calls back");
    assert_eq!(server.requests(), 1);
    assert_eq!(client.in_flight(), 0);
}

struct PanickingHook;

impl RpcHook for PanickingHook {
    fn before_request(
        &self,
        _: &mut HookContext<'_>,
        request: &mut RemotingCommand,
    ) -> Result<(), ProcessorError> {
        assert_ne!(request.request_code(), SLOW, "before");
        Ok(())
    }

    fn after_response(
        &self,
        _: &mut HookContext<'_>,
        _: &RemotingCommand,
        _: Option<&mut RemotingCommand>,
    ) -> Result<(), ProcessorError> {
        panic!("after");
    }
}

#[tokio::test(start_paused = true)]
async fn a_hook_that_panics_ends_every_kind_of_call_with_an_error() {
    let server = TestServer::start("hooks").await;
    let client = RemotingClient::builder().hook(PanickingHook).build().unwrap();
    client.set_name_servers([&server.addr]).unwrap();
    for (code, sent, text) in [(SLOW, false, "the hook panicked: "), (ECHO, true, "the hook panicked: after")]
    {
        let (done, outcome) = tokio::sync::oneshot::channel();
        client.invoke_with_callback(&server.addr, request(code), SECOND, |result| done.send(result).unwrap());
        for error in [
            client.invoke(&server.addr, request(code), SECOND).await.unwrap_err(),
            client.invoke_name_server(request(code), SECOND).await.unwrap_err(),
            client.channel(&server.addr).unwrap().invoke(request(code), SECOND).await.unwrap_err(),
            outcome.await.unwrap().unwrap_err(),
        ] {
            assert!(
                matches!(error, RpcError::Hook { .. }) && error.may_have_been_sent() == sent,
                "{error:?}"
            );
            assert!(ErrorChain(&error).to_string().contains(text), "{error:?}");
        }
    }
    client.invoke_oneway(&server.addr, request(SLOW), SECOND).await.unwrap_err();
    client.clear_hooks();
    client.invoke(&server.addr, request(ECHO), SECOND).await.unwrap();
    client.shutdown().await;
    nothing_left(&client);
}

struct PanicsAtDrop;

impl Drop for PanicsAtDrop {
    fn drop(&mut self) {
        panic!("dropped");
    }
}

#[tokio::test(start_paused = true)]
async fn a_callback_whose_captures_panic_when_they_are_dropped_ends_alone() {
    let server = TestServer::start("panics").await;
    let client = client();
    let (done, outcome) = tokio::sync::oneshot::channel();
    let captured = PanicsAtDrop;
    client.invoke_with_callback(&server.addr, request(ECHO), SECOND, move |result| {
        let _captured = captured;
        done.send(result).unwrap();
    });
    outcome.await.unwrap().unwrap();
    client.invoke(&server.addr, request(ECHO), SECOND).await.unwrap();
    client.shutdown().await;
    nothing_left(&client);
}

#[tokio::test(start_paused = true)]
async fn a_oneway_call_is_marked_and_has_no_response() {
    let server = TestServer::start("oneway").await;
    let oneway = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&oneway);
    server.server.register_processor(RequestCode(7), Executor::inline(), {
        move |ctx: RequestContext, request: RemotingCommand| {
            counter.fetch_add(usize::from(ctx.is_oneway()), Ordering::SeqCst);
            async move { Ok(RemotingCommand::response_to(&request, ResponseCode::SUCCESS)) }
        }
    });
    let client = client();
    client.invoke_oneway(&server.addr, request(RequestCode(7)), SECOND).await.unwrap();
    until(|| oneway.load(Ordering::SeqCst) == 1).await;
    assert_eq!(client.statistics().oneway_in_flight, 0);
}

#[tokio::test(start_paused = true)]
async fn a_server_calls_its_client() {
    const PUSH: RequestCode = RequestCode::NOTIFY_CONSUMER_IDS_CHANGED;
    let server = TestServer::start("push").await;
    let client = RemotingClient::builder()
        .processor(PUSH, Executor::inline(), |_: RequestContext, request: RemotingCommand| async move {
            Ok(RemotingCommand::response_to(&request, ResponseCode::SUCCESS).with_body("pushed"))
        })
        .build()
        .unwrap();
    client.invoke(&server.addr, request(ECHO), SECOND).await.unwrap();
    let channel = server.server.channels().pop().unwrap();
    assert_eq!(channel.invoke(request(PUSH), SECOND).await.unwrap().into_body(), "pushed");
    let unknown = channel.invoke(request(RequestCode(9)), SECOND).await.unwrap();
    assert_eq!(unknown.response_code(), ResponseCode::REQUEST_CODE_NOT_SUPPORTED);
    assert_eq!(unknown.remark(), Some(" request type 9 not supported"));
}

#[tokio::test(start_paused = true)]
async fn a_dropped_call_frees_everything_it_held() {
    let server = TestServer::start("cancel").await;
    let client = client_with(ClientConfig::new().async_permits(1));
    tokio::select! {
        _ = client.invoke(&server.addr, request(SILENT), 60 * SECOND) => unreachable!("there is no response"),
        () = until(|| server.requests() == 1) => {}
    }
    assert_eq!(client.in_flight(), 0);
    assert_eq!(client.channel(&server.addr).unwrap().in_flight(), 0);
    client.invoke(&server.addr, request(ECHO), SECOND).await.unwrap();
    assert_eq!(server.accepted(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_caller_dropped_while_connecting_leaves_only_the_connection() {
    let server = TestServer::start("cancel").await;
    let client = client();
    tokio::select! {
        biased;
        _ = client.invoke(&server.addr, request(ECHO), SECOND) => unreachable!("it was polled only once"),
        () = std::future::ready(()) => {}
    }
    assert_eq!(client.in_flight(), 0);
    until(|| client.channel(&server.addr).is_some()).await;
    client.invoke(&server.addr, request(ECHO), SECOND).await.unwrap();
    assert_eq!(server.accepted(), 1);
}
