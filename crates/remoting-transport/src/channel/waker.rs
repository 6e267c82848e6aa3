//! What wakes the task of a channel.

use std::{
    fmt,
    sync::Arc,
    task::{Wake, Waker},
};

use super::{Channel, Inner};

/// Wakes the task of a channel, for an [`InboundSink`](crate::InboundSink) and the tasks that it leaves work to.
/// Cloning is cheap.
///
/// The [`Waker`] made of it serves to poll a future from within the sink.
#[derive(Clone)]
pub struct ChannelWaker {
    inner: Arc<Inner>,
}

impl ChannelWaker {
    pub(super) fn of(channel: &Channel) -> Self {
        Self { inner: Arc::clone(&channel.inner) }
    }

    /// Makes the channel's task run soon. It then asks its [`InboundSink`](crate::InboundSink) again whether it is ready,
    /// for the next deadline and for what is in flight.
    pub fn wake(&self) {
        self.inner.outbound.wake_driver();
    }

    /// As [`wake`](Self::wake), if the channel is closing and may be waiting for the requests in hand; otherwise it
    /// does nothing, and costs little. For a task that has just finished one, so that
    /// [`InboundSink::in_flight`](crate::InboundSink::in_flight) counts it no more: no such moment is missed.
    pub fn wake_if_closing(&self) {
        self.inner.outbound.wake_if_closing();
    }
}

impl Wake for Inner {
    fn wake(self: Arc<Self>) {
        self.outbound.wake_driver();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.outbound.wake_driver();
    }
}

impl From<ChannelWaker> for Waker {
    fn from(waker: ChannelWaker) -> Self {
        waker.inner.into()
    }
}

impl fmt::Debug for ChannelWaker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ChannelWaker").field(&self.inner.id).finish()
    }
}
