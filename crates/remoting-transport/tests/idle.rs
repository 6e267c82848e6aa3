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
    Channel, ChannelHandler, ChannelOptions, ChannelPipeline, CloseInitiator, EmbeddedChannel,
    HandlerContext, IdleKind, IdleStateHandler, IdleTimeouts, InboundSink, SinkContext,
    protocol::{RemotingCommand, RequestCode},
};

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
