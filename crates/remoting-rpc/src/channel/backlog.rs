//! The responses of an endpoint that wait for capacity in the queue of their channel.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;

use parking_lot::Mutex;
use remoting_transport::{ChannelId, CloseReason};
use rustc_hash::FxHashMap;
use tokio::time::Instant;

/// A channel with waiting responses.
pub(super) trait WaitingChannel: Send + Sync {
    /// Closes the channel because its peer reads too slowly.
    fn close_as_slow(&self, why: String) -> CloseReason;
}

/// Bounds the bytes of waiting responses. Above the limit, the channels whose last response was queued the
/// longest time ago are closed, so channels whose peers read do not pay for it.
pub(crate) struct ResponseBacklog {
    limit: usize,
    waiting: Mutex<Waiting>,
}

#[derive(Default)]
struct Waiting {
    total: usize,
    channels: FxHashMap<ChannelId, OfChannel>,
}

struct OfChannel {
    channel: Arc<dyn WaitingChannel>,
    bytes: usize,
    responses: usize,
    /// When a response was last queued, or when the first began to wait.
    progress: Instant,
    /// The channel is being closed and is no longer part of the total.
    evicted: bool,
}

/// One waiting response.
pub(super) struct WaitingResponse {
    backlog: Arc<ResponseBacklog>,
    channel: ChannelId,
    bytes: usize,
}

/// A channel to close, and why.
type Evicted = (Arc<dyn WaitingChannel>, String);

impl ResponseBacklog {
    pub(crate) fn new(limit: usize) -> Self {
        Self { limit, waiting: Mutex::default() }
    }

    /// Returns how many bytes wait.
    pub(crate) fn bytes(&self) -> usize {
        self.waiting.lock().total
    }

    /// Adds a response of `bytes` bytes until the returned guard is dropped. If this exceeds the limit, also
    /// returns the channels to close, of which this may be one, and the reasons.
    pub(super) fn add<C: WaitingChannel + 'static>(
        self: &Arc<Self>,
        id: ChannelId,
        channel: &Arc<C>,
        bytes: usize,
    ) -> (WaitingResponse, Vec<Evicted>) {
        let mut waiting = self.waiting.lock();
        let of_channel = waiting.channels.entry(id).or_insert_with(|| OfChannel {
            channel: Arc::<C>::clone(channel),
            bytes: 0,
            responses: 0,
            progress: Instant::now(),
            evicted: false,
        });
        of_channel.bytes += bytes;
        of_channel.responses += 1;
        if !of_channel.evicted {
            waiting.total += bytes;
        }
        let evicted = if waiting.total > self.limit { waiting.evict(self.limit) } else { Vec::new() };
        drop(waiting);
        (WaitingResponse { backlog: Arc::clone(self), channel: id, bytes }, evicted)
    }
}

impl Waiting {
    /// Removes channels from the total until it is within the limit: first those without progress for the longest time, of
    /// equals those with the most bytes. One pass, however many have to go.
    fn evict(&mut self, limit: usize) -> Vec<Evicted> {
        let candidates = self.channels.iter().filter(|(_, of_channel)| !of_channel.evicted);
        let mut slowest: BinaryHeap<_> = candidates
            .map(|(id, of_channel)| (Reverse(of_channel.progress), of_channel.bytes, *id))
            .collect();
        let mut evicted = Vec::new();
        while self.total > limit
            && let Some((_progress, bytes, id)) = slowest.pop()
            && let Some(of_channel) = self.channels.get_mut(&id)
        {
            of_channel.evicted = true;
            self.total -= bytes;
            let reason = format!(
                "the peer reads too slowly: {bytes} bytes of responses wait for it, and with those of other \
                 channels more than {limit} bytes (max_waiting_responses)"
            );
            evicted.push((Arc::clone(&of_channel.channel), reason));
        }
        evicted
    }
}

impl Drop for WaitingResponse {
    fn drop(&mut self) {
        let mut waiting = self.backlog.waiting.lock();
        let Some(of_channel) = waiting.channels.get_mut(&self.channel) else { return };
        of_channel.bytes -= self.bytes;
        of_channel.responses -= 1;
        of_channel.progress = Instant::now();
        let (evicted, last) = (of_channel.evicted, of_channel.responses == 0);
        let gone = last.then(|| waiting.channels.remove(&self.channel));
        if !evicted {
            waiting.total -= self.bytes;
        }
        drop(waiting);
        drop(gone);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use remoting_transport::{Channel, ChannelPipeline, EmbeddedChannel};
    use tokio::time::advance;

    use super::*;

    struct Stalled;

    impl WaitingChannel for Stalled {
        fn close_as_slow(&self, why: String) -> CloseReason {
            CloseReason::new(remoting_transport::CloseInitiator::Local, why)
        }
    }

    fn id() -> ChannelId {
        let channel = EmbeddedChannel::new(|_: &Channel, _: &mut ChannelPipeline| Ok(())).unwrap();
        channel.channel().id()
    }

    #[tokio::test(start_paused = true)]
    async fn as_many_channels_are_closed_as_the_limit_asks_for_the_slowest_first() {
        let (backlog, channel) = (Arc::new(ResponseBacklog::new(1_000)), Arc::new(Stalled));
        let (small, large): (Vec<_>, Vec<_>) =
            ((0..10).map(|_| id()).collect(), (0..10).map(|_| id()).collect());
        let (mut waiting, mut closed) = (Vec::new(), 0);
        for (ids, bytes) in [(&small, 1), (&large, 900)] {
            for id in ids {
                let (response, evicted) = backlog.add(*id, &channel, bytes);
                waiting.push(response);
                closed += evicted.len();
                assert!(backlog.bytes() <= 1_000, "{} bytes", backlog.bytes());
                advance(Duration::from_millis(1)).await;
            }
        }
        assert_eq!((backlog.bytes(), closed), (900, 19));
        drop(waiting);
        assert_eq!(backlog.bytes(), 0);
    }
}
