//! The seam to the layer above: where decoded commands go once the handlers have seen them.

use std::{fmt, task::Poll, time::Instant};

use remoting_protocol::{EncodeError, ErrorChain, RemotingCommand};
use thiserror::Error;

use super::egress::Egress;
use crate::channel::{Channel, CloseReason};

/// What the layer above does with a channel's commands. All methods run on the channel's own task and must not
/// block. `active` comes first and `inactive` last, each once.
///
/// # How the peer's end is told
/// [`peer_closed`](Self::peer_closed) comes as soon as the end is seen, possibly with bytes before it that have not been
/// read; [`read_closed`](Self::read_closed) comes when everything before the end has been read and delivered. Mostly
/// there is only `read_closed`: a channel that reads finds the end by reading. `peer_closed` is for a channel that does
/// not, because the sink is not ready or the channel is unwritable; it then comes within about half a second, once, and
/// `read_closed` follows when the sink has let the channel read to the end.
pub trait InboundSink: Send + 'static {
    /// The channel is ready.
    fn active(&mut self, cx: &mut SinkContext<'_>) {
        let _ = cx;
    }

    /// Whether the sink takes another command. `Ready` is an answer for one command, and is kept until that command
    /// comes: a sink that then finds no capacity for it has to hold it back itself.
    ///
    /// While it is `Pending`, nothing is decoded, delivered or read, so the peer meets back-pressure; the time that its
    /// frame may take does not run. The sink is asked again whenever the channel's task runs. Whoever makes it ready
    /// wakes that task by [`Channel::waker`]. A channel that is closing
    /// goes on asking until the sink was ready once, so that a sink that holds a command back can still start it; such a
    /// command should count as [in flight](Self::in_flight).
    fn poll_ready(&mut self, cx: &mut SinkContext<'_>) -> Poll<()> {
        let _ = cx;
        Poll::Ready(())
    }

    /// A command has come through the handlers.
    fn command(&mut self, cx: &mut SinkContext<'_>, command: RemotingCommand);

    /// The last command that came with one read, or of those held back while reads were suspended, has been
    /// delivered: the place to do once what is costly to do for each.
    fn read_complete(&mut self, cx: &mut SinkContext<'_>) {
        let _ = cx;
    }

    /// The peer has closed its side, seen while this side does not read: bytes may still lie before the end. Comes at
    /// most once. TCP and Unix-domain sockets, also under TLS, and the in-memory transport tell this; on systems that
    /// cannot, and for other streams, only [`read_closed`](Self::read_closed) comes.
    fn peer_closed(&mut self, cx: &mut SinkContext<'_>) {
        let _ = cx;
    }

    /// The peer will send nothing more, though this side may still write. Requests that were queued and not written have
    /// been handed to [`unsent`](Self::unsent) before. `inactive` follows later.
    fn read_closed(&mut self, cx: &mut SinkContext<'_>, reason: &CloseReason) {
        let _ = (cx, reason);
    }

    /// A command that was queued by [`Channel::send`] or [`Channel::try_send`] cannot be put on the wire. It
    /// alone is lost; the channel goes on.
    fn write_failed(&mut self, cx: &mut SinkContext<'_>, failure: UnencodableCommand) {
        tracing::warn!(channel = %cx.channel(), "a command was not sent: {}", ErrorChain(&failure));
    }

    /// A command that was queued by [`Channel::send`] or [`Channel::try_send`] and of which no byte was given to the
    /// stream: it did not reach the peer, and no handler has seen it. Comes for each such command
    ///
    /// * before [`read_closed`](Self::read_closed), for requests: nobody would answer them any more;
    /// * before [`inactive`](Self::inactive), for all that is left, however the channel ends. A driver that is dropped
    ///   before it was polled tells this too, without `active` before or `inactive` after.
    ///
    /// A command that is neither told here nor in [`write_failed`](Self::write_failed) may have been written, in part or
    /// as a whole.
    fn unsent(&mut self, channel: &Channel, command: RemotingCommand) {
        tracing::debug!(%channel, code = command.code(), "the channel ended before a command was written");
    }

    /// When [`InboundSink::deadline_reached`] is to be called; asked each time before the channel's task waits.
    fn next_deadline(&mut self) -> Option<Instant> {
        None
    }

    /// The moment told by [`InboundSink::next_deadline`] has come.
    fn deadline_reached(&mut self, cx: &mut SinkContext<'_>) {
        let _ = cx;
    }

    /// How many requests of the peer are being worked on. After the peer has closed its side, the channel stays
    /// until this is zero or the close time-out is over; a task that finishes the last one calls
    /// [`ChannelWaker::wake_if_closing`](crate::ChannelWaker::wake_if_closing).
    fn in_flight(&self) -> usize {
        0
    }

    /// Whether this side works on requests of the peer, or waits for its responses: such a channel is not idle. Asked
    /// when an idle time is over. Default: whether anything is [in flight](Self::in_flight).
    fn has_work(&self) -> bool {
        self.in_flight() > 0
    }

    /// The channel has ended. Nothing can be sent any more.
    fn inactive(&mut self, channel: &Channel, reason: &CloseReason) {
        let _ = (channel, reason);
    }
}

/// A command that cannot be put on the wire, with the reason.
#[derive(Debug, Error)]
#[error("a command cannot be encoded")]
#[non_exhaustive]
pub struct UnencodableCommand {
    /// The command, unsent.
    pub command: Box<RemotingCommand>,
    /// What is wrong with it.
    #[source]
    pub error: EncodeError,
}

/// What an [`InboundSink`] may do from inside the channel's task.
pub struct SinkContext<'a> {
    egress: &'a mut Egress,
    now: Instant,
}

impl<'a> SinkContext<'a> {
    pub(crate) fn new(egress: &'a mut Egress, now: Instant) -> Self {
        Self { egress, now }
    }

    /// The time at which this is called. Reading it costs nothing.
    pub fn now(&self) -> Instant {
        self.now
    }

    /// The channel.
    pub fn channel(&self) -> &Channel {
        self.egress.channel()
    }

    /// Sends a command: it passes the handlers and is written together with all others of this call, without a lock.
    /// No bound is checked: a channel that suspends reads when unwritable bounds it.
    ///
    /// # Errors
    /// When the command cannot be encoded; nothing of it is sent, and the channel goes on.
    #[inline]
    pub fn write(&mut self, command: RemotingCommand) -> Result<(), UnencodableCommand> {
        self.egress.write(command, self.now)
    }

    /// Closes the channel after what has been sent is written.
    pub fn close(&mut self, reason: CloseReason) {
        self.egress.request_close(reason);
    }
}

impl fmt::Debug for SinkContext<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SinkContext").field("channel", self.channel()).finish_non_exhaustive()
    }
}
