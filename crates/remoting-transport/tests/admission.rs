//! The connections that a listener admits.

#![expect(clippy::unwrap_used, reason = "a test fails by a panic")]

mod deadline;
mod support;

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use deadline::until;
use remoting_transport::{
    Address, ConnectOptions, Connection, ListenerOptions, PrologueFuture, PrologueStep, Verdict, connect,
    protocol::{RemotingCommand, RequestCode},
};
use support::{Deliver, Echo, Served, plain, serve};
use tokio::io::AsyncReadExt;

async fn dialled(address: &Address) -> Connection {
    connect(address, &ConnectOptions::default(), Duration::from_secs(5)).await.unwrap()
}

/// Returns whether the peer closes a connection that sends nothing, instead of making it a channel.
async fn is_closed(mut connection: Connection) -> bool {
    matches!(connection.stream.read(&mut [0; 1]).await, Ok(0) | Err(_))
}

async fn answers(address: &Address) -> bool {
    let (sink, mut commands) = Deliver::new();
    let (channel, driver) = support::dial(address, &plain(), sink).await;
    tokio::spawn(driver);
    let _ = channel.send(RemotingCommand::request(RequestCode(5))).await;
    tokio::select! {
        command = commands.recv() => command.is_some(),
        _ = channel.closed() => false,
    }
}

async fn server(options: ListenerOptions) -> Served {
    serve("127.0.0.1:0", options, plain(), |_| Box::new(Echo)).await
}

#[tokio::test]
async fn a_network_at_its_limit_is_refused_until_a_connection_closes() {
    let options = ListenerOptions::new().max_connections_per_network(1);
    let server = server(options).await;
    let first = dialled(&server.address).await;
    assert!(is_closed(dialled(&server.address).await).await);
    assert_eq!((server.statistics.refused_by_network(), server.statistics.refused()), (1, 1));
    assert_eq!(server.tasks.len(), 1, "no task is spawned for a refused connection");
    drop(first);
    until(|| server.tasks.is_empty()).await;
    assert!(answers(&server.address).await);
}

#[tokio::test]
async fn a_filter_refuses_before_anything_else_happens() {
    let open = Arc::new(AtomicBool::new(false));
    let gate = Arc::clone(&open);
    let bootstrap = plain().connection_filter(move |peer: &Address, local: &Address| {
        assert!(peer.as_socket().is_some() && local.as_socket().is_some());
        gate.load(Ordering::SeqCst)
    });
    let server = serve("127.0.0.1:0", ListenerOptions::default(), bootstrap, |_| Box::new(Echo)).await;
    assert!(is_closed(dialled(&server.address).await).await);
    assert_eq!((server.statistics.refused_by_filter(), server.statistics.refused()), (1, 1));
    open.store(true, Ordering::SeqCst);
    assert!(answers(&server.address).await);
    assert_eq!(server.statistics.accepted(), 2);
}

#[tokio::test]
async fn refusals_are_counted_by_cause() {
    let options = ListenerOptions::new().max_connections(1);
    let server = server(options).await;
    let _first = dialled(&server.address).await;
    assert!(is_closed(dialled(&server.address).await).await);
    let statistics = &server.statistics;
    assert_eq!((statistics.refused_full(), statistics.refused_by_network()), (1, 0));
    assert_eq!((statistics.refused_by_filter(), statistics.refused_in_prologue()), (0, 0));
}

/// A prologue step that takes a long time.
#[derive(Debug)]
struct Slow(Duration);

impl PrologueStep for Slow {
    fn name(&self) -> &'static str {
        "slow"
    }

    fn deadline(&self) -> Duration {
        Duration::from_secs(60)
    }

    fn run(&self, connection: Connection) -> PrologueFuture<'_> {
        Box::pin(async move {
            tokio::time::sleep(self.0).await;
            Ok(Verdict::Continue(connection))
        })
    }
}

#[tokio::test]
async fn a_prologue_beyond_the_limit_displaces_the_oldest_and_is_counted() {
    let options = ListenerOptions::new().max_pending_prologues(2);
    let slow = plain().prologue_step(Slow(Duration::from_secs(3_600)));
    let server = serve("127.0.0.1:0", options, slow, |_| Box::new(Echo)).await;
    let oldest = dialled(&server.address).await;
    let _others = [dialled(&server.address).await, dialled(&server.address).await];
    let displaced = async {
        assert!(is_closed(oldest).await);
        while server.tasks.len() != 2 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), displaced).await.expect("the oldest is closed");
    let statistics = &server.statistics;
    assert_eq!((statistics.displaced_in_prologue(), statistics.refused_in_prologue()), (1, 0));
}

#[tokio::test]
async fn channels_do_not_count_as_prologues() {
    let options = ListenerOptions::new().max_pending_prologues(1);
    let server =
        serve("127.0.0.1:0", options, plain().prologue_step(Slow(Duration::ZERO)), |_| Box::new(Echo)).await;
    for _ in 0..4 {
        assert!(answers(&server.address).await);
    }
    assert_eq!(server.statistics.displaced_in_prologue(), 0);
}

#[tokio::test(start_paused = true)]
async fn all_steps_together_have_a_deadline() {
    let options = ListenerOptions::new().prologue_timeout(Duration::from_secs(5));
    let steps = |each| plain().prologue_step(Slow(each)).prologue_step(Slow(each));
    let slow = serve("memory:slow", options.clone(), steps(Duration::from_secs(3)), |_| {
        panic!("no channel may be made")
    })
    .await;
    let before = tokio::time::Instant::now();
    assert!(is_closed(dialled(&slow.address).await).await);
    assert_eq!(before.elapsed(), Duration::from_secs(5));
    assert_eq!(slow.statistics.refused_in_prologue(), 1);
    slow.tasks.ended().await;

    let quick = serve("memory:quick", options, steps(Duration::from_secs(2)), |_| Box::new(Echo)).await;
    assert!(answers(&quick.address).await);
}

#[tokio::test(start_paused = true)]
async fn a_flood_of_silent_connections_leaves_nothing_behind() {
    let options = ListenerOptions::new().prologue_timeout(Duration::from_secs(5));
    let never = plain().prologue_step(Slow(Duration::from_secs(50)));
    let server = serve("memory:flood", options, never, |_| panic!("no channel may be made")).await;
    let mut connections = Vec::new();
    for _ in 0..200 {
        connections.push(dialled(&server.address).await);
    }
    for connection in connections {
        assert!(is_closed(connection).await);
    }
    assert_eq!(server.statistics.refused_in_prologue(), 200);
    server.tasks.ended().await;
}
