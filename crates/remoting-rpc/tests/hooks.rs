//! Hooks and the request pipeline, on both sides.

#![expect(clippy::unwrap_used, reason = "a test fails by a panic")]

use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use remoting_rpc::testing::{ScriptedPeer, any, ok, request, response};
use remoting_rpc::transport::protocol::{ErrorChain, RemotingCommand, RequestCode, ResponseCode};
use remoting_rpc::{
    Executor, HookContext, ProcessorError, Refusal, RemotingClient, RemotingServer, RemotingServerBuilder,
    RequestContext, RequestPipeline, RpcError, RpcHook,
};

const CODE: RequestCode = RequestCode(1001);
const SECOND: Duration = Duration::from_secs(1);

/// The log of executed steps, in order.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    fn write(&self, entry: impl Into<String>) {
        self.0.lock().push(entry.into());
    }

    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock())
    }
}

/// A hook that logs, and fails where configured.
#[derive(Clone, Default)]
struct Logging {
    name: &'static str,
    log: Log,
    fail_before: Option<fn() -> ProcessorError>,
    fail_after: Option<fn() -> ProcessorError>,
}

impl RpcHook for Logging {
    fn before_request(
        &self,
        _ctx: &mut HookContext<'_>,
        request: &mut RemotingCommand,
    ) -> Result<(), ProcessorError> {
        self.log.write(format!("{} before", self.name));
        request.set_ext_field("hooked", self.name)?;
        self.fail_before.map_or(Ok(()), |error| Err(error()))
    }

    fn after_response(
        &self,
        _ctx: &mut HookContext<'_>,
        request: &RemotingCommand,
        response: Option<&mut RemotingCommand>,
    ) -> Result<(), ProcessorError> {
        let seen =
            response.as_ref().map_or_else(|| "none".to_owned(), |response| response.code().to_string());
        self.log.write(format!("{} after {seen} of {}", self.name, request.code()));
        if let Some(response) = response {
            response.set_ext_field(self.name, "seen")?;
        }
        self.fail_after.map_or(Ok(()), |error| Err(error()))
    }
}

struct Fixture {
    log: Log,
    _server: RemotingServer,
    peer: ScriptedPeer,
}

/// A server whose processor logs and returns the request's ext field `hooked` as remark.
async fn start(name: &str, log: &Log, builder: RemotingServerBuilder) -> Fixture {
    let processor = {
        let log = log.clone();
        move |ctx: RequestContext, request: RemotingCommand| {
            log.write("process");
            async move {
                let response = RemotingCommand::response(ResponseCode::SUCCESS);
                let hooked = request.ext_field("hooked").unwrap_or("no hook").to_owned();
                Ok((!ctx.is_oneway()).then(|| response.with_remark(hooked)))
            }
        }
    };
    let builder = builder.bind(format!("memory:hooks-{name}"));
    let server = builder.processor(CODE, Executor::inline(), processor).start().await.unwrap();
    let peer = ScriptedPeer::connect(server.local_addr()).await.unwrap();
    Fixture { log: log.clone(), _server: server, peer }
}

impl Fixture {
    async fn ask(&mut self) -> RemotingCommand {
        self.peer.send(RemotingCommand::request(CODE)).await;
        self.peer.expect(any()).await.into_command()
    }
}

fn hooks<const N: usize>(log: &Log, names: [&'static str; N]) -> [Logging; N] {
    names.map(|name| Logging { name, log: log.clone(), ..Logging::default() })
}

#[tokio::test(start_paused = true)]
async fn hooks_run_in_the_order_of_registration_before_and_after() {
    let log = Log::default();
    let [a, b] = hooks(&log, ["a", "b"]);
    let mut server = start("order", &log, RemotingServer::builder().hook(a).hook(b)).await;
    let answer = server.ask().await;
    assert_eq!(
        server.log.take(),
        ["a before", "b before", "process", "a after 0 of 1001", "b after 0 of 1001"]
    );
    assert_eq!(answer.remark(), Some("b"), "the processor sees what hooks put into the request");
    assert_eq!((answer.ext_field("a"), answer.ext_field("b")), (Some("seen"), Some("seen")));
}

#[tokio::test(start_paused = true)]
async fn after_hooks_of_a_request_without_a_response_get_none() {
    let log = Log::default();
    let [a] = hooks(&log, ["a"]);
    let mut server = start("none", &log, RemotingServer::builder().hook(a)).await;
    server.peer.send(RemotingCommand::oneway(CODE)).await;
    server.ask().await;
    assert_eq!(server.log.take()[..3], ["a before", "process", "a after none of 1001"]);
}

#[tokio::test(start_paused = true)]
async fn a_hook_that_aborts_responds_at_once() {
    let log = Log::default();
    let [a, b] = hooks(&log, ["a", "b"]);
    let a = Logging { fail_before: Some(|| Refusal::new(ResponseCode(16), "denied").into()), ..a };
    let mut server = start("abort", &log, RemotingServer::builder().hook(a).hook(b)).await;
    let answer = server.ask().await;
    assert_eq!((answer.code(), answer.remark()), (16, Some("denied")));
    assert_eq!(server.log.take(), ["a before"]);
}

#[tokio::test(start_paused = true)]
async fn when_a_hook_fails_the_pipeline_and_the_after_hooks_still_run_but_not_the_processor() {
    let log = Log::default();
    let [a, b] = hooks(&log, ["a", "b"]);
    let a = Logging { fail_before: Some(|| ProcessorError::new("clock skew")), ..a };
    let pipeline = {
        let log = log.clone();
        move |_: &mut RequestContext, _: &mut RemotingCommand| {
            log.write("pipeline");
            Ok(())
        }
    };
    let builder = RemotingServer::builder().hook(a).hook(b).request_pipeline(pipeline);
    let mut server = start("fail", &log, builder).await;
    let answer = server.ask().await;
    assert_eq!(answer.response_code(), ResponseCode::SYSTEM_ERROR);
    assert_eq!(answer.remark(), Some("clock skew"));
    assert_eq!(server.log.take(), ["a before", "pipeline", "a after 1 of 1001", "b after 1 of 1001"]);
}

#[tokio::test(start_paused = true)]
async fn an_after_hook_that_fails_replaces_the_response() {
    for (name, error, code, remark) in [
        ("after-abort", (|| Refusal::new(ResponseCode(17), "hidden").into()) as fn() -> _, 17, "hidden"),
        ("after-fail", || ProcessorError::new("no signature"), 1, "no signature"),
    ] {
        let log = Log::default();
        let [a, b] = hooks(&log, ["a", "b"]);
        let a = Logging { fail_after: Some(error), ..a };
        let mut server = start(name, &log, RemotingServer::builder().hook(a).hook(b)).await;
        let answer = server.ask().await;
        assert_eq!((answer.code(), answer.remark()), (code, Some(remark)));
        assert_eq!(server.log.take(), ["a before", "b before", "process", "a after 0 of 1001"]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_hook_that_panics_fails_only_its_request() {
    struct Panicking;
    impl RpcHook for Panicking {
        fn before_request(
            &self,
            _: &mut HookContext<'_>,
            request: &mut RemotingCommand,
        ) -> Result<(), ProcessorError> {
            assert!(request.remark().is_none(), "boom");
            Ok(())
        }
    }
    let mut server = start("panic", &Log::default(), RemotingServer::builder().hook(Panicking)).await;
    server.peer.send(RemotingCommand::request(CODE).with_remark("x")).await;
    server.peer.expect(response(ResponseCode::SYSTEM_ERROR)).await;
    assert_eq!(server.ask().await.response_code(), ResponseCode::SUCCESS);
}

#[tokio::test(start_paused = true)]
async fn a_piped_pipeline_runs_its_source_first_and_an_error_skips_the_rest() {
    let log = Log::default();
    let step = |name: &'static str| {
        let log = log.clone();
        move |_: &mut RequestContext, request: &mut RemotingCommand| {
            log.write(name);
            match request.ext_field("deny") {
                Some(deny) if deny == name => Err(Refusal::new(ResponseCode::NO_PERMISSION, name).into()),
                _ => Ok(()),
            }
        }
    };
    let pipeline = step("authorize").pipe(step("authenticate"));
    let mut server = start("pipe", &log, RemotingServer::builder().request_pipeline(pipeline)).await;
    server.ask().await;
    assert_eq!(server.log.take(), ["authenticate", "authorize", "process"]);

    server.peer.send(RemotingCommand::request(CODE).with_ext_field("deny", "authenticate").unwrap()).await;
    let answer = server.peer.expect(response(ResponseCode::NO_PERMISSION)).await.into_command();
    assert_eq!(answer.remark(), Some("authenticate"));
    assert_eq!(server.log.take(), ["authenticate"]);
}

#[tokio::test(start_paused = true)]
async fn hooks_registered_later_apply_from_then_on_and_can_be_cleared() {
    let log = Log::default();
    let [a] = hooks(&log, ["a"]);
    let mut fixture = start("later", &log, RemotingServer::builder()).await;
    assert_eq!(fixture.ask().await.remark(), Some("no hook"));
    fixture._server.register_hook(a);
    assert_eq!(fixture.ask().await.remark(), Some("a"));
    fixture._server.clear_hooks();
    assert_eq!(fixture.ask().await.remark(), Some("no hook"));
}

#[tokio::test(start_paused = true)]
async fn call_hooks_run_around_the_calls_of_a_server() {
    let log = Log::default();
    let [a] = hooks(&log, ["a"]);
    let mut fixture = start("call", &log, RemotingServer::builder().call_hook(a)).await;
    fixture.ask().await;
    fixture.log.take();
    let channel = fixture._server.channels().remove(0);
    let call = tokio::spawn(async move { channel.invoke(RemotingCommand::request(CODE), SECOND).await });
    let received = fixture.peer.expect(request(CODE)).await.reply(ok()).await;
    assert_eq!(received.ext_field("hooked"), Some("a"));
    assert_eq!(call.await.unwrap().unwrap().ext_field("a"), Some("seen"));
    assert_eq!(fixture.log.take(), ["a before", "a after 0 of 1001"]);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_requires_a_token_in_each_request_can_push_to_its_clients() {
    let log = Log::default();
    let [a] = hooks(&log, ["a"]);
    let mut fixture = start("push", &log, RemotingServer::builder()).await;
    fixture.ask().await;
    fixture._server.register_hook(Logging { fail_before: Some(|| ProcessorError::new("no token")), ..a });
    let channel = fixture._server.channels().remove(0);
    channel.invoke_oneway(RemotingCommand::oneway(CODE), SECOND).await.unwrap();
    assert!(fixture.peer.expect(any()).await.command().is_oneway());
    let call = tokio::spawn(async move { channel.invoke(RemotingCommand::request(CODE), SECOND).await });
    fixture.peer.expect(request(CODE)).await.reply(ok()).await;
    call.await.unwrap().unwrap();
    fixture.peer.send(RemotingCommand::request(CODE)).await;
    let refused = fixture.peer.expect(response(ResponseCode::SYSTEM_ERROR)).await.into_command();
    assert_eq!(refused.remark(), Some("no token"));
}

#[tokio::test(start_paused = true)]
async fn a_call_hook_that_fails_before_a_call_keeps_the_request_from_being_sent() {
    let log = Log::default();
    let [a] = hooks(&log, ["a"]);
    let mut fixture = start("call-fails", &log, RemotingServer::builder()).await;
    fixture.ask().await;
    fixture._server.register_call_hook(Logging { fail_before: Some(|| ProcessorError::new("no key")), ..a });
    let channel = fixture._server.channels().remove(0);
    let error = channel.invoke(RemotingCommand::request(CODE), SECOND).await.unwrap_err();
    assert!(matches!(error, RpcError::Hook { .. }) && !error.may_have_been_sent(), "{error:?}");
    assert!(error.to_string().contains("memory:hooks-call-fails"));
    assert!(ErrorChain(&error).to_string().ends_with(": no key"));
    let error = channel.invoke_oneway(RemotingCommand::request(CODE), SECOND).await.unwrap_err();
    assert!(matches!(error, RpcError::Hook { .. }));
    fixture._server.clear_hooks();
    fixture.ask().await; // nothing else had arrived
    assert_eq!(channel.in_flight(), 0);
}

/// The sender of a request, as a hook or a pipeline determined it.
#[derive(Debug, PartialEq)]
struct Caller(String);

/// Stores the arrival time of a request, and copies the values of pipeline and hooks to the response.
struct Noting;

impl RpcHook for Noting {
    fn before_request(
        &self,
        ctx: &mut HookContext<'_>,
        request: &mut RemotingCommand,
    ) -> Result<(), ProcessorError> {
        ctx.extensions_mut().insert(request.code());
        Ok(())
    }

    fn after_response(
        &self,
        ctx: &mut HookContext<'_>,
        _: &RemotingCommand,
        response: Option<&mut RemotingCommand>,
    ) -> Result<(), ProcessorError> {
        if let Some(response) = response {
            let seen = format!("{:?} {:?}", ctx.extensions().get::<i32>(), ctx.extensions().get::<Caller>());
            response.set_ext_field("after", &seen)?;
        }
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn values_set_by_hooks_and_pipeline_reach_processor_and_after_hooks() {
    let pipeline = |ctx: &mut RequestContext, request: &mut RemotingCommand| {
        if let Some(name) = request.ext_field("name") {
            ctx.extensions_mut().insert(Caller(name.to_owned()));
        }
        Ok(())
    };
    let tell = |ctx: RequestContext, request: RemotingCommand| async move {
        let seen = format!("{:?} {:?}", ctx.extensions().get::<i32>(), ctx.extensions().get::<Caller>());
        Ok(RemotingCommand::response_to(&request, ResponseCode::SUCCESS).with_remark(seen))
    };
    for executor in [Executor::inline(), Executor::runtime(1)] {
        let server = RemotingServer::builder()
            .bind("memory:hooks-extensions")
            .hook(Noting)
            .request_pipeline(pipeline)
            .processor(CODE, executor, tell)
            .start()
            .await
            .unwrap();
        let mut peer = ScriptedPeer::connect(server.local_addr()).await.unwrap();
        for (name, seen) in
            [("alice", r#"Some(1001) Some(Caller("alice"))"#), ("bob", r#"Some(1001) Some(Caller("bob"))"#)]
        {
            peer.send(RemotingCommand::request(CODE).with_ext_field("name", name).unwrap()).await;
            let response = peer.expect(any()).await.into_command();
            assert_eq!((response.remark(), response.ext_field("after")), (Some(seen), Some(seen)));
        }
        server.shutdown().await;
    }
}

#[tokio::test(start_paused = true)]
async fn values_set_before_a_call_reach_its_after_hooks() {
    let server = RemotingServer::builder().bind("memory:hooks-noting").processor(
        CODE,
        Executor::inline(),
        |_, request: RemotingCommand| async move {
            Ok(RemotingCommand::response_to(&request, ResponseCode::SUCCESS))
        },
    );
    let server = server.start().await.unwrap();
    let client = RemotingClient::builder().hook(Noting).name_servers([server.local_addr()]).build().unwrap();
    let by_address =
        client.invoke(server.local_addr(), RemotingCommand::request(CODE), SECOND).await.unwrap();
    let by_list = client.invoke_name_server(RemotingCommand::request(CODE), SECOND).await.unwrap();
    let channel = client.channel(server.local_addr()).unwrap();
    let by_channel = channel.invoke(RemotingCommand::request(CODE), SECOND).await.unwrap();
    for response in [by_address, by_list, by_channel] {
        assert_eq!(response.ext_field("after"), Some("Some(1001) None"));
    }
}
