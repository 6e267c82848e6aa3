//! A channel without a socket, for tests of handlers and of the layer above.

use std::{
    collections::VecDeque,
    sync::Arc,
    task::{Context, Waker},
    time::{Duration, Instant},
};

use bytes::{Bytes, BytesMut};
use parking_lot::Mutex;
use remoting_protocol::{DecodeError, FrameDecoder, FrameEncoder, RemotingCommand};

use crate::{
    address::Address,
    channel::{Channel, ChannelOptions, CloseReason},
    connection::Connection,
    machine::{ChannelCore, InboundSink, SinkContext},
    pipeline::{ChannelInitializer, ChannelPipeline, PipelineError},
};

/// How often one run writes.
const ROUNDS: usize = 1024;

/// A pipeline without a socket, with a time that the test moves, as Netty's `EmbeddedChannel`.
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
    core: ChannelCore,
    now: Instant,
    inbound: Arc<Mutex<VecDeque<RemotingCommand>>>,
    options: Arc<ChannelOptions>,
    written: BytesMut,
    stalled: bool,
    /// The peer has closed its side; what it sent before may not have been read.
    peer_closed: bool,
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
        let core = ChannelCore::new(channel, pipeline, sink, Arc::clone(&options));
        let written = BytesMut::new();
        let mut embedded = Self { core, now, inbound, options, written, stalled: false, peer_closed: false };
        embedded.core.start(now, &Context::from_waker(Waker::noop()));
        embedded.run();
        Ok(embedded)
    }

    /// The handle, as other tasks would hold it. Call [`EmbeddedChannel::run`] after using it.
    pub fn channel(&self) -> &Channel {
        self.core.channel()
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
        let cx = &mut Context::from_waker(Waker::noop());
        match self.core.read_buffer() {
            Some(buffer) => buffer.extend_from_slice(bytes),
            None => self.core.take_in(bytes, self.now),
        }
        self.core.received(bytes.len(), self.now, cx);
        self.run();
    }

    /// The peer closes its side. A channel that does not read now reads the end when it reads again.
    pub fn close_inbound(&mut self) {
        self.peer_closed = true;
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
        if let Err(error) = self.core.channel().try_send(command) {
            panic!("the test's command was refused: {error}");
        }
        self.run();
    }

    /// The next command that the peer would see.
    ///
    /// # Errors
    /// When what was written is no frame.
    pub fn read_outbound(&mut self) -> Result<Option<RemotingCommand>, DecodeError> {
        FrameDecoder::new(self.options.frame_limits).decode(&mut self.written)
    }

    /// All bytes that the peer would see, from where the last call ended.
    pub fn read_outbound_bytes(&mut self) -> Bytes {
        self.written.split().freeze()
    }

    /// Whether the peer takes no bytes, so that what is written stays pending.
    pub fn stall_writes(&mut self, stalled: bool) {
        self.stalled = stalled;
        self.run();
    }

    /// Lets time pass, with everything that is due happening at its moment.
    pub fn advance(&mut self, time: Duration) {
        let until = self.now + time;
        while let Some(deadline) = self.core.next_deadline()
            && deadline <= until
            && self.channel().is_open()
        {
            self.now = self.now.max(deadline);
            let cx = &Context::from_waker(Waker::noop());
            self.core.deadline_reached(self.now, cx);
            if self.core.looks_for_end(self.now) && self.peer_closed {
                self.core.peer_closed(self.now, cx);
            }
            self.run();
        }
        self.now = until;
    }

    /// Why the channel ended, if it has.
    pub fn close_reason(&self) -> Option<CloseReason> {
        self.channel().close_reason()
    }

    /// Does what the channel's task would do now. A panic of a handler or of the sink is the caller's. A handler that sends whenever something is written gets
    /// 1 024 commands through; the next call goes on.
    pub fn run(&mut self) {
        let cx = &Context::from_waker(Waker::noop());
        for _ in 0..ROUNDS {
            self.core.ask_sink(self.now, cx);
            if self.core.has_undelivered() {
                self.core.deliver(self.now, cx);
            } else if self.peer_closed && self.core.wants_read() {
                self.core.read_closed(self.now, cx);
            }
            self.core.drain(self.now, cx);
            if !self.stalled {
                self.write();
            }
            self.core.end_turn(self.now);
            if let Some((reason, _)) = self.core.ended(self.now, false) {
                if let (_, Some(panic)) = self.core.finish(reason, self.now) {
                    panic!("at the channel's end: {panic}");
                }
                return;
            }
            // Handlers may have sent something when the channel became writable.
            let can_write = !self.stalled && (self.core.wants_write() || self.core.holds_commands());
            let can_read = self.core.has_undelivered() || self.peer_closed && self.core.wants_read();
            if !can_write && !can_read && self.core.park(cx) {
                return self.core.rest(self.now);
            }
        }
    }

    /// Writes what waits, but not what handlers send for it.
    fn write(&mut self) {
        for _ in 0..self.core.segments() {
            if let Some((region, sent)) = self.core.region() {
                let mut bytes = vec![0; region.len() - sent];
                match region.read(sent, &mut bytes) {
                    Ok(read) if read > 0 => {
                        self.written.extend_from_slice(&bytes[..read]);
                        self.core.region_written(read, self.now);
                    }
                    outcome => panic!("the test's region cannot be read: {outcome:?}"),
                }
                continue;
            }
            let mut slices = [std::io::IoSlice::new(&[]); 1];
            if self.core.chunks(&mut slices) == 0 {
                return;
            }
            let chunk = slices[0].to_vec();
            self.written.extend_from_slice(&chunk);
            self.core.written(chunk.len(), self.now);
        }
    }
}

impl std::fmt::Debug for EmbeddedChannel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EmbeddedChannel").field("channel", self.core.channel()).finish_non_exhaustive()
    }
}
