//! The handler that reports connection events.

use remoting_protocol::ErrorChain;

use crate::{
    channel::{ChannelError, CloseReason},
    event::{ChannelEvent, ChannelEventKind, EventSender},
    pipeline::{ChannelHandler, HandlerContext, IdleKind, Interest},
};

/// A handler that sends the events of a channel to the queue of an event listener. Equivalent of Java's
/// `NettyConnectManageHandler`.
///
/// An accepted channel sends CONNECT, a dialled channel CONNECT and ACTIVE. IDLE and EXCEPTION may follow. CLOSE is always
/// the last event, and is sent once.
#[derive(Debug)]
pub struct ConnectionEventsHandler {
    events: EventSender,
    dialled: bool,
    announced: bool,
}

impl ConnectionEventsHandler {
    /// Creates a handler for a channel that a server accepted.
    #[must_use]
    pub fn accepted(events: EventSender) -> Self {
        Self { events, dialled: false, announced: false }
    }

    /// Creates a handler for a channel that a client dialled.
    #[must_use]
    pub fn dialled(events: EventSender) -> Self {
        Self { events, dialled: true, announced: false }
    }

    fn send(&self, ctx: &HandlerContext<'_>, kind: ChannelEventKind) -> bool {
        self.events.send(ChannelEvent::new(kind, ctx.channel().clone()))
    }
}

impl ChannelHandler for ConnectionEventsHandler {
    fn interest(&self) -> Interest {
        Interest::NONE
    }

    fn channel_active(&mut self, ctx: &mut HandlerContext<'_>) {
        self.announced = self.send(ctx, ChannelEventKind::Connect);
        if !self.announced {
            ctx.close(CloseReason::local("the event listener is too slow: its queue is full"));
        } else if self.dialled {
            self.send(ctx, ChannelEventKind::Active);
        }
    }

    fn channel_idle(&mut self, ctx: &mut HandlerContext<'_>, kind: IdleKind) {
        self.send(ctx, ChannelEventKind::Idle(kind));
    }

    fn exception_caught(&mut self, ctx: &mut HandlerContext<'_>, error: &ChannelError) {
        self.send(ctx, ChannelEventKind::Exception(ErrorChain(error).to_string().into()));
    }

    fn channel_inactive(&mut self, ctx: &mut HandlerContext<'_>, reason: &CloseReason) {
        if self.announced {
            self.send(ctx, ChannelEventKind::Close(reason.clone()));
        }
    }
}
