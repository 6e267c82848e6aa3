//! The interface to the layer above: the sink of decoded commands.

use std::{fmt, task::Poll, time::Instant};

use remoting_protocol::{EncodeError, ErrorChain, RemotingCommand};
use thiserror::Error;

use super::egress::Egress;
use crate::channel::{Channel, CloseReason};

/// The sink of the commands of a channel, implemented by the layer above. All methods run on the channel's task and must
/// not block. `active` is called first and `inactive` last, each once.
///
/// # When the peer closes its side
/// A channel that reads finds the end of the stream by reading. It delivers everything before the end, and then calls
/// [`read_closed`](Self::read_closed). A channel that does not read, because the sink is not ready or the channel is
/// unwritable, calls [`peer_closed`](Self::peer_closed) once, within about half a second. Unread bytes may then precede the
/// end. `read_closed` follows when the channel has read to the end.
pub trait InboundSink: Send + 'static {
    /// Called when the channel is ready.
    fn active(&mut self, cx: &mut SinkContext<'_>) {
        let _ = cx;
    }

    /// Returns whether the sink accepts another command.
    ///
    /// `Ready` is valid for one command, and the channel keeps it until that command arrives. A sink that has no capacity
    /// by then must hold the command back itself.
    ///
    /// While this is `Pending`, the channel does not read, decode or deliver, so the peer meets back-pressure. The frame
    /// time-out is suspended. The channel calls this again whenever its task runs; the task that makes the sink ready wakes
    /// the channel by [`Channel::waker`]. A closing channel calls this until the sink was ready once, so that a sink can
    /// still start a command that it holds back. Such a command should count as [in flight](Self::in_flight).
    fn poll_ready(&mut self, cx: &mut SinkContext<'_>) -> Poll<()> {
        let _ = cx;
        Poll::Ready(())
    }

    /// Called for each command that has passed the handlers.
    fn command(&mut self, cx: &mut SinkContext<'_>, command: RemotingCommand);

    /// Called after the last command of one read, or of those held back while reads were suspended, was delivered. Use it
    /// for work that is too expensive for each command.
    fn read_complete(&mut self, cx: &mut SinkContext<'_>) {
        let _ = cx;
    }

    /// Called when the peer has closed its side while this side does not read. Unread bytes may precede the end. Called at
    /// most once, for TCP and Unix-domain sockets, also below TLS, and for the in-memory transport. For other streams, and
    /// on systems that cannot detect this, only [`read_closed`](Self::read_closed) is called.
    fn peer_closed(&mut self, cx: &mut SinkContext<'_>) {
        let _ = cx;
    }

    /// Called when the peer will send nothing more. This side may still write. Queued requests were passed to
    /// [`unsent`](Self::unsent) before. `inactive` follows later.
    fn read_closed(&mut self, cx: &mut SinkContext<'_>, reason: &CloseReason) {
        let _ = (cx, reason);
    }

    /// Called for a command queued by [`Channel::send`] or [`Channel::try_send`] that cannot be encoded. Only this command
    /// is lost; the channel stays open. Default: logs a warning.
    fn write_failed(&mut self, cx: &mut SinkContext<'_>, failure: UnencodableCommand) {
        tracing::warn!(channel = %cx.channel(), error = %ErrorChain(&failure), "command not sent");
    }

    /// Called for each command queued by [`Channel::send`] or [`Channel::try_send`] that was not written. No byte of it
    /// reached the stream, and no handler has seen it. Called
    ///
    /// * before [`read_closed`](Self::read_closed), for requests, because they would not be answered any more;
    /// * before [`inactive`](Self::inactive), for all remaining commands, however the channel closes. A driver that is
    ///   dropped before its first poll calls this too, without `active` before or `inactive` after.
    ///
    /// A command that is passed neither here nor to [`write_failed`](Self::write_failed) may have been written, in part or
    /// completely. Default: logs at debug level.
    fn unsent(&mut self, channel: &Channel, command: RemotingCommand) {
        tracing::debug!(%channel, code = command.code(), "command not sent: the channel closed first");
    }

    /// Returns when [`InboundSink::deadline_reached`] is to be called. Called each time before the channel's task waits.
    fn next_deadline(&mut self) -> Option<Instant> {
        None
    }

    /// Called when the time returned by [`InboundSink::next_deadline`] has come.
    fn deadline_reached(&mut self, cx: &mut SinkContext<'_>) {
        let _ = cx;
    }

    /// Returns how many requests of the peer are in flight. After the peer has closed its side, the channel stays open
    /// until this is zero or the close time-out expires. A task that finishes a request calls
    /// [`ChannelWaker::wake_if_closing`](crate::ChannelWaker::wake_if_closing).
    fn in_flight(&self) -> usize {
        0
    }

    /// Returns whether this side processes requests of the peer or waits for its responses. Such a channel is not idle.
    /// Called when an idle time expires. Default: whether any request is [in flight](Self::in_flight).
    fn has_work(&self) -> bool {
        self.in_flight() > 0
    }

    /// Called when the channel is closed. Nothing can be sent any more.
    fn inactive(&mut self, channel: &Channel, reason: &CloseReason) {
        let _ = (channel, reason);
    }
}

/// The error of a command that cannot be encoded. It returns the command.
#[derive(Debug, Error)]
#[error("a command cannot be encoded")]
#[non_exhaustive]
pub struct UnencodableCommand {
    /// The unsent command.
    pub command: Box<RemotingCommand>,
    /// The cause.
    #[source]
    pub error: EncodeError,
}

/// The view of the channel that an [`InboundSink`] gets in each call.
pub struct SinkContext<'a> {
    egress: &'a mut Egress,
    now: Instant,
}

impl<'a> SinkContext<'a> {
    pub(crate) fn new(egress: &'a mut Egress, now: Instant) -> Self {
        Self { egress, now }
    }

    /// Returns the time of this poll. Does not read the clock.
    #[must_use]
    pub fn now(&self) -> Instant {
        self.now
    }

    /// Returns the channel.
    #[must_use]
    pub fn channel(&self) -> &Channel {
        self.egress.channel()
    }

    /// Sends a command. It passes the handlers, which may change it, and is written together with the other commands of this
    /// poll, without a lock. A reference is enough: the frame is encoded before this function returns, and a large body is
    /// shared.
    ///
    /// The water marks are not checked. A channel that suspends reads when unwritable bounds the responses that its sink
    /// writes.
    ///
    /// # Errors
    /// Returns [`EncodeError`] if the command cannot be encoded. No byte of it is sent, and the channel stays open.
    #[inline]
    pub fn write(&mut self, command: &mut RemotingCommand) -> Result<(), EncodeError> {
        self.egress.write(command, self.now)
    }

    /// Returns whether the write buffer stays within the low water mark with this command. Commands that are still in the queue
    /// of the channel do not count.
    #[must_use]
    pub fn has_room_for(&self, command: &RemotingCommand) -> bool {
        self.egress.has_room_for(command)
    }

    /// Returns whether the queue of the channel holds commands that were sent before, or a request to close. A command that is
    /// [written](Self::write) now arrives before them; a command that is [queued](Channel::try_send) arrives after them.
    #[inline]
    #[must_use]
    pub fn has_queued(&self) -> bool {
        self.egress.channel().has_queued()
    }

    /// Closes the channel after the pending bytes are written.
    pub fn close(&mut self, reason: CloseReason) {
        self.egress.request_close(reason);
    }
}

impl fmt::Debug for SinkContext<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SinkContext").field("channel", self.channel()).finish_non_exhaustive()
    }
}
