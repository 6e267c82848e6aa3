//! A channel without a socket, for tests of handlers and sinks.

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

/// The largest number of polls in a run.
const POLLS: usize = 64;

/// A channel without a socket, whose time the test advances. Equivalent of Netty's `EmbeddedChannel`. It runs the same
/// loop as the driver of a channel with a socket.
///
/// ```
/// use std::time::Duration;
/// use remoting_transport::{
///     Channel, ChannelPipeline, CloseInitiator, EmbeddedChannel, IdleStateHandler,
///     protocol::{RemotingCommand, RequestCode},
/// };
///
/// let initializer = |_: &Channel, pipeline: &mut ChannelPipeline| {
///     pipeline.add_last("idle", IdleStateHandler::default())?;
///     Ok(())
/// };
/// let mut channel = EmbeddedChannel::new(initializer)?;
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

/// Whether the channel must be polled again.
#[derive(Default)]
struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// A sink that keeps commands for [`EmbeddedChannel::read_inbound`].
struct Keep(Arc<Mutex<VecDeque<RemotingCommand>>>);

impl InboundSink for Keep {
    fn command(&mut self, _: &mut SinkContext<'_>, command: RemotingCommand) {
        self.0.lock().push_back(command);
    }
}

impl EmbeddedChannel {
    /// Creates an active channel with this pipeline and default options. It keeps commands for
    /// [`EmbeddedChannel::read_inbound`].
    ///
    /// # Errors
    /// Returns the error of the initializer.
    pub fn new(initializer: impl ChannelInitializer) -> Result<Self, PipelineError> {
        Self::with_options(initializer, ChannelOptions::default())
    }

    /// Creates an active channel with this pipeline and these options. It keeps commands for
    /// [`EmbeddedChannel::read_inbound`].
    ///
    /// # Errors
    /// Returns the error of the initializer.
    pub fn with_options(
        initializer: impl ChannelInitializer,
        options: ChannelOptions,
    ) -> Result<Self, PipelineError> {
        let inbound = Arc::default();
        let keep = Keep(Arc::clone(&inbound));
        Self::build(initializer, options, |_| Box::new(keep), inbound)
    }

    /// Creates an active channel with this pipeline, these options and the test's own sink.
    ///
    /// # Errors
    /// Returns the error of the initializer.
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
        let pipeline = ChannelPipeline::build(&channel, [&initializer as &dyn ChannelInitializer])?;
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

    /// Returns the handle, as other tasks would hold it. Call [`EmbeddedChannel::run`] after using it.
    #[must_use]
    pub fn channel(&self) -> &Channel {
        self.pump.channel()
    }

    /// Returns the current time of the channel.
    #[must_use]
    pub fn now(&self) -> Instant {
        self.now
    }

    /// Delivers `command` as if the peer had sent it.
    ///
    /// # Panics
    /// Panics if the command cannot be encoded, if its body is not in memory, or as [`run`](Self::run) does.
    pub fn write_inbound(&mut self, command: RemotingCommand) {
        let mut bytes = BytesMut::new();
        let encoder = FrameEncoder::new(self.options.frame_limits);
        match encoder.encode(&command, &mut bytes) {
            Ok(()) => self.write_inbound_bytes(&bytes),
            Err(error) => panic!("the test's command cannot be encoded: {error}"),
        }
    }

    /// Delivers `bytes` as if the peer had sent them. A closed channel ignores them.
    ///
    /// # Panics
    /// Panics as [`run`](Self::run) does.
    pub fn write_inbound_bytes(&mut self, bytes: &[u8]) {
        self.pump.wire.incoming.extend_from_slice(bytes);
        self.run();
    }

    /// Closes the peer's side. If reads are suspended, the channel notices when it reads again.
    ///
    /// # Panics
    /// Panics as [`run`](Self::run) does.
    pub fn close_inbound(&mut self) {
        self.pump.wire.peer_closed = true;
        self.run();
    }

    /// Returns the next command that passed the pipeline, or `None` if there is none. Always `None` if the channel has
    /// the test's own sink.
    pub fn read_inbound(&mut self) -> Option<RemotingCommand> {
        self.inbound.lock().pop_front()
    }

    /// Sends a command through the channel's handle.
    ///
    /// # Panics
    /// Panics if the channel is unwritable or closed, or as [`run`](Self::run) does.
    pub fn write_outbound(&mut self, command: RemotingCommand) {
        if let Err(error) = self.pump.channel().try_send(command) {
            panic!("the test's command was rejected: {error}");
        }
        self.run();
    }

    /// Returns the next command that the peer would receive, or `None` if no complete frame was written.
    ///
    /// # Errors
    /// Returns [`DecodeError`] if the written bytes are not a valid frame.
    pub fn read_outbound(&mut self) -> Result<Option<RemotingCommand>, DecodeError> {
        FrameDecoder::new(self.options.frame_limits).decode(&mut self.pump.wire.written)
    }

    /// Returns the written bytes that neither this method nor [`read_outbound`](Self::read_outbound) has returned.
    pub fn read_outbound_bytes(&mut self) -> Bytes {
        self.pump.wire.written.split().freeze()
    }

    /// Sets whether writes are blocked, so that bytes stay pending.
    ///
    /// # Panics
    /// Panics as [`run`](Self::run) does.
    pub fn stall_writes(&mut self, stalled: bool) {
        self.pump.wire.stalled = stalled;
        self.run();
    }

    /// Advances the time. Each deadline is handled at its time.
    ///
    /// # Panics
    /// Panics as [`run`](Self::run) does.
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

    /// Returns the close reason, or `None` while the channel is open.
    #[must_use]
    pub fn close_reason(&self) -> Option<CloseReason> {
        self.channel().close_reason()
    }

    /// Runs the channel as its task would at the current time.
    ///
    /// A handler that sends a command after each flush is stopped after a few thousand commands. The next call continues.
    ///
    /// # Panics
    /// Panics if a handler or the sink panics.
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
                        panic!("at the close of the channel: {panic}");
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
