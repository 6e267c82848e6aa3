//! The handlers between the wire and the layer above.
//!
//! ```text
//!            wire                                                    layer above
//!   bytes ─► decoder ─► handlers[0] ─► handlers[1] ─► … ─► handlers[n] ─► InboundSink
//!   bytes ◄─ encoder ◄─ handlers[0] ◄─ handlers[1] ◄─ … ◄─ handlers[n] ◄─ SinkContext::write, Channel::send
//! ```
//!
//! The list is ordered by distance from the wire. A [`ChannelInitializer`] builds it for each channel, and it does not
//! change after the channel is active. Java's remoting module does not edit a pipeline after the first bytes either. The
//! channel walks the list, so no handler can forget to forward an event. A command that a handler sends by
//! [`HandlerContext::send`] passes all handlers between that handler and the wire.

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

/// A handler in the pipeline of a channel. It sees the commands and events of that channel.
///
/// This trait combines Netty's `ChannelInboundHandler` and `ChannelOutboundHandler`, for whole commands. Each channel has
/// its own instances. All methods run on the channel's task and must not block; move work that waits to a task of its
/// own. `channel_active` is called first and `channel_inactive` last, each once.
///
/// ```
/// use remoting_transport::{ChannelHandler, Flow, HandlerContext, protocol::RemotingCommand};
///
/// /// Drops commands whose body exceeds a limit.
/// struct BodyLimit(usize);
///
/// impl ChannelHandler for BodyLimit {
///     fn channel_read(
///         &mut self,
///         _: &mut HandlerContext<'_>,
///         command: &mut RemotingCommand,
///     ) -> Flow {
///         if command.body().len() > self.0 { Flow::Drop } else { Flow::Continue }
///     }
/// }
/// ```
pub trait ChannelHandler: Send + 'static {
    /// Returns the frequent events that this handler is called for. Called once, when the channel is opened.
    /// Default: all. A narrower set saves a call for each command.
    fn interest(&self) -> Interest {
        Interest::ALL
    }

    /// Called when the channel is ready, before anything is read or written.
    fn channel_active(&mut self, ctx: &mut HandlerContext<'_>) {
        let _ = ctx;
    }

    /// Called for each command from the peer. The handler may change the command, and decides whether it goes on.
    fn channel_read(&mut self, ctx: &mut HandlerContext<'_>, command: &mut RemotingCommand) -> Flow {
        let _ = (ctx, command);
        Flow::Continue
    }

    /// Called after all commands of one read, or all commands held back while reads were suspended, have passed the
    /// pipeline. Equivalent of Netty's `channelReadComplete`.
    fn channel_read_complete(&mut self, ctx: &mut HandlerContext<'_>) {
        let _ = ctx;
    }

    /// Called for each command to the peer. The handler may change the command, and decides whether it goes on. The
    /// sender is not notified of a dropped command: a caller waits for the response until its time-out.
    fn channel_write(&mut self, ctx: &mut HandlerContext<'_>, command: &mut RemotingCommand) -> Flow {
        let _ = (ctx, command);
        Flow::Continue
    }

    /// Called after one or more commands were written to the socket to their last byte. Netty has no such event.
    fn channel_flushed(&mut self, ctx: &mut HandlerContext<'_>) {
        let _ = ctx;
    }

    /// Called when an [`IdleStateHandler`](crate::IdleStateHandler) reports the channel as idle.
    fn channel_idle(&mut self, ctx: &mut HandlerContext<'_>, kind: IdleKind) {
        let _ = (ctx, kind);
    }

    /// Called when the pending bytes have crossed a water mark.
    fn channel_writability_changed(&mut self, ctx: &mut HandlerContext<'_>, writable: bool) {
        let _ = (ctx, writable);
    }

    /// Called when the connection broke or the peer violated the protocol. `channel_inactive` follows.
    fn exception_caught(&mut self, ctx: &mut HandlerContext<'_>, error: &ChannelError) {
        let _ = (ctx, error);
    }

    /// Called when the channel is closed. Nothing can be sent any more.
    fn channel_inactive(&mut self, ctx: &mut HandlerContext<'_>, reason: &CloseReason) {
        let _ = (ctx, reason);
    }

    /// Returns when [`ChannelHandler::deadline_reached`] is to be called. Called at the end of each poll in which this
    /// handler was called.
    fn next_deadline(&self) -> Option<Instant> {
        None
    }

    /// Called when the time returned by [`ChannelHandler::next_deadline`] has come.
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

/// The view of the channel that a handler gets in each call.
pub struct HandlerContext<'a> {
    channel: &'a Channel,
    now: Instant,
    activity: &'a Activity,
    emitted: &'a mut Option<Box<Emitted>>,
}

/// The times of the last activity of a channel. A handler that needs only these reads them when its deadline is due,
/// and is not called for each command.
#[derive(Debug, Default)]
pub(crate) struct Activity {
    pub(crate) read: Option<Instant>,
    pub(crate) written: Option<Instant>,
    pub(crate) has_work: bool,
}

/// The actions that a handler requested during one call. They are executed after it returns.
#[derive(Default)]
pub(crate) struct Emitted {
    pub(crate) commands: Vec<RemotingCommand>,
    /// Each kind at most once, in the order of [`IdleKind`].
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

    /// Returns the channel.
    #[must_use]
    pub fn channel(&self) -> &Channel {
        self.channel
    }

    /// Returns the time of this poll. Handlers use this instead of reading the clock.
    #[must_use]
    pub fn now(&self) -> Instant {
        self.now
    }

    /// Returns when the last command was read, which is the time of the last [`ChannelHandler::channel_read_complete`].
    /// `None` if no command was read yet.
    ///
    /// In [`ChannelHandler::deadline_reached`], this includes a command that has arrived in part: when its first byte
    /// arrived, or when it last made progress. [`ChannelOptions::frame_timeout`](crate::ChannelOptions::frame_timeout)
    /// says what progress is.
    #[must_use]
    pub fn last_read(&self) -> Option<Instant> {
        self.activity.read
    }

    /// Returns when bytes were last written to the socket, of a whole command or of a part. `None` if none were written
    /// yet.
    #[must_use]
    pub fn last_written(&self) -> Option<Instant> {
        self.activity.written
    }

    /// Returns whether [`InboundSink::has_work`](crate::InboundSink::has_work) is true and no bytes are pending. Updated
    /// only before [`ChannelHandler::deadline_reached`].
    #[must_use]
    pub fn has_work(&self) -> bool {
        self.activity.has_work
    }

    /// Sends a command from this handler. It passes the handlers nearer to the wire.
    pub fn send(&mut self, command: RemotingCommand) {
        self.emitted().commands.push(command);
    }

    /// Calls [`ChannelHandler::channel_idle`] of all handlers after this call returns. Several kinds are reported in the
    /// order of [`IdleKind`]. Ignored inside of [`ChannelHandler::channel_idle`].
    pub fn fire_idle(&mut self, kind: IdleKind) {
        self.emitted().idle[kind as usize] = Some(kind);
    }

    /// Discards reports of idleness made inside of `channel_idle`, which would recurse.
    pub(crate) fn forget_idle(&mut self) {
        if let Some(emitted) = self.emitted {
            emitted.idle = [None; 3];
        }
    }

    /// Closes the channel after the pending bytes are written. The first reason counts.
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
