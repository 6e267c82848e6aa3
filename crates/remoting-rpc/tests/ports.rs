//! Sub-servers, addresses, events and many connections.

mod deadline;

use std::sync::Arc;
use std::time::Duration;

use deadline::Deadline;
use parking_lot::Mutex;
use remoting_rpc::testing::{ScriptedPeer, any, request, response};
use remoting_rpc::transport::protocol::{ErrorChain, RemotingCommand, RequestCode, ResponseCode};
use remoting_rpc::transport::{
    Address, Channel, ChannelEvent, ChannelEventKind, ChannelHandler, ChannelPipeline, Flow, HandlerContext,
    Listener, ListenerOptions,
};
use remoting_rpc::{
    Executor, RemotingServer, RemotingServerBuilder, RequestContext, RequestProcessor, ServerConfig,
    ServerError,
};

const CODE: RequestCode = RequestCode(1001);

/// Responds with the port of its listener.
fn port_processor() -> impl RequestProcessor {
    |ctx: RequestContext, _request: RemotingCommand| async move {
        let port = ctx.channel().local_addr().port().unwrap_or_default();
        Ok(RemotingCommand::response(ResponseCode::SUCCESS).with_remark(port.to_string()))
    }
}

async fn ask(peer: &mut ScriptedPeer) -> RemotingCommand {
    peer.send(RemotingCommand::request(CODE)).await;
    peer.expect(any()).await.into_command()
}

#[tokio::test]
async fn a_sub_server_has_its_own_processors_on_its_own_port() {
    let server = RemotingServer::builder()
        .bind("127.0.0.1:0")
        .processor(CODE, Executor::inline(), port_processor())
        .start()
        .await
        .unwrap();
    let sub = server.bind_also("127.0.0.1:0").await.unwrap();
    let mut main_peer = ScriptedPeer::connect(server.local_addr()).await.unwrap();
    let mut sub_peer = ScriptedPeer::connect(sub.local_addr()).await.unwrap();

    let main_port = server.local_addr().port().unwrap().to_string();
    assert_eq!(ask(&mut main_peer).await.remark(), Some(&*main_port));
    let unsupported = ask(&mut sub_peer).await;
    assert_eq!(unsupported.response_code(), ResponseCode::REQUEST_CODE_NOT_SUPPORTED);

    sub.register_processor(CODE, Executor::inline(), port_processor());
    let sub_port = sub.local_addr().port().unwrap().to_string();
    assert_eq!(ask(&mut sub_peer).await.remark(), Some(&*sub_port));
    assert_eq!((server.channels().len(), sub.channels().len()), (1, 1));

    let address = sub.local_addr().clone();
    assert!(server.remove_sub_server(&address).await.unwrap().is_clean());
    sub_peer.expect_closed().await;
    assert!(ScriptedPeer::connect(&address).await.is_err());
    assert!(server.sub_server(&address).is_none() && server.remove_sub_server(&address).await.is_none());
    assert_eq!(ask(&mut main_peer).await.remark(), Some(&*main_port), "the main port goes on");
    assert!(server.shutdown().await.is_clean());
}

#[tokio::test]
async fn what_the_builder_of_a_sub_server_registers_answers_its_first_request() {
    let server = RemotingServer::builder().bind("memory:ports-built-main").start().await.unwrap();
    // Connected before the sub-server starts.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = Address::from(listener.local_addr().unwrap());
    let mut peer = ScriptedPeer::connect(&address).await.unwrap();
    peer.send(RemotingCommand::request(CODE)).await;
    let sub =
        server.sub_server_builder().listener(listener).processor(CODE, Executor::inline(), port_processor());
    let sub = sub.start().await.unwrap();
    let port = sub.local_addr().port().unwrap().to_string();
    assert_eq!(peer.expect(any()).await.into_command().remark(), Some(&*port));
    assert!(server.sub_server(sub.local_addr()).is_some());
    assert!(server.shutdown().await.is_clean());
}

#[tokio::test(start_paused = true)]
async fn calls_of_a_sub_server_time_out() {
    let server = RemotingServer::builder().bind("memory:ports-main").start().await.unwrap();
    let sub = server.bind_also("memory:ports-sub").await.unwrap();
    let mut peer = ScriptedPeer::connect(sub.local_addr()).await.unwrap();
    let deadline = Deadline::start();
    let channel = loop {
        match sub.channels().pop() {
            Some(channel) => break channel,
            None => deadline.yield_now().await,
        }
    };
    let call =
        tokio::spawn(
            async move { channel.invoke(RemotingCommand::request(CODE), Duration::from_secs(3)).await },
        );
    peer.expect(request(CODE)).await;
    assert!(call.await.unwrap().unwrap_err().is_timeout());
}

#[tokio::test]
async fn an_address_has_one_listener() {
    let server = RemotingServer::builder().bind("memory:ports-once").start().await.unwrap();
    let error = server.bind_also("memory:ports-once").await.unwrap_err();
    assert!(matches!(error, ServerError::AlreadyListening { .. }), "{error:?}");
    assert_eq!(error.to_string(), "memory:ports-once is already in use by this server");
    server.bind_also("memory:ports-twice").await.unwrap();
    let error = server.bind_also("memory:ports-twice").await.unwrap_err();
    assert!(matches!(error, ServerError::AlreadyListening { .. }), "{error:?}");
    let error = RemotingServer::builder().bind("memory:ports-once").start().await.unwrap_err();
    assert!(matches!(error, ServerError::Bind { .. }), "{error:?}");
}

#[tokio::test]
async fn an_invalid_address_or_setting_is_an_error_of_start() {
    let error = RemotingServer::builder().bind("nonsense").start().await.unwrap_err();
    let text = ErrorChain(&error).to_string();
    assert!(text.starts_with("cannot listen: invalid address \"nonsense\": missing port"), "{text}");
    let config = ServerConfig::new().async_permits(0);
    let error =
        RemotingServer::builder().bind("memory:ports-config").config(config).start().await.unwrap_err();
    assert_eq!(
        ErrorChain(&error).to_string(),
        "invalid server configuration: async_permits (serverAsyncSemaphoreValue) must not be zero"
    );
}

#[tokio::test(start_paused = true)]
async fn an_idle_channel_is_closed_and_reports_idle_and_close() {
    let (events_in, mut events) = tokio::sync::mpsc::unbounded_channel();
    let server = RemotingServer::builder()
        .bind("memory:ports-idle")
        .on_event(move |event: ChannelEvent| drop(events_in.send(event.kind)))
        .start()
        .await
        .unwrap();
    let mut peer = ScriptedPeer::connect(server.local_addr()).await.unwrap();
    assert_eq!(events.recv().await, Some(ChannelEventKind::Connect));
    tokio::time::sleep(Duration::from_secs(119)).await;
    assert!(events.try_recv().is_err());
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert!(matches!(events.recv().await, Some(ChannelEventKind::Idle(_))));
    assert!(matches!(events.recv().await, Some(ChannelEventKind::Close(_))));
    peer.expect_closed().await;
}

#[tokio::test]
async fn a_listener_that_panics_still_gets_the_next_event() {
    let events = Arc::new(Mutex::new(0));
    let server = RemotingServer::builder()
        .bind("memory:ports-panic")
        .on_event({
            let events = Arc::clone(&events);
            move |_: ChannelEvent| {
                *events.lock() += 1;
                panic!("boom");
            }
        })
        .start()
        .await
        .unwrap();
    let _peer = ScriptedPeer::connect(server.local_addr()).await.unwrap();
    let deadline = Deadline::start();
    while server.channels().is_empty() {
        deadline.yield_now().await;
    }
    server.shutdown().await;
    assert_eq!(*events.lock(), 2);
}

#[tokio::test]
async fn handlers_of_the_user_follow_the_servers_own() {
    struct Marker;
    impl ChannelHandler for Marker {
        fn channel_read(&mut self, _: &mut HandlerContext<'_>, command: &mut RemotingCommand) -> Flow {
            command.set_remark(Some("seen"));
            Flow::Continue
        }
    }
    let names = Arc::new(Mutex::new(Vec::new()));
    let server = RemotingServer::builder()
        .bind("memory:ports-handlers")
        .on_event(|_: ChannelEvent| {})
        .handlers({
            let names = Arc::clone(&names);
            move |_: &Channel, pipeline: &mut ChannelPipeline| {
                pipeline.add_last("marker", Marker)?;
                *names.lock() = pipeline.names().map(str::to_owned).collect();
                Ok(())
            }
        })
        .processor(CODE, Executor::inline(), |_ctx, request: RemotingCommand| async move {
            let remark = request.remark().unwrap_or_default().to_owned();
            Ok(RemotingCommand::response(ResponseCode::SUCCESS).with_remark(remark))
        })
        .start()
        .await
        .unwrap();
    let mut peer = ScriptedPeer::connect(server.local_addr()).await.unwrap();
    assert_eq!(ask(&mut peer).await.remark(), Some("seen"));
    assert_eq!(*names.lock(), ["trafficDistribution", "idleState", "connectionEvents", "marker"]);
    assert_eq!(server.traffic().take_inbound().to_string(), "{1001:1}");
    assert_eq!(server.traffic().take_outbound().to_string(), "{0:1}");
}

#[tokio::test(start_paused = true)]
async fn a_thousand_connections_are_served_at_once() {
    let server = RemotingServer::builder()
        .bind("memory:ports-thousand")
        .processor(CODE, Executor::inline(), |_ctx, request: RemotingCommand| async move {
            Ok(RemotingCommand::response_to(&request, ResponseCode::SUCCESS).with_body(request.into_body()))
        })
        .start()
        .await
        .unwrap();
    let mut peers = Vec::new();
    for _ in 0..1000 {
        peers.push(ScriptedPeer::connect(server.local_addr()).await.unwrap());
    }
    for (n, peer) in (0..).zip(&peers) {
        peer.send(RemotingCommand::request(CODE).with_opaque(n).with_body(n.to_string())).await;
    }
    for (n, peer) in (0..).zip(&mut peers) {
        let echo = peer.expect(response(ResponseCode::SUCCESS)).await.into_command();
        assert_eq!((echo.opaque(), echo.body()), (n, n.to_string().as_bytes()));
    }
    assert_eq!(server.channels().len(), 1000);
    assert_eq!(server.listener_statistics().accepted(), 1000);
    assert!(server.shutdown().await.is_clean());
    assert!(server.channels().is_empty());
}

#[tokio::test]
async fn connections_beyond_the_limit_are_closed() {
    let server = RemotingServer::builder()
        .bind("memory:ports-limit")
        .config(ServerConfig::new().max_connections(2))
        .start()
        .await
        .unwrap();
    let mut peers = Vec::new();
    for _ in 0..3 {
        peers.push(ScriptedPeer::connect(server.local_addr()).await.unwrap());
    }
    peers.pop().unwrap().expect_closed().await;
    assert_eq!(server.listener_statistics().refused(), 1);
}

#[tokio::test]
async fn a_server_that_is_never_started_leaves_no_task() {
    let held = Arc::new(());
    let before = tokio::runtime::Handle::current().metrics().num_alive_tasks();

    drop(builder_that_holds(&held, "memory:never-started"));
    released(&held).await;

    let _taken = Listener::bind(&Address::memory("taken"), ListenerOptions::default()).await.unwrap();
    builder_that_holds(&held, "memory:taken").start().await.unwrap_err();
    released(&held).await;
    assert_eq!(tokio::runtime::Handle::current().metrics().num_alive_tasks(), before);
}

/// The only lookup thread is blocked until the start has been dropped.
#[test]
fn a_dropped_start_leaves_no_task() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().max_blocking_threads(1).build();
    runtime.unwrap().block_on(async {
        let held = Arc::new(());
        let before = tokio::runtime::Handle::current().metrics().num_alive_tasks();
        let (_sender, until_dropped) = std::sync::mpsc::channel::<()>();
        tokio::task::spawn_blocking(move || until_dropped.recv());

        tokio::select! {
            biased;
            started = builder_that_holds(&held, "localhost:0").start() => panic!("{started:?}"),
            () = std::future::ready(()) => {}
        }
        released(&held).await;
        assert_eq!(tokio::runtime::Handle::current().metrics().num_alive_tasks(), before);
    });
}

/// A server whose event task holds a clone of `held`.
fn builder_that_holds(held: &Arc<()>, address: &str) -> RemotingServerBuilder {
    let held = Arc::clone(held);
    RemotingServer::builder().bind(address).on_event(move |_: ChannelEvent| drop(Arc::clone(&held)))
}

/// Returns once only the test holds `held`.
async fn released(held: &Arc<()>) {
    let deadline = Deadline::start();
    while Arc::strong_count(held) > 1 {
        deadline.yield_now().await;
    }
}
