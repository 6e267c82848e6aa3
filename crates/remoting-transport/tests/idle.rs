//! Idle times, and the work that keeps a channel from being idle.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says so when it fails")]

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use remoting_transport::{
    Bootstrap, Channel, ChannelHandler, ChannelOptions, ChannelPipeline, CloseInitiator, Connection,
    EmbeddedChannel, HandlerContext, IdleKind, IdleStateHandler, IdleTimeouts, InboundSink, SinkContext,
    protocol::{FrameEncoder, RemotingCommand, RequestCode, ResponseCode, bytes::BytesMut},
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// A handler that records reports and their times in seconds. Sends a command for each report of the kind `pings`.
#[derive(Clone)]
struct Reports {
    events: Arc<Mutex<Vec<(IdleKind, u64)>>>,
    start: std::time::Instant,
    pings: Option<IdleKind>,
    closes: Option<IdleKind>,
}

impl ChannelHandler for Reports {
    fn channel_idle(&mut self, ctx: &mut HandlerContext<'_>, kind: IdleKind) {
        let at = ctx.now().saturating_duration_since(self.start);
        self.events.lock().unwrap().push((kind, at.as_secs()));
        if self.pings == Some(kind) {
            ctx.send(RemotingCommand::request(RequestCode(1)));
        }
        if self.closes == Some(kind) {
            ctx.close(remoting_transport::CloseReason::idle("silent"));
        }
    }
}

fn seconds(seconds: u64) -> Option<Duration> {
    Some(Duration::from_secs(seconds))
}

fn reports(pings: Option<IdleKind>, closes: Option<IdleKind>) -> Reports {
    Reports { events: Arc::default(), start: std::time::Instant::now(), pings, closes }
}

fn open(idle: fn() -> IdleStateHandler, reports: &Reports, sink: impl InboundSink) -> EmbeddedChannel {
    let reports = reports.clone();
    let initializer = move |_: &Channel, pipeline: &mut ChannelPipeline| {
        pipeline.add_last("idle", idle())?.add_last("reports", reports.clone())?;
        Ok(())
    };
    EmbeddedChannel::with_sink(initializer, ChannelOptions::default(), |_| Box::new(sink)).unwrap()
}

/// A sink that has work while the test says so.
#[derive(Clone, Default)]
struct Worker(Arc<AtomicBool>);

impl InboundSink for Worker {
    fn command(&mut self, _: &mut SinkContext<'_>, _: RemotingCommand) {}
    fn has_work(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

#[test]
fn kinds_of_idleness_due_at_the_same_time_are_all_reported() {
    let ten = || {
        let ten = Duration::from_secs(10);
        IdleStateHandler::reporting(IdleTimeouts::new().reader(ten).writer(ten).all(ten))
    };
    let reports = reports(None, None);
    let mut channel = open(ten, &reports, Worker::default());
    channel.advance(Duration::from_secs(25));
    let kinds = [IdleKind::Reader, IdleKind::Writer, IdleKind::All];
    let expected: Vec<_> = [10, 20].into_iter().flat_map(|at| kinds.map(|kind| (kind, at))).collect();
    assert_eq!(*reports.events.lock().unwrap(), expected);
}

#[test]
fn a_handler_that_pings_an_unresponsive_peer_finally_closes_it() {
    let idle = || IdleStateHandler::reporting(IdleTimeouts::new().reader(seconds(60)).writer(seconds(30)));
    let reports = reports(Some(IdleKind::Writer), Some(IdleKind::Reader));
    let mut channel = open(idle, &reports, Worker::default());
    channel.advance(Duration::from_secs(3600));
    let expected = [(IdleKind::Writer, 30), (IdleKind::Reader, 60), (IdleKind::Writer, 60)];
    assert_eq!(*reports.events.lock().unwrap(), expected);
    assert_eq!(channel.close_reason().unwrap().by(), CloseInitiator::Idle);
}

#[test]
fn a_channel_with_work_is_not_idle() {
    let (reports, worker) = (reports(None, None), Worker::default());
    let mut channel = open(|| IdleStateHandler::new(Duration::from_secs(120)), &reports, worker.clone());
    worker.0.store(true, Ordering::SeqCst);
    channel.advance(Duration::from_secs(3600));
    assert!(channel.channel().is_open());
    worker.0.store(false, Ordering::SeqCst);
    channel.advance(Duration::from_secs(120));
    assert_eq!(channel.close_reason().unwrap().by(), CloseInitiator::Idle);
    assert_eq!(reports.events.lock().unwrap().len(), 1);
}

#[test]
fn work_does_not_keep_a_channel_open_whose_peer_does_not_read() {
    let (reports, worker) = (reports(None, None), Worker::default());
    let mut channel = open(|| IdleStateHandler::new(Duration::from_secs(120)), &reports, worker.clone());
    worker.0.store(true, Ordering::SeqCst);
    channel.stall_writes(true);
    channel.write_outbound(RemotingCommand::request(RequestCode(1)));
    channel.advance(Duration::from_secs(124));
    assert_eq!(channel.close_reason().unwrap().by(), CloseInitiator::Idle);
}

#[test]
fn a_peer_that_sends_nothing_is_reported_despite_work() {
    let idle = || IdleStateHandler::reporting(IdleTimeouts::new().reader(seconds(60)));
    let (reports, worker) = (reports(None, None), Worker::default());
    let mut channel = open(idle, &reports, worker.clone());
    worker.0.store(true, Ordering::SeqCst);
    channel.advance(Duration::from_secs(61));
    assert_eq!(*reports.events.lock().unwrap(), [(IdleKind::Reader, 60)]);
}

/// Creates an idle handler with the default time of 120 s.
fn default_idle() -> IdleStateHandler {
    IdleStateHandler::default()
}

/// Returns the bytes of a request with a body of 15 MiB.
fn large() -> BytesMut {
    let mut frame = BytesMut::new();
    let request = RemotingCommand::request(RequestCode(1)).with_body(vec![7; 15 << 20]);
    FrameEncoder::default().encode(&request, &mut frame).unwrap();
    frame
}

#[test]
fn a_channel_on_which_a_large_command_arrives_is_not_idle() {
    let reader = || IdleStateHandler::closing(IdleTimeouts::new().reader(seconds(120)));
    for idle in [default_idle, reader] {
        let initializer = move |_: &Channel, pipeline: &mut ChannelPipeline| {
            pipeline.add_last("idle", idle())?;
            Ok(())
        };
        let mut channel = EmbeddedChannel::new(initializer).unwrap();
        for part in large().chunks(1_100_000) {
            channel.advance(Duration::from_secs(50));
            channel.write_inbound_bytes(part);
        }
        assert_eq!(channel.read_inbound().expect("all of it has arrived").body().len(), 15 << 20);
        channel.advance(Duration::from_secs(119));
        assert!(channel.channel().is_open());
        channel.advance(Duration::from_secs(1));
        assert_eq!(channel.close_reason().unwrap().by(), CloseInitiator::Idle);
    }
}

#[test]
fn a_command_that_makes_no_progress_does_not_keep_a_channel_open() {
    let initializer = |_: &Channel, pipeline: &mut ChannelPipeline| {
        pipeline.add_last("idle", default_idle())?;
        Ok(())
    };
    // The first part of the command, and what follows every ten seconds.
    for (first, rest, closed) in [(100, 1, 120), (100, 5_000, 120), (2 << 20, 1, 240)] {
        let options = ChannelOptions::new().frame_timeout(None);
        let mut channel = EmbeddedChannel::with_options(initializer, options).unwrap();
        let mut frame = large();
        channel.write_inbound_bytes(&frame.split_to(first));
        let mut seconds = 0;
        while channel.channel().is_open() {
            channel.write_inbound_bytes(&frame.split_to(rest));
            channel.advance(Duration::from_secs(10));
            seconds += 10;
            assert!(seconds < 1_000, "{rest} bytes every ten seconds");
        }
        let idle = "closed as idle: nothing was read or written in the idle time of 120s";
        assert!(channel.close_reason().unwrap().to_string().starts_with(idle));
        assert_eq!(seconds, closed, "{first} bytes, and {rest} every ten seconds");
    }
}

/// A sink that answers each request with 15 MiB, and has work all the time.
struct Big;

impl InboundSink for Big {
    fn command(&mut self, cx: &mut SinkContext<'_>, request: RemotingCommand) {
        let answer = RemotingCommand::response_to(&request, ResponseCode::SUCCESS);
        cx.write(&mut answer.with_body(vec![7; 15 << 20])).unwrap();
    }
    fn has_work(&self) -> bool {
        true
    }
}

#[tokio::test(start_paused = true)]
async fn a_channel_whose_peer_reads_slowly_is_not_idle_until_it_stops_reading() {
    let initializer = |_: &Channel, pipeline: &mut ChannelPipeline| {
        pipeline.add_last("idle", default_idle())?;
        Ok(())
    };
    let (ours, mut peer) = tokio::io::duplex(64 << 10);
    let connection = Connection::new(ours, "memory:ours".parse().unwrap(), "memory:theirs".parse().unwrap());
    let opened = Bootstrap::new(ChannelOptions::default()).initializer(initializer).open(connection).unwrap();
    let channel = opened.channel().clone();
    tokio::spawn(opened.drive(Big));
    let mut request = BytesMut::new();
    FrameEncoder::default().encode(&RemotingCommand::request(RequestCode(1)), &mut request).unwrap();
    peer.write_all(&request).await.unwrap();
    // 100 KB a second, for longer than the idle time.
    for _ in 0..150 {
        tokio::time::sleep(Duration::from_secs(1)).await;
        peer.read_exact(&mut [0; 100_000]).await.unwrap();
    }
    assert!(channel.is_open());
    let stopped = tokio::time::Instant::now();
    assert_eq!(channel.closed().await.by(), CloseInitiator::Idle);
    let took = stopped.elapsed().as_secs();
    assert!((120..130).contains(&took), "closed after {took} s");
}
