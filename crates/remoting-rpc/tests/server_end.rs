//! What a server still does, and what it releases, when it ends.

mod deadline;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use deadline::until;
use remoting_rpc::transport::protocol::{RemotingCommand, RequestCode, ResponseCode};
use remoting_rpc::transport::{
    Address, Channel, ChannelEvent, ChannelEventKind, ChannelPipeline, CloseReason,
};
use remoting_rpc::{Executor, RemotingClient, RemotingServer, RequestContext, RpcHook};

const SECOND: Duration = Duration::from_secs(1);
const HOUR: Duration = Duration::from_secs(3600);

/// The server is dropped by its own event listener, so its event task continues before the channels have
/// closed.
#[tokio::test(start_paused = true)]
async fn a_dropped_server_still_reports_the_last_events_of_every_port() {
    for port in ["main", "sub"] {
        let addresses = ["main", "sub"].map(|name| Address::memory(format!("server-end-{port}-{name}")));
        let server = Arc::new(Mutex::new(None::<RemotingServer>));
        let events = Arc::new(Mutex::new(Vec::new()));
        let (dropped, recorded) = (Arc::clone(&server), Arc::clone(&events));
        let listener = move |event: ChannelEvent| {
            recorded.lock().unwrap().push(event.kind.clone());
            if event.kind == ChannelEventKind::Connect {
                let server = dropped.lock().unwrap().take();
                drop(server);
            }
        };
        let started = RemotingServer::builder().bind(&addresses[0]).on_event(listener).start().await.unwrap();
        started.bind_also(&addresses[1]).await.unwrap();
        *server.lock().unwrap() = Some(started);

        let client = RemotingClient::builder().build().unwrap();
        let used = &addresses[usize::from(port == "sub")];
        client.is_address_reachable(used, HOUR).await;
        tokio::time::sleep(SECOND).await;
        let events = events.lock().unwrap().clone();
        assert!(
            matches!(&events[..], [ChannelEventKind::Connect, ChannelEventKind::Close(_)]),
            "{port}: {events:?}"
        );
        client.shutdown().await;
    }
}

/// The connection becomes a channel on one thread, after another thread has closed all existing channels.
#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn a_connection_that_becomes_active_during_the_shutdown_is_closed() {
    let (arrived, has_arrived) = mpsc::channel();
    let (go_on, may_go_on) = mpsc::channel::<()>();
    let (may_go_on, connections) = (Mutex::new(may_go_on), AtomicUsize::new(0));
    // Delays the second connection.
    let initializer = move |_: &Channel, _: &mut ChannelPipeline| {
        if connections.fetch_add(1, Ordering::SeqCst) == 1 {
            arrived.send(()).unwrap();
            may_go_on.lock().unwrap().recv_timeout(Duration::from_secs(120)).unwrap();
        }
        Ok(())
    };
    let server = RemotingServer::builder().bind("memory:server-end-active").handlers(initializer);
    let server = Arc::new(server.start().await.unwrap());
    let clients = [(); 2].map(|()| RemotingClient::builder().build().unwrap());
    for client in &clients {
        assert!(client.is_address_reachable(server.local_addr(), HOUR).await);
        until(|| !server.channels().is_empty()).await;
    }
    let first = server.channels().remove(0);
    tokio::task::spawn_blocking(move || has_arrived.recv_timeout(Duration::from_secs(120)).unwrap())
        .await
        .unwrap();

    let ending = Arc::clone(&server);
    let shutdown = tokio::spawn(async move { ending.shutdown().await });
    // All channels have been listed before one of them is closed.
    assert_eq!(first.closed().await, CloseReason::local("the server is shutting down"));
    go_on.send(()).unwrap();
    let report = shutdown.await.unwrap();
    assert!(report.is_clean(), "{report:?}");
    for client in clients {
        client.shutdown().await;
    }
}

#[tokio::test(start_paused = true)]
async fn hooks_and_processors_do_not_outlive_the_shutdown() {
    struct Hook(#[expect(dead_code, reason = "held")] Arc<()>);
    impl RpcHook for Hook {}

    let held = Arc::new(());
    let (hook, by_processor) = (Hook(Arc::clone(&held)), Arc::clone(&held));
    let processor = move |_: RequestContext, _: RemotingCommand| {
        let _held = &by_processor;
        async { Ok(RemotingCommand::response(ResponseCode::SUCCESS)) }
    };
    let server = RemotingServer::builder().bind("memory:server-end-hooks").hook(hook);
    let server = server.default_processor(Executor::inline(), processor).start().await.unwrap();
    let client = RemotingClient::builder().build().unwrap();
    client.invoke(server.local_addr(), RemotingCommand::request(RequestCode(31_001)), HOUR).await.unwrap();
    assert_eq!(Arc::strong_count(&held), 3);
    server.shutdown().await;
    assert_eq!(Arc::strong_count(&held), 1);
    client.shutdown().await;
}
