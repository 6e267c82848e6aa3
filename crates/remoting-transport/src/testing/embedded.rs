//! A channel without a socket, for tests of handlers and of the layer above.

use std::{
    collections::VecDeque,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
    time::{Duration, Instant},
};

use bytes::{Bytes, BytesMut};
use parking_lot::Mutex;
use remoting_protocol::{DecodeError, FrameDecoder, FrameEncoder, RemotingCommand};

use super::wire::TestWire;
use crate::{
    address::Address,
    channel::{Channel, ChannelOptions, CloseReason},
    connection::Connection,
    driver::Pump,
    machine::{ChannelMachine, InboundSink, SinkContext},
    pipeline::{ChannelInitializer, ChannelPipeline, PipelineError},
};

/// How often one run polls the channel.
const POLLS: usize = 64;

/// A channel without a socket, with a time that the test moves, as Netty's `EmbeddedChannel`. It runs the same loop as
/// the driver of a channel with a socket.
///
/// ```
/// use std::time::Duration;
/// use remoting_transport::{
///     Channel, ChannelPipeline, CloseInitiator, EmbeddedChannel, IdleStateHandler,
///     protocol::{RemotingCommand, RequestCode},
/// };
///
/// let mut channel = EmbeddedChannel::new(|_: &Channel, pipeline: &mut ChannelPipeline| {
///     pipeline.add_last("idle", IdleStateHandler::default())?;
///     Ok(())
/// })?;
/// channel.write_inbound(RemotingCommand::request(RequestCode(7)));
/// assert_eq!(channel.read_inbound().unwrap().code(), 7);
///
/// channel.advance(Duration::from_secs(121));
/// assert_eq!(channel.close_reason().unwrap().by(), CloseInitiator::Idle);
/// # Ok::<(), remoting_transport::PipelineError>(())
/// ```
pub struct EmbeddedChannel {
    pump: Pump<TestWire>,
    now: Instant,
    inbound: Arc<Mutex<VecDeque<RemotingCommand>>>,
    options: Arc<ChannelOptions>,
    woken: Arc<Woken>,
    waker: Waker,
}

/// Whether the channel is to be polled again.
#[derive(Default)]
struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Keeps what comes through the pipeline for [`EmbeddedChannel::read_inbound`].
struct Keep(Arc<Mutex<VecDeque<RemotingCommand>>>);

impl InboundSink for Keep {
    fn command(&mut self, _: &mut SinkContext<'_>, command: RemotingCommand) {
        self.0.lock().push_back(command);
    }
}

impl EmbeddedChannel {
    /// An active channel with this pipeline and default options. What comes through is kept for
    /// [`EmbeddedChannel::read_inbound`].
    ///
    /// # Errors
    /// When the initializer fails.
    pub fn new(initializer: impl ChannelInitializer) -> Result<Self, PipelineError> {
        Self::with_options(initializer, ChannelOptions::default())
    }

    /// The same with options.
    ///
    /// # Errors
    /// When the initializer fails.
    pub fn with_options(
        initializer: impl ChannelInitializer,
        options: ChannelOptions,
    ) -> Result<Self, PipelineError> {
        let inbound = Arc::default();
        let keep = Keep(Arc::clone(&inbound));
        Self::build(initializer, options, |_| Box::new(keep), inbound)
    }

    /// An active channel that delivers to a sink of the test's.
    ///
    /// # Errors
    /// When the initializer fails.
    pub fn with_sink(
        initializer: impl ChannelInitializer,
        options: ChannelOptions,
        sink: impl FnOnce(&Channel) -> Box<dyn InboundSink>,
    ) -> Result<Self, PipelineError> {
        Self::build(initializer, options, sink, Arc::default())
    }

    fn build(
        initializer: impl ChannelInitializer,
        options: ChannelOptions,
        sink: impl FnOnce(&Channel) -> Box<dyn InboundSink>,
        inbound: Arc<Mutex<VecDeque<RemotingCommand>>>,
    ) -> Result<Self, PipelineError> {
        let options = Arc::new(options);
        let (unused, _) = tokio::io::duplex(1);
        let connection =
            Connection::new(unused, Address::memory("embedded"), Address::memory("embedded-peer"));
        let (channel, _) = Channel::new(connection, options.water_mark);
        let mut pipeline = ChannelPipeline::default();
        initializer.init_channel(&channel, &mut pipeline)?;
        let sink = sink(&channel);
        let now = Instant::now();
        let machine = ChannelMachine::new(channel, pipeline, sink, Arc::clone(&options));
        let pump = Pump::new(machine, TestWire::default());
        let woken = Arc::<Woken>::default();
        let waker = Waker::from(Arc::clone(&woken));
        let mut embedded = Self { pump, now, inbound, options, woken, waker };
        embedded.run();
        Ok(embedded)
    }

    /// The handle, as other tasks would hold it. Call [`EmbeddedChannel::run`] after using it.
    pub fn channel(&self) -> &Channel {
        self.pump.channel()
    }

    /// The time that handlers are told.
    pub fn now(&self) -> Instant {
        self.now
    }

    /// A command arrives from the peer.
    ///
    /// # Panics
    /// When the command cannot be encoded, or its body is not in memory.
    pub fn write_inbound(&mut self, command: RemotingCommand) {
        let mut bytes = BytesMut::new();
        let encoder = FrameEncoder::new(self.options.frame_limits);
        match encoder.encode(&command, &mut bytes) {
            Ok(()) => self.write_inbound_bytes(&bytes),
            Err(error) => panic!("the test's command cannot be encoded: {error}"),
        }
    }

    /// Bytes arrive from the peer. They are lost when the channel has ended.
    pub fn write_inbound_bytes(&mut self, bytes: &[u8]) {
        self.pump.wire.incoming.extend_from_slice(bytes);
        self.run();
    }

    /// The peer closes its side. A channel that does not read now reads the end when it reads again.
    pub fn close_inbound(&mut self) {
        self.pump.wire.peer_closed = true;
        self.run();
    }

    /// The next command that came through the pipeline, if the channel keeps them.
    pub fn read_inbound(&mut self) -> Option<RemotingCommand> {
        self.inbound.lock().pop_front()
    }

    /// This side sends a command, as a task that holds the handle does.
    ///
    /// # Panics
    /// When the channel is unwritable or closed.
    pub fn write_outbound(&mut self, command: RemotingCommand) {
        if let Err(error) = self.pump.channel().try_send(command) {
            panic!("the test's command was refused: {error}");
        }
        self.run();
    }

    /// The next command that the peer would see.
    ///
    /// # Errors
    /// When what was written is no frame.
    pub fn read_outbound(&mut self) -> Result<Option<RemotingCommand>, DecodeError> {
        FrameDecoder::new(self.options.frame_limits).decode(&mut self.pump.wire.written)
    }

    /// All bytes that the peer would see, from where the last call ended.
    pub fn read_outbound_bytes(&mut self) -> Bytes {
        self.pump.wire.written.split().freeze()
    }

    /// Whether the peer takes no bytes, so that what is written stays pending.
    pub fn stall_writes(&mut self, stalled: bool) {
        self.pump.wire.stalled = stalled;
        self.run();
    }

    /// Lets time pass, with everything that is due happening at its moment.
    pub fn advance(&mut self, time: Duration) {
        let until = self.now + time;
        while let Some(deadline) = self.pump.armed()
            && deadline <= until
            && self.channel().is_open()
        {
            self.now = self.now.max(deadline);
            self.run();
        }
        self.now = until;
    }

    /// Why the channel ended, if it has.
    pub fn close_reason(&self) -> Option<CloseReason> {
        self.channel().close_reason()
    }

    /// Does what the channel's task would do now. A panic of a handler or of the sink is the caller's. A handler that
    /// sends whenever something is written gets some thousand commands through; the next call goes on.
    pub fn run(&mut self) {
        for _ in 0..POLLS {
            if !self.channel().is_open() {
                return;
            }
            self.woken.0.store(false, Ordering::Relaxed);
            match self.pump.poll(self.now, &mut Context::from_waker(&self.waker)) {
                Poll::Ready(ended) => {
                    let (reason, ending) = *ended;
                    if let (_, Some(panic)) = self.pump.finish(reason, ending, self.now) {
                        panic!("at the channel's end: {panic}");
                    }
                }
                Poll::Pending => {
                    self.pump.poll_timer();
                    if !self.woken.0.load(Ordering::Relaxed) {
                        return;
                    }
                }
            }
        }
    }
}

impl std::fmt::Debug for EmbeddedChannel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EmbeddedChannel").field("channel", self.channel()).finish_non_exhaustive()
    }
}
