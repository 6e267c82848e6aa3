use std::sync::atomic::Ordering;

use super::RpcChannel;

/// A request of the peer that a task or thread works on.
pub(crate) struct Processing {
    channel: RpcChannel,
}

impl Processing {
    pub(super) fn new(channel: RpcChannel) -> Self {
        channel.inner.processing.fetch_add(1, Ordering::AcqRel);
        Self { channel }
    }

    pub(crate) fn channel(&self) -> &RpcChannel {
        &self.channel
    }
}

impl Drop for Processing {
    fn drop(&mut self) {
        if self.channel.inner.processing.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.channel.inner.channel.wake_if_closing(); // such a channel waits for its last request
        }
    }
}
