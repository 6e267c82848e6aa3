use std::{collections::VecDeque, sync::atomic::AtomicU64};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    time::Instant,
};

use super::{refusal_log::tests::Lines, *};
use crate::{
    channel::ChannelOptions,
    machine::SinkContext,
    network::AcceptFuture,
    pipeline::{ChannelPipeline, PipelineError},
    prologue::{PrologueError, PrologueFuture, PrologueStep},
    socket::SocketOptions,
    stream::Stream,
};

struct Ignore;

impl InboundSink for Ignore {
    fn command(&mut self, _: &mut SinkContext<'_>, _: crate::protocol::RemotingCommand) {}
}

/// Returns a connection whose other end is already closed.
fn connection() -> io::Result<Connection> {
    let (ours, _gone) = tokio::io::duplex(64);
    Ok(Connection::new(ours, Address::memory("here"), Address::memory("there")))
}

async fn dial(name: &str) -> Stream {
    SystemNetwork.dial(&Address::memory(name), &SocketOptions::default()).await.unwrap().stream
}

fn no_descriptors() -> io::Result<Connection> {
    Err(io::Error::other("too many open files"))
}

/// An acceptor that returns these results in order, and then nothing.
#[derive(Debug)]
struct Scripted(VecDeque<io::Result<Connection>>, Address);

impl Acceptor for Scripted {
    fn local_addr(&self) -> &Address {
        &self.1
    }

    fn accept(&mut self) -> AcceptFuture<'_> {
        Box::pin(async {
            match self.0.pop_front() {
                Some(answer) => Ok(answer?),
                None => pending().await,
            }
        })
    }
}

/// Serves these results, and returns the time until `accepted` connections were accepted and the failure count.
async fn serve(answers: impl IntoIterator<Item = io::Result<Connection>>, accepted: u64) -> (Duration, u64) {
    let acceptor = Scripted(answers.into_iter().collect(), Address::memory("here"));
    let listener =
        Listener::from_bound(BoundListener::acceptor(acceptor), ListenerOptions::default()).unwrap();
    let (statistics, tasks) = (listener.statistics(), TaskGroup::new());
    let started = Instant::now();
    let bootstrap = Bootstrap::new(ChannelOptions::default());
    let serving = tokio::spawn(listener.serve(bootstrap, |_| Box::new(Ignore), tasks.clone()));
    while statistics.accepted() < accepted {
        assert!(!serving.is_finished(), "the listener goes on");
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    serving.abort();
    tasks.abort();
    (started.elapsed(), statistics.failed())
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_fails_before_it_is_accepted_affects_no_other() {
    use io::ErrorKind::{
        ConnectionAborted, ConnectionReset, HostUnreachable, NotConnected, PermissionDenied,
    };
    let lines = Lines::catch_from(tracing::Level::DEBUG);
    let gone = [ConnectionAborted, ConnectionReset, NotConnected, HostUnreachable, PermissionDenied];
    let answers = gone.into_iter().map(|kind| Err(kind.into())).chain([connection()]);
    let (took, failed) = serve(answers, 1).await;
    assert!(took < FIRST_PAUSE, "no pause: {took:?}");
    assert_eq!(failed, 0, "the listener did not fail");
    let logged = lines.take().into_iter().filter(|line| line.contains("could not be accepted"));
    assert_eq!(logged.count(), gone.len());
}

#[tokio::test(start_paused = true)]
async fn without_file_descriptors_the_pause_between_attempts_doubles() {
    let answers = (0..9).map(|_| no_descriptors()).chain([connection()]);
    let (took, failed) = serve(answers, 1).await;
    // 10, 20, 40 ... 640 ms, and a second from then on.
    let pauses = Duration::from_millis(10 * 127 + 2 * 1_000);
    assert!(took >= pauses && took < pauses + Duration::from_millis(50), "{took:?}");
    assert_eq!(failed, 9);
}

#[tokio::test(start_paused = true)]
async fn an_accepted_connection_resets_the_pause() {
    let answers = (0..6).flat_map(|_| [no_descriptors(), connection()]);
    let (took, failed) = serve(answers, 6).await;
    assert!(took < FIRST_PAUSE * 6 + Duration::from_millis(50), "{took:?}");
    assert_eq!(failed, 6);
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_listening_socket_that_is_shut_down_ends_the_listener_with_an_error() {
    let bound = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let socket = &bound.try_clone().unwrap();
    let listener = Listener::from_bound(bound, ListenerOptions::default()).unwrap();
    let (local, statistics) = (listener.local_addr().clone(), listener.statistics());
    socket2::SockRef::from(socket).shutdown(std::net::Shutdown::Both).unwrap();
    let serving =
        listener.serve(Bootstrap::new(ChannelOptions::default()), |_| Box::new(Ignore), TaskGroup::new());
    let error = tokio::time::timeout(Duration::from_secs(30), serving).await.expect("it ends");
    assert_eq!((&error.listener, error.source.kind()), (&local, io::ErrorKind::InvalidInput));
    assert_eq!(statistics.failed(), 1, "it does not spin");
}

#[tokio::test]
async fn a_listener_ends_with_its_event_loops_although_no_connection_arrives() {
    let event_loops = EventLoopGroup::start(2).await.unwrap();
    let acceptor = Scripted(VecDeque::new(), Address::memory("here"));
    let listener = Listener::from_bound(BoundListener::acceptor(acceptor), ListenerOptions::default());
    let listener = listener.unwrap().event_loops(event_loops.clone());
    let bootstrap = Bootstrap::new(ChannelOptions::default());
    // A task of its own: the time-out does not poll it.
    let serving = tokio::spawn(listener.serve(bootstrap, |_| Box::new(Ignore), TaskGroup::new()));
    tokio::task::yield_now().await;
    event_loops.abort();
    let error = tokio::time::timeout(Duration::from_secs(30), serving).await.expect("it ends").unwrap();
    assert_eq!(error.source.to_string(), "its event loops have ended");
}

#[tokio::test(start_paused = true)]
async fn a_filter_that_panics_refuses_its_connection_and_no_other() {
    let lines = Lines::catch();
    let name = "filter-panics";
    let listener = Listener::bind(&Address::memory(name), ListenerOptions::default()).await.unwrap();
    let (statistics, tasks) = (listener.statistics(), TaskGroup::new());
    let calls = AtomicU64::new(0);
    let bootstrap =
        Bootstrap::new(ChannelOptions::default()).connection_filter(move |_: &Address, _: &Address| {
            assert!(calls.fetch_add(1, Ordering::Relaxed) > 0, "not the first one");
            true
        });
    let serving = tokio::spawn(listener.serve(bootstrap, |_| Box::new(Ignore), tasks.clone()));
    let mut first = dial(name).await;
    assert_eq!(first.read(&mut [0]).await.unwrap(), 0, "closed");
    let _second = dial(name).await;
    let accepted = async {
        while tasks.is_empty() {
            assert!(!serving.is_finished());
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), accepted).await.expect("the second connection is admitted");
    assert_eq!((statistics.refused_by_filter(), statistics.accepted()), (1, 2));
    let logged = lines.take();
    assert!(logged[0].contains("a connection filter that panicked: not the first one"), "{logged:#?}");
    serving.abort();
}

/// A step that panics.
#[derive(Debug)]
struct Panics;

impl PrologueStep for Panics {
    fn name(&self) -> &'static str {
        "panics"
    }

    fn deadline(&self) -> Duration {
        Duration::from_secs(1)
    }

    fn run(&self, _: Connection) -> PrologueFuture<'_> {
        Box::pin(async { panic!("no step today") })
    }
}

#[tokio::test(start_paused = true)]
async fn a_step_that_panics_is_logged_and_counted() {
    let lines = Lines::catch();
    let name = "step-panics";
    let listener = Listener::bind(&Address::memory(name), ListenerOptions::default()).await.unwrap();
    let (statistics, tasks) = (listener.statistics(), TaskGroup::new());
    let bootstrap = Bootstrap::new(ChannelOptions::default()).prologue_step(Panics);
    let serving = tokio::spawn(listener.serve(bootstrap, |_| Box::new(Ignore), tasks.clone()));
    let mut connection = dial(name).await;
    assert_eq!(connection.read(&mut [0]).await.unwrap(), 0, "closed");
    tasks.ended().await;
    assert_eq!(statistics.refused_in_prologue(), 1);
    let logged = lines.take();
    assert!(logged[0].contains("prologue step panics panicked: no step today"), "{logged:#?}");
    serving.abort();
}

/// An acceptor that panics, before its future is returned or in it.
#[derive(Debug)]
struct Broken {
    in_future: bool,
    address: Address,
}

impl Acceptor for Broken {
    fn local_addr(&self) -> &Address {
        &self.address
    }

    fn accept(&mut self) -> AcceptFuture<'_> {
        assert!(self.in_future, "no socket today");
        Box::pin(async { panic!("no socket today") })
    }
}

#[tokio::test(start_paused = true)]
async fn an_acceptor_that_panics_ends_its_listener_with_an_error() {
    for in_future in [false, true] {
        let acceptor = BoundListener::acceptor(Broken { in_future, address: Address::memory("here") });
        let listener = Listener::from_bound(acceptor, ListenerOptions::default()).unwrap();
        let bootstrap = Bootstrap::new(ChannelOptions::default());
        let error = listener.serve(bootstrap, |_| Box::new(Ignore), TaskGroup::new()).await;
        assert_eq!(error.source.to_string(), "the acceptor panicked: no socket today");
    }
}

/// Serves one connection, which becomes no channel, and returns the first line of the log.
async fn not_opened<F>(name: &str, bootstrap: Bootstrap, sinks: F) -> String
where
    F: Fn(&Channel) -> Box<dyn InboundSink> + Send + Sync + 'static,
{
    let lines = Lines::catch();
    let listener = Listener::bind(&Address::memory(name), ListenerOptions::default()).await.unwrap();
    let (statistics, tasks) = (listener.statistics(), TaskGroup::new());
    let serving = tokio::spawn(listener.serve(bootstrap, sinks, tasks.clone()));
    let mut connection = dial(name).await;
    assert_eq!(connection.read(&mut [0]).await.unwrap(), 0, "closed");
    tasks.ended().await;
    serving.abort();
    assert_eq!((statistics.not_opened(), statistics.refused_in_prologue()), (1, 0));
    lines.take().swap_remove(0)
}

#[tokio::test(start_paused = true)]
async fn a_connection_whose_channel_cannot_be_opened_is_logged_and_counted() {
    let plain = || Bootstrap::new(ChannelOptions::default());
    let initializer =
        |_: &Channel, _: &mut ChannelPipeline| -> Result<(), PipelineError> { panic!("no pipeline today") };
    let line = not_opened("no-pipeline", plain().initializer(initializer), |_| Box::new(Ignore)).await;
    assert!(line.contains("the initializer of the pipeline panicked: no pipeline today"), "{line}");
    let line = not_opened("no-sink", plain(), |_| panic!("no sink today")).await;
    assert!(line.contains("the function that returns its sink panicked: no sink today"), "{line}");
}

/// A step that refuses every connection.
#[derive(Debug)]
struct Closed;

impl PrologueStep for Closed {
    fn name(&self) -> &'static str {
        "closed"
    }

    fn deadline(&self) -> Duration {
        Duration::from_secs(1)
    }

    fn run(&self, _: Connection) -> PrologueFuture<'_> {
        Box::pin(async { Err(PrologueError::refused(self.name(), "today we are closed")) })
    }
}

/// Floods a listener with connections that send `bytes`, checks the log, and returns the counters.
async fn flood(name: &str, bootstrap: Bootstrap, bytes: &[u8]) -> Arc<ListenerStatistics> {
    let lines = Lines::catch();
    let listener = Listener::bind(&Address::memory(name), ListenerOptions::default()).await.unwrap();
    let (statistics, tasks) = (listener.statistics(), TaskGroup::new());
    let serving = tokio::spawn(listener.serve(bootstrap, |_| Box::new(Ignore), tasks.clone()));
    for _ in 0..100 {
        let mut connection = dial(name).await;
        let _ = connection.write_all(bytes).await;
        while !matches!(connection.read(&mut [0; 64]).await, Ok(0) | Err(_)) {}
    }
    tasks.ended().await;
    let logged = lines.take();
    assert_eq!(logged.len(), 10, "{name}: {logged:#?}");
    assert!(logged.iter().all(|line| line.contains("connection closed")), "{logged:#?}");
    tokio::time::sleep(Duration::from_secs(11)).await;
    let summary = lines.take();
    assert_eq!(summary.len(), 1, "{name}: {summary:#?}");
    assert!(summary[0].contains("... and 90 more "), "{}", summary[0]);
    serving.abort();
    assert_eq!(statistics.accepted(), 100);
    statistics
}

#[tokio::test(start_paused = true)]
async fn a_flood_of_refused_connections_is_a_few_lines_and_an_exact_count() {
    let plain = || Bootstrap::new(ChannelOptions::default());
    let filtered = plain().connection_filter(|_: &Address, _: &Address| false);
    assert_eq!(flood("flood-filter", filtered, b"").await.refused_by_filter(), 100);
    let refused = flood("flood-step", plain().prologue_step(Closed), b"").await;
    assert_eq!(refused.refused_in_prologue(), 100);
    let not_ours = flood("flood-bytes", plain(), b"GET / HTTP/1.1\r\n\r\n").await;
    assert_eq!((not_ours.refused(), not_ours.refused_in_prologue()), (0, 0));
}
