//! Connection events, and the queue between channels and a listener.

mod kind;

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use tokio::sync::{Semaphore, mpsc};

pub use self::kind::ChannelEventKind;
use crate::channel::Channel;

/// An event of a channel. Equivalent of Java's `NettyEvent`.
///
/// Displays as the name of the kind, the channel and the details:
/// `CLOSE #7 127.0.0.1:9876 - 127.0.0.1:51234 (closed by the peer: …)`.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ChannelEvent {
    /// The kind of event.
    pub kind: ChannelEventKind,
    /// The channel of the event.
    pub channel: Channel,
}

impl ChannelEvent {
    /// Creates an event of a channel.
    #[must_use]
    pub fn new(kind: ChannelEventKind, channel: Channel) -> Self {
        Self { kind, channel }
    }
}

impl fmt::Display for ChannelEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind.name(), self.channel)?;
        self.kind.fmt_details(f)
    }
}

/// A listener for [`ChannelEvent`]s. Equivalent of Java's `ChannelEventListener`. Closures implement this trait.
pub trait ChannelEventListener: Send + Sync + 'static {
    /// Handles an event. Events arrive in the order in which they happened.
    ///
    /// This method runs on a task of the runtime and must not block. Events are queued while it runs. When the queue is
    /// full, new connections are rejected.
    fn on_event(&self, event: ChannelEvent);
}

impl<F: Fn(ChannelEvent) + Send + Sync + 'static> ChannelEventListener for F {
    fn on_event(&self, event: ChannelEvent) {
        self(event);
    }
}

/// Creates a queue of events between channels and one listener.
///
/// `capacity` bounds the queue (Java: 10 000). When the queue is full, an event is dropped and counted by
/// [`EventSender::overflowed`], with two exceptions: a CLOSE is always queued, and a channel whose CONNECT does not fit is
/// rejected. The queue therefore holds at most `capacity` events plus one CLOSE for each live channel, and a listener that
/// received the CONNECT of a channel also receives its CLOSE.
///
/// After the receiver is dropped, events are discarded, and channels continue without a listener.
#[must_use]
pub fn channel_events(capacity: usize) -> (EventSender, EventReceiver) {
    let (events, receiver) = mpsc::unbounded_channel();
    let shared = Arc::new(Shared {
        slots: Semaphore::new(capacity.min(Semaphore::MAX_PERMITS)),
        overflowed: AtomicU64::new(0),
    });
    (EventSender { events, shared: Arc::clone(&shared) }, EventReceiver { events: receiver, shared })
}

#[derive(Debug)]
struct Shared {
    /// Free slots of the queue. A CLOSE takes none.
    slots: Semaphore,
    overflowed: AtomicU64,
}

/// The sending half of an event queue; see [`channel_events`]. Clones send to the same queue.
#[derive(Debug, Clone)]
pub struct EventSender {
    events: mpsc::UnboundedSender<ChannelEvent>,
    shared: Arc<Shared>,
}

impl EventSender {
    /// Queues an event. Returns false if the queue is full and the event was dropped. If the receiver is gone, the event
    /// is discarded and this returns true.
    pub fn send(&self, event: ChannelEvent) -> bool {
        if event.kind.needs_slot() {
            match self.shared.slots.try_acquire() {
                Ok(slot) => slot.forget(),
                Err(_full) if self.events.is_closed() => return true,
                Err(_full) => {
                    let overflowed = self.shared.overflowed.fetch_add(1, Ordering::Relaxed) + 1;
                    if overflowed.is_power_of_two() {
                        tracing::warn!(overflowed, %event, "the event listener is too slow: event dropped");
                    }
                    return false;
                }
            }
        }
        let _receiver_is_gone = self.events.send(event);
        true
    }

    /// Returns how many events were dropped because the queue was full.
    #[must_use]
    pub fn overflowed(&self) -> u64 {
        self.shared.overflowed.load(Ordering::Relaxed)
    }

    /// Returns whether the receiver is gone.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.events.is_closed()
    }
}

/// The receiving half of an event queue; see [`channel_events`].
#[derive(Debug)]
pub struct EventReceiver {
    events: mpsc::UnboundedReceiver<ChannelEvent>,
    shared: Arc<Shared>,
}

impl EventReceiver {
    /// Waits for the next event and returns it. Returns `None` if all senders are gone and all events have been
    /// received.
    ///
    /// # Cancel safety
    /// This method is cancel safe: a dropped future has received no event.
    pub async fn recv(&mut self) -> Option<ChannelEvent> {
        let event = self.events.recv().await?;
        Some(self.received(event))
    }

    /// Returns the next event, if one is queued.
    pub fn try_recv(&mut self) -> Option<ChannelEvent> {
        let event = self.events.try_recv().ok()?;
        Some(self.received(event))
    }

    fn received(&self, event: ChannelEvent) -> ChannelEvent {
        if event.kind.needs_slot() {
            self.shared.slots.add_permits(1);
        }
        event
    }
}
