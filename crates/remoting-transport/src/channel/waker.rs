//! The waker of a channel's task.

use std::{
    fmt,
    sync::Arc,
    task::{Wake, Waker},
};

use super::{Channel, Inner};

/// A waker of a channel's task, for an [`InboundSink`](crate::InboundSink) and the tasks that finish its requests.
/// Cloning is cheap.
///
/// It converts into a [`Waker`], with which the sink can poll futures.
#[derive(Clone)]
pub struct ChannelWaker {
    inner: Arc<Inner>,
}

impl ChannelWaker {
    pub(super) fn of(channel: &Channel) -> Self {
        Self { inner: Arc::clone(&channel.inner) }
    }

    /// Wakes the channel's task. The task then calls `poll_ready`, `next_deadline` and, on a closing channel, `in_flight`
    /// of its [`InboundSink`](crate::InboundSink).
    pub fn wake(&self) {
        self.inner.outbound.wake_driver();
    }

    /// Wakes the channel's task if the channel is closing, because it may wait for requests in flight. Otherwise this is
    /// cheap and does nothing.
    ///
    /// A task calls this after it finished a request, when [`InboundSink::in_flight`](crate::InboundSink::in_flight) no
    /// longer counts that request. The channel then cannot miss that its last request is done.
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
