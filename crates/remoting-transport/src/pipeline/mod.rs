//! The handlers that each command passes between the wire and the layer above.
//!
//! ```text
//!            wire                                                    layer above
//!   bytes ─► decoder ─► handlers[0] ─► handlers[1] ─► … ─► handlers[n] ─► InboundSink
//!   bytes ◄─ encoder ◄─ handlers[0] ◄─ handlers[1] ◄─ … ◄─ handlers[n] ◄─ SinkContext::write, Channel::send
//! ```
//!
//! The list is in order of distance from the wire. It is built once for each channel by a
//! [`ChannelInitializer`], and frozen when the channel becomes active: Java's remoting module never edits a
//! pipeline after the connection's first bytes either. The channel walks the list, so no handler can forget to
//! pass an event on. A command that a handler sends by [`HandlerContext::send`] is seen by all handlers that
//! are still between it and the wire.

mod idle_kind;
mod initializer;
mod interest;
mod list;

use std::{fmt, time::Instant};

use remoting_protocol::RemotingCommand;

pub use self::{
    idle_kind::{IdleKind, UnknownIdleKind},
    initializer::ChannelInitializer,
    interest::Interest,
    list::{ChannelPipeline, PipelineError},
};
use crate::channel::{Channel, ChannelError, CloseReason};

/// A link in a channel's pipeline: it sees every command and every event of that channel.
///
/// Netty's `ChannelInboundHandler` and `ChannelOutboundHandler` in one, at the frame stage. Each channel has its
/// own instance. All methods run on the channel's task: they must not block, and what has to wait belongs in a
/// task of its own. `channel_active` comes first and `channel_inactive` last, each once.
///
/// ```
/// use remoting_transport::{ChannelHandler, Flow, HandlerContext, protocol::RemotingCommand};
///
/// /// Refuses commands with a body beyond a limit.
/// struct BodyLimit(usize);
///
/// impl ChannelHandler for BodyLimit {
///     fn channel_read(&mut self, _: &mut HandlerContext<'_>, command: &mut RemotingCommand) -> Flow {
///         if command.body().len() > self.0 { Flow::Drop } else { Flow::Continue }
///     }
/// }
/// ```
pub trait ChannelHandler: Send + 'static {
    /// Which of the frequent events this handler is called for; asked once, when the channel is opened.
    /// Default: all of them. It need not be stated: what it saves is a call for each command.
    fn interest(&self) -> Interest {
        Interest::ALL
    }

    /// The channel is ready; nothing has been read or written.
    fn channel_active(&mut self, ctx: &mut HandlerContext<'_>) {
        let _ = ctx;
    }

    /// A command has come from the peer. The handler may change it, and says what becomes of it.
    fn channel_read(&mut self, ctx: &mut HandlerContext<'_>, command: &mut RemotingCommand) -> Flow {
        let _ = (ctx, command);
        Flow::Continue
    }

    /// All commands that came with one read, or that were held back while reads were suspended, have been passed up,
    /// as Netty's `channelReadComplete`.
    fn channel_read_complete(&mut self, ctx: &mut HandlerContext<'_>) {
        let _ = ctx;
    }

    /// A command is on its way to the peer. The handler may change it, and says what becomes of it. One that is
    /// dropped is dropped in silence: whoever waits for its answer waits until the deadline.
    fn channel_write(&mut self, ctx: &mut HandlerContext<'_>, command: &mut RemotingCommand) -> Flow {
        let _ = (ctx, command);
        Flow::Continue
    }

    /// One or more commands have been written to the socket to their last byte.
    fn channel_flushed(&mut self, ctx: &mut HandlerContext<'_>) {
        let _ = ctx;
    }

    /// An idle handler has seen nothing move for its time.
    fn channel_idle(&mut self, ctx: &mut HandlerContext<'_>, kind: IdleKind) {
        let _ = (ctx, kind);
    }

    /// The bytes that wait to be written have crossed a water mark.
    fn channel_writability_changed(&mut self, ctx: &mut HandlerContext<'_>, writable: bool) {
        let _ = (ctx, writable);
    }

    /// The connection broke or the peer violated the protocol; `channel_inactive` follows.
    fn exception_caught(&mut self, ctx: &mut HandlerContext<'_>, error: &ChannelError) {
        let _ = (ctx, error);
    }

    /// The channel has ended. Nothing can be sent any more.
    fn channel_inactive(&mut self, ctx: &mut HandlerContext<'_>, reason: &CloseReason) {
        let _ = (ctx, reason);
    }

    /// When [`ChannelHandler::deadline_reached`] is to be called; asked at the end of each turn in which this handler
    /// was called.
    fn next_deadline(&self) -> Option<Instant> {
        None
    }

    /// The moment told by [`ChannelHandler::next_deadline`] has come, or has been passed.
    fn deadline_reached(&mut self, ctx: &mut HandlerContext<'_>) {
        let _ = ctx;
    }
}

/// What the channel does with a command after a handler has seen it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
#[must_use = "the flow decides whether the command goes on to the next handler"]
pub enum Flow {
    /// Passes the command on to the next handler.
    Continue,
    /// Drops the command. Later handlers do not see it.
    Drop,
    /// Drops the command and closes the channel after the pending bytes are written.
    Close(CloseReason),
}

/// What a handler may do while it is called.
pub struct HandlerContext<'a> {
    channel: &'a Channel,
    now: Instant,
    activity: &'a Activity,
    emitted: &'a mut Option<Box<Emitted>>,
}

/// When a channel last did something. A handler that needs no more than that looks here once it is due, and spares
/// itself a call in each turn.
#[derive(Debug, Default)]
pub(crate) struct Activity {
    pub(crate) read: Option<Instant>,
    pub(crate) flushed: Option<Instant>,
    pub(crate) has_work: bool,
}

/// What a handler asked for during one call, to be done once it has returned.
#[derive(Default)]
pub(crate) struct Emitted {
    pub(crate) commands: Vec<RemotingCommand>,
    /// Each kind once, in the order of [`IdleKind`].
    pub(crate) idle: [Option<IdleKind>; 3],
    pub(crate) close: Option<CloseReason>,
}

impl<'a> HandlerContext<'a> {
    pub(crate) fn new(
        channel: &'a Channel,
        now: Instant,
        activity: &'a Activity,
        emitted: &'a mut Option<Box<Emitted>>,
    ) -> Self {
        Self { channel, now, activity, emitted }
    }

    /// The channel.
    pub fn channel(&self) -> &Channel {
        self.channel
    }

    /// The time of this turn. Handlers are told the time and do not ask for it.
    pub fn now(&self) -> Instant {
        self.now
    }

    /// When commands were read last, as [`ChannelHandler::channel_read_complete`] tells; `None`: none so far.
    pub fn last_read(&self) -> Option<Instant> {
        self.activity.read
    }

    /// When commands were written last to their last byte, as [`ChannelHandler::channel_flushed`] tells; `None`: none
    /// so far.
    pub fn last_flushed(&self) -> Option<Instant> {
        self.activity.flushed
    }

    /// Whether the layer above has work in hand, as [`InboundSink::has_work`](crate::InboundSink::has_work) tells, and
    /// nothing waits for the peer to read it. Asked anew before [`ChannelHandler::deadline_reached`] only.
    pub fn has_work(&self) -> bool {
        self.activity.has_work
    }

    /// Sends a command from this place in the pipeline: the handlers nearer to the wire see it.
    pub fn send(&mut self, command: RemotingCommand) {
        self.emitted().commands.push(command);
    }

    /// Tells all handlers that the channel is idle, once this call is over. Each kind is told, in the order of
    /// [`IdleKind`]. Ignored inside [`ChannelHandler::channel_idle`].
    pub fn fire_idle(&mut self, kind: IdleKind) {
        self.emitted().idle[kind as usize] = Some(kind);
    }

    /// Handlers that are told of idleness do not tell it in turn.
    pub(crate) fn forget_idle(&mut self) {
        if let Some(emitted) = self.emitted {
            emitted.idle = [None; 3];
        }
    }

    /// Closes the channel once what was written before is flushed. The first reason counts.
    pub fn close(&mut self, reason: CloseReason) {
        self.emitted().close.get_or_insert(reason);
    }

    fn emitted(&mut self) -> &mut Emitted {
        self.emitted.get_or_insert_default()
    }
}

impl fmt::Debug for HandlerContext<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HandlerContext").field("channel", self.channel).finish_non_exhaustive()
    }
}
