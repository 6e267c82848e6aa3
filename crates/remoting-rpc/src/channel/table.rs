use parking_lot::Mutex;
use remoting_transport::{ChannelId, CloseReason};
use rustc_hash::FxHashMap;
use tokio::sync::Notify;
use tokio::time::{Instant, timeout_at};

use super::RpcChannel;

/// The live channels of an endpoint. A channel is in the table from `active` to `inactive`.
#[derive(Debug, Default)]
pub(crate) struct ChannelTable {
    channels: Mutex<FxHashMap<ChannelId, RpcChannel>>,
    empty: Notify,
}

impl ChannelTable {
    pub(crate) fn insert(&self, channel: &RpcChannel) {
        self.channels.lock().insert(channel.id(), channel.clone());
    }

    pub(crate) fn remove(&self, id: ChannelId) {
        let (removed, empty) = {
            let mut channels = self.channels.lock();
            (channels.remove(&id), channels.is_empty())
        };
        drop(removed);
        if empty {
            self.empty.notify_waiters();
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.channels.lock().len()
    }

    /// Returns all channels, oldest first.
    pub(crate) fn list(&self) -> Vec<RpcChannel> {
        let mut list: Vec<_> = self.channels.lock().values().cloned().collect();
        list.sort_unstable_by_key(RpcChannel::id);
        list
    }

    pub(crate) fn close_all(&self, reason: &CloseReason) {
        for channel in self.list() {
            channel.close(reason.clone());
        }
    }

    /// Waits until no channel is left. Returns false if `deadline` passes first.
    pub(crate) async fn emptied(&self, deadline: Instant) -> bool {
        loop {
            let emptied = self.empty.notified();
            if self.len() == 0 {
                return true;
            }
            if timeout_at(deadline, emptied).await.is_err() {
                return self.len() == 0;
            }
        }
    }
}
