//! A handler is called for the frequent events of its interest, and for all events of the life cycle.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says so when it fails")]

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use parking_lot::Mutex;
use remoting_transport::{
    Channel, ChannelHandler, ChannelPipeline, CloseReason, EmbeddedChannel, Flow, HandlerContext, Interest,
    protocol::{FrameEncoder, RemotingCommand, RequestCode, bytes::BytesMut},
};

type Log = Arc<Mutex<Vec<&'static str>>>;

/// A handler that records its calls.
struct Witness {
    log: Log,
    interest: Interest,
    due: Option<Instant>,
}

impl ChannelHandler for Witness {
    fn interest(&self) -> Interest {
        self.interest
    }
    fn channel_active(&mut self, ctx: &mut HandlerContext<'_>) {
        self.due = Some(ctx.now() + Duration::from_secs(1));
        self.log.lock().push("active");
    }
    fn channel_read(&mut self, _: &mut HandlerContext<'_>, _: &mut RemotingCommand) -> Flow {
        self.log.lock().push("read");
        Flow::Continue
    }
    fn channel_read_complete(&mut self, _: &mut HandlerContext<'_>) {
        self.log.lock().push("read complete");
    }
    fn channel_write(&mut self, _: &mut HandlerContext<'_>, _: &mut RemotingCommand) -> Flow {
        self.log.lock().push("write");
        Flow::Continue
    }
    fn channel_flushed(&mut self, _: &mut HandlerContext<'_>) {
        self.log.lock().push("flushed");
    }
    fn next_deadline(&self) -> Option<Instant> {
        self.due
    }
    fn deadline_reached(&mut self, _: &mut HandlerContext<'_>) {
        self.due = None;
        self.log.lock().push("deadline");
    }
    fn channel_inactive(&mut self, _: &mut HandlerContext<'_>, _: &CloseReason) {
        self.log.lock().push("inactive");
    }
}

/// Returns the calls of a handler on a channel that reads two commands at once, writes one, waits and closes. Another
/// handler without interests is next to it.
fn seen_with(interest: Interest) -> Vec<&'static str> {
    let log = Log::default();
    let handlers = Arc::clone(&log);
    let mut channel = EmbeddedChannel::new(move |_: &Channel, pipeline: &mut ChannelPipeline| {
        let witness = Witness { log: Arc::clone(&handlers), interest, due: None };
        let indifferent = Witness { log: Log::default(), interest: Interest::NONE, due: None };
        pipeline.add_last("witness", witness)?.add_last("indifferent", indifferent)?;
        Ok(())
    })
    .unwrap();
    let request = RemotingCommand::request(RequestCode(1));
    let mut two = BytesMut::new();
    for _ in 0..2 {
        FrameEncoder::default().encode(&request, &mut two).unwrap();
    }
    channel.write_inbound_bytes(&two);
    assert!(channel.read_inbound().is_some() && channel.read_inbound().is_some());
    channel.write_outbound(request);
    assert!(channel.read_outbound().unwrap().is_some());
    channel.advance(Duration::from_secs(2));
    channel.close_inbound();
    std::mem::take(&mut *log.lock())
}

#[test]
fn a_handler_with_the_default_interest_sees_everything() {
    struct Silent;
    impl ChannelHandler for Silent {}
    assert_eq!(Silent.interest(), Interest::ALL);

    let all = ["active", "read", "read", "read complete", "write", "flushed", "deadline", "inactive"];
    assert_eq!(seen_with(Interest::ALL), all);
}

#[test]
fn a_handler_sees_the_events_of_its_interest_and_the_life_cycle() {
    assert_eq!(seen_with(Interest::NONE), ["active", "inactive"]);
    assert_eq!(seen_with(Interest::READ), ["active", "read", "read", "inactive"]);
    assert_eq!(seen_with(Interest::READ_COMPLETE), ["active", "read complete", "inactive"]);
    assert_eq!(seen_with(Interest::WRITE), ["active", "write", "inactive"]);
    assert_eq!(seen_with(Interest::FLUSHED), ["active", "flushed", "inactive"]);
    assert_eq!(seen_with(Interest::DEADLINE), ["active", "deadline", "inactive"]);
    let both = Interest::WRITE | Interest::FLUSHED;
    assert_eq!(seen_with(both), ["active", "write", "flushed", "inactive"]);
}

/// A handler with a deadline every second and no other interest.
struct Ticker {
    due: Option<Instant>,
    polls: Arc<AtomicUsize>,
    seen: Arc<Mutex<Vec<[Option<Instant>; 2]>>>,
}

impl ChannelHandler for Ticker {
    fn interest(&self) -> Interest {
        Interest::DEADLINE
    }
    fn channel_active(&mut self, ctx: &mut HandlerContext<'_>) {
        self.due = Some(ctx.now() + Duration::from_secs(1));
    }
    fn next_deadline(&self) -> Option<Instant> {
        self.polls.fetch_add(1, Ordering::Relaxed);
        self.due
    }
    fn deadline_reached(&mut self, ctx: &mut HandlerContext<'_>) {
        self.seen.lock().push([ctx.last_read(), ctx.last_written()]);
        self.due = Some(ctx.now() + Duration::from_secs(1));
    }
}

#[test]
fn a_handler_finds_the_last_activity_at_its_deadline_and_is_not_called_for_commands() {
    let (polls, seen) = (Arc::new(AtomicUsize::new(0)), Arc::default());
    let ticker = (Arc::clone(&polls), Arc::clone(&seen));
    let mut channel = EmbeddedChannel::new(move |_: &Channel, pipeline: &mut ChannelPipeline| {
        let (polls, seen) = (Arc::clone(&ticker.0), Arc::clone(&ticker.1));
        pipeline.add_last("ticker", Ticker { due: None, polls, seen })?;
        Ok(())
    })
    .unwrap();
    let half = Duration::from_millis(500);
    channel.advance(2 * half);
    channel.advance(half);
    let read = channel.now();
    channel.write_inbound(RemotingCommand::request(RequestCode(1)));
    channel.advance(half);
    channel.advance(half);
    let (written, before) = (channel.now(), polls.load(Ordering::Relaxed));
    for _ in 0..10 {
        channel.write_outbound(RemotingCommand::request(RequestCode(1)));
        channel.advance(Duration::ZERO);
    }
    assert_eq!(
        polls.load(Ordering::Relaxed),
        before,
        "the handler was not called, so its deadline cannot have changed"
    );
    channel.advance(half);
    assert_eq!(*seen.lock(), [[None, None], [Some(read), None], [Some(read), Some(written)]]);
}
