//! The calls of handlers, their order, and their effects.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says so when it fails")]

use std::{sync::Arc, time::Duration};

use parking_lot::Mutex;
use remoting_transport::{
    Channel, ChannelError, ChannelHandler, ChannelOptions, ChannelPipeline, CloseInitiator, CloseReason,
    EmbeddedChannel, Flow, HandlerContext, IdleKind, IdleStateHandler, IdleTimeouts, InboundSink,
    SinkContext, UnencodableCommand,
    protocol::{RemotingCommand, RequestCode, ResponseCode, SerializeType},
};

type Log = Arc<Mutex<Vec<String>>>;

/// A handler that records its calls, and runs a function of the test.
struct Witness {
    name: &'static str,
    log: Log,
    on_read: fn(&mut HandlerContext<'_>, &mut RemotingCommand) -> Flow,
}

impl Witness {
    fn note(&self, what: impl std::fmt::Display) {
        self.log.lock().push(format!("{} {what}", self.name));
    }
}

impl ChannelHandler for Witness {
    fn channel_active(&mut self, _: &mut HandlerContext<'_>) {
        self.note("active");
    }
    fn channel_read(&mut self, ctx: &mut HandlerContext<'_>, command: &mut RemotingCommand) -> Flow {
        self.note(format!("read {}", command.code()));
        (self.on_read)(ctx, command)
    }
    fn channel_write(&mut self, _: &mut HandlerContext<'_>, command: &mut RemotingCommand) -> Flow {
        self.note(format!("write {}", command.code()));
        Flow::Continue
    }
    fn channel_flushed(&mut self, _: &mut HandlerContext<'_>) {
        self.note("flushed");
    }
    fn channel_idle(&mut self, _: &mut HandlerContext<'_>, kind: IdleKind) {
        self.note(format!("idle {kind:?}"));
    }
    fn channel_writability_changed(&mut self, _: &mut HandlerContext<'_>, writable: bool) {
        self.note(format!("writable {writable}"));
    }
    fn exception_caught(&mut self, _: &mut HandlerContext<'_>, _: &ChannelError) {
        self.note("exception");
    }
    fn channel_inactive(&mut self, _: &mut HandlerContext<'_>, reason: &CloseReason) {
        self.note(format!("inactive {:?}", reason.by()));
    }
}

fn pass(_: &mut HandlerContext<'_>, _: &mut RemotingCommand) -> Flow {
    Flow::Continue
}

fn witnesses(
    log: &Log,
    on_read: fn(&mut HandlerContext<'_>, &mut RemotingCommand) -> Flow,
) -> EmbeddedChannel {
    let log = Arc::clone(log);
    EmbeddedChannel::new(move |_: &Channel, pipeline: &mut ChannelPipeline| {
        pipeline.add_last("a", Witness { name: "a", log: Arc::clone(&log), on_read: pass })?;
        pipeline.add_last("b", Witness { name: "b", log: Arc::clone(&log), on_read })?;
        pipeline.add_last("c", Witness { name: "c", log: Arc::clone(&log), on_read: pass })?;
        Ok(())
    })
    .unwrap()
}

fn taken(log: &Log) -> Vec<String> {
    std::mem::take(&mut log.lock())
}

fn request(code: i32) -> RemotingCommand {
    RemotingCommand::request(RequestCode(code))
}

#[test]
fn commands_pass_upwards_from_the_wire_and_downwards_to_it() {
    let log = Log::default();
    let mut channel = witnesses(&log, pass);
    assert_eq!(taken(&log), ["a active", "b active", "c active"]);
    channel.write_inbound(request(1));
    assert_eq!(taken(&log), ["a read 1", "b read 1", "c read 1"]);
    assert_eq!(channel.read_inbound().unwrap().code(), 1);
    channel.write_outbound(request(2));
    assert_eq!(taken(&log), ["c write 2", "b write 2", "a write 2", "a flushed", "b flushed", "c flushed"]);
    assert_eq!(channel.read_outbound().unwrap().unwrap().code(), 2);
}

#[test]
fn a_dropped_command_goes_no_further() {
    let log = Log::default();
    let mut channel = witnesses(&log, |_, _| Flow::Drop);
    taken(&log);
    channel.write_inbound(request(1));
    assert_eq!(taken(&log), ["a read 1", "b read 1"]);
    assert!(channel.read_inbound().is_none());
}

#[test]
fn a_command_sent_by_a_handler_passes_the_handlers_nearer_to_the_wire() {
    let log = Log::default();
    let mut channel = witnesses(&log, |ctx, command| {
        ctx.send(RemotingCommand::request(RequestCode(command.code() + 100)));
        Flow::Drop
    });
    taken(&log);
    channel.write_inbound(request(1));
    assert_eq!(taken(&log)[..3], ["a read 1", "b read 1", "a write 101"]);
    assert_eq!(channel.read_outbound().unwrap().unwrap().code(), 101);
}

#[test]
fn a_close_by_a_handler_writes_earlier_commands_first() {
    let log = Log::default();
    let mut channel = witnesses(&log, |ctx, _| {
        ctx.send(RemotingCommand::request(RequestCode(9)));
        Flow::Close(CloseReason::local("enough"))
    });
    channel.write_inbound(request(1));
    assert_eq!(channel.close_reason(), Some(CloseReason::local("enough")));
    assert_eq!(channel.read_outbound().unwrap().unwrap().code(), 9);
    let log = taken(&log);
    assert_eq!(log.iter().filter(|line| line.starts_with("c inactive")).count(), 1, "{log:?}");
}

#[test]
fn an_invalid_frame_is_an_exception_and_closes_the_channel() {
    let log = Log::default();
    let mut channel = witnesses(&log, pass);
    taken(&log);
    channel.write_inbound(request(1));
    channel.write_inbound_bytes(b"GET / HTTP/1.1\r\n\r\n");
    let reason = channel.close_reason().unwrap();
    assert_eq!(reason.by(), CloseInitiator::Protocol);
    assert!(reason.why().contains("HTTP"), "{reason}");
    assert_eq!(
        taken(&log)[3..],
        [
            "a exception",
            "b exception",
            "c exception",
            "a inactive Protocol",
            "b inactive Protocol",
            "c inactive Protocol"
        ]
    );
    assert_eq!(channel.read_inbound().unwrap().code(), 1);
}

#[test]
fn partial_frames_do_not_keep_a_channel_from_being_idle() {
    let log = Log::default();
    let handlers = Arc::clone(&log);
    let options = ChannelOptions::new().frame_timeout(None);
    let mut channel = EmbeddedChannel::with_options(
        move |_: &Channel, pipeline: &mut ChannelPipeline| {
            pipeline.add_last("idle", IdleStateHandler::new(Duration::from_secs(120)))?;
            pipeline.add_last("w", Witness { name: "w", log: Arc::clone(&handlers), on_read: pass })?;
            Ok(())
        },
        options,
    )
    .unwrap();
    channel.advance(Duration::from_secs(119));
    channel.write_inbound(request(1));
    channel.advance(Duration::from_secs(119));
    channel.write_outbound(request(2));
    taken(&log);
    let beginning_of_a_frame = [0, 0, 1, 0, 0, 0, 0, 200, b'{', b' ', b' ', b' '];
    for byte in beginning_of_a_frame {
        channel.advance(Duration::from_secs(9));
        channel.write_inbound_bytes(&[byte]);
        assert!(channel.close_reason().is_none());
    }
    // Only the first byte counts, 99 s ago.
    channel.advance(Duration::from_secs(20));
    assert!(channel.close_reason().is_none());
    channel.advance(Duration::from_secs(1));
    assert_eq!(channel.close_reason().unwrap().by(), CloseInitiator::Idle);
    assert_eq!(taken(&log), ["w idle All", "w inactive Idle"]);
}

#[test]
fn reader_and_writer_idle_are_reported_separately_and_repeatedly() {
    let log = Log::default();
    let handlers = Arc::clone(&log);
    let mut channel = EmbeddedChannel::new(move |_: &Channel, pipeline: &mut ChannelPipeline| {
        let timeouts = IdleTimeouts::new()
            .reader(Duration::from_secs(3))
            .writer(Duration::from_secs(5))
            .all(Duration::ZERO);
        pipeline.add_last("idle", IdleStateHandler::reporting(timeouts))?;
        pipeline.add_last("w", Witness { name: "w", log: Arc::clone(&handlers), on_read: pass })?;
        Ok(())
    })
    .unwrap();
    taken(&log);
    channel.advance(Duration::from_secs(7));
    assert_eq!(taken(&log), ["w idle Reader", "w idle Writer", "w idle Reader"]);
    assert!(channel.close_reason().is_none());
}

#[test]
fn a_frame_must_be_complete_within_its_time_out() {
    let mut channel = EmbeddedChannel::new(|_: &Channel, _: &mut ChannelPipeline| Ok(())).unwrap();
    channel.write_inbound_bytes(&[0, 0]);
    channel.advance(Duration::from_secs(59));
    channel.write_inbound_bytes(&[0]);
    assert!(channel.close_reason().is_none());
    channel.advance(Duration::from_secs(2));
    let reason = channel.close_reason().unwrap();
    assert_eq!(reason.by(), CloseInitiator::Protocol);
    assert!(reason.why().contains("3 bytes"), "{reason}");
}

#[test]
fn a_frame_does_not_time_out_while_this_side_does_not_read() {
    let options = ChannelOptions::new().suspend_reads_when_unwritable(true);
    let nothing = |_: &Channel, _: &mut ChannelPipeline| Ok(());
    let mut channel = EmbeddedChannel::with_sink(nothing, options, |_| Box::new(Amplify)).unwrap();
    channel.stall_writes(true);
    for code in 0..5 {
        channel.write_inbound(request(code));
    }
    channel.advance(Duration::from_secs(300));
    assert_eq!(channel.close_reason(), None);
    channel.stall_writes(false);
    for code in 0..5 {
        assert_eq!(channel.read_outbound().unwrap().unwrap().code(), code);
    }
}

#[test]
fn handlers_are_notified_when_the_water_marks_are_crossed() {
    let log = Log::default();
    let mut channel = witnesses(&log, pass);
    channel.stall_writes(true);
    taken(&log);
    channel.write_outbound(request(1).with_body(vec![0; 600 << 10]));
    assert!(taken(&log).contains(&"a writable false".to_owned()));
    assert!(!channel.channel().is_writable());
    assert!(channel.channel().try_send(request(2)).is_err());
    channel.stall_writes(false);
    assert!(taken(&log).contains(&"a writable true".to_owned()));
    assert!(channel.channel().is_writable());
    assert_eq!(channel.channel().pending_bytes(), 0);
}

/// A sink that answers each command with a large one.
struct Amplify;

impl InboundSink for Amplify {
    fn command(&mut self, cx: &mut SinkContext<'_>, command: RemotingCommand) {
        cx.write(&mut command.with_body(vec![0; 300 << 10])).unwrap();
    }
}

/// Returns the largest number of pending bytes when a peer requests 300 KiB 20 times before it reads.
fn most_pending(suspend_reads_when_unwritable: bool) -> usize {
    let options = ChannelOptions::new().suspend_reads_when_unwritable(suspend_reads_when_unwritable);
    let nothing = |_: &Channel, _: &mut ChannelPipeline| Ok(());
    let mut channel = EmbeddedChannel::with_sink(nothing, options, |_| Box::new(Amplify)).unwrap();
    channel.stall_writes(true);
    for code in 0..20 {
        channel.write_inbound(request(code));
    }
    let pending = channel.channel().pending_bytes();
    channel.stall_writes(false);
    for code in 0..20 {
        assert_eq!(channel.read_outbound().unwrap().unwrap().code(), code, "no response is lost");
    }
    pending
}

#[test]
fn an_unwritable_channel_that_suspends_reads_loses_nothing() {
    assert!(most_pending(true) < 1 << 20);
}

#[test]
fn a_channel_that_reads_while_unwritable_stops_at_four_times_the_high_water_mark() {
    let most = most_pending(false);
    assert!((1 << 20..3 << 20).contains(&most), "{most}");
}

#[test]
fn a_command_that_cannot_be_encoded_fails_alone() {
    struct Failures(Arc<Mutex<Vec<i32>>>);
    impl InboundSink for Failures {
        fn command(&mut self, _: &mut SinkContext<'_>, _: RemotingCommand) {}
        fn write_failed(&mut self, _: &mut SinkContext<'_>, failure: UnencodableCommand) {
            self.0.lock().push(failure.command.code());
        }
    }
    let failures = Arc::new(Mutex::default());
    let sink = Failures(Arc::clone(&failures));
    let mut channel = EmbeddedChannel::with_sink(
        |_: &Channel, _: &mut ChannelPipeline| Ok(()),
        ChannelOptions::default(),
        |_| Box::new(sink),
    )
    .unwrap();
    channel.write_outbound(request(1));
    channel.write_outbound(request(200_050).with_serialize_type(SerializeType::RocketMq));
    channel.write_outbound(request(2));
    assert_eq!(*failures.lock(), [200_050]);
    assert_eq!(channel.read_outbound().unwrap().unwrap().code(), 1);
    assert_eq!(channel.read_outbound().unwrap().unwrap().code(), 2);
    assert_eq!(channel.channel().pending_bytes(), 0);
}

#[test]
fn a_channel_waits_for_its_requests_after_the_peer_closed_its_side() {
    struct Busy(Arc<std::sync::atomic::AtomicUsize>);
    impl InboundSink for Busy {
        fn command(&mut self, _: &mut SinkContext<'_>, _: RemotingCommand) {
            self.0.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        }
        fn in_flight(&self) -> usize {
            self.0.load(std::sync::atomic::Ordering::SeqCst)
        }
    }
    let in_flight = Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let open = || {
        let sink = Busy(Arc::clone(&in_flight));
        EmbeddedChannel::with_sink(
            |_: &Channel, _: &mut ChannelPipeline| Ok(()),
            ChannelOptions::default(),
            |_| Box::new(sink),
        )
        .unwrap()
    };
    let mut channel = open();
    channel.write_inbound(request(1));
    channel.close_inbound();
    assert!(channel.close_reason().is_none());
    channel.write_outbound(RemotingCommand::response(ResponseCode(2)));
    in_flight.store(0, std::sync::atomic::Ordering::SeqCst);
    channel.run();
    assert_eq!(channel.read_outbound().unwrap().unwrap().code(), 2);
    assert_eq!(channel.close_reason().unwrap().by(), CloseInitiator::Peer);

    let mut channel = open();
    channel.write_inbound(request(1));
    channel.close_inbound();
    channel.advance(Duration::from_secs(4));
    assert_eq!(channel.close_reason().unwrap().by(), CloseInitiator::Peer);
}
