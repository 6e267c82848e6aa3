//! Connection events, on their way to a listener of the user's.

use std::{
    collections::VecDeque,
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use parking_lot::Mutex;
use tokio::sync::Notify;

use crate::{
    channel::{Channel, CloseReason},
    pipeline::IdleKind,
};

/// What happened to a channel, as Java's `NettyEvent`.
#[derive(Debug, Clone)]
pub struct ChannelEvent {
    /// What happened.
    pub kind: ChannelEventKind,
    /// To which channel.
    pub channel: Channel,
}

/// The kinds of event, as Java's `NettyEventType`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ChannelEventKind {
    /// A connection was made or accepted.
    Connect,
    /// A dialled channel is ready for use.
    Active,
    /// Nothing moved for the idle time.
    Idle(IdleKind),
    /// The connection broke, or the peer violated the protocol; this is what was wrong.
    Exception(Arc<str>),
    /// The channel has ended.
    Close(CloseReason),
}

impl fmt::Display for ChannelEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            ChannelEventKind::Connect => write!(f, "CONNECT {}", self.channel),
            ChannelEventKind::Active => write!(f, "ACTIVE {}", self.channel),
            ChannelEventKind::Idle(kind) => write!(f, "IDLE {} ({kind:?})", self.channel),
            ChannelEventKind::Exception(what) => write!(f, "EXCEPTION {} ({what})", self.channel),
            ChannelEventKind::Close(reason) => write!(f, "CLOSE {} ({reason})", self.channel),
        }
    }
}

/// Gets each [`ChannelEvent`], as Java's `ChannelEventListener`. Closures implement it.
pub trait ChannelEventListener: Send + Sync + 'static {
    /// One event, in the order in which they happened. Called on a task of the runtime, so it must not block;
    /// while it does, events queue up, and in the end new connections are refused.
    fn on_event(&self, event: ChannelEvent);
}

impl<F: Fn(ChannelEvent) + Send + Sync + 'static> ChannelEventListener for F {
    fn on_event(&self, event: ChannelEvent) {
        self(event);
    }
}

/// A queue of events between channels and one listener.
///
/// `capacity` bounds it (Java: 10 000). Beyond that an event is dropped and counted in
/// [`EventSender::overflowed`], with two exceptions: a CLOSE is never lost, and a channel that cannot announce
/// itself by a CONNECT is refused. So the queue never holds more than `capacity` events and one CLOSE for each
/// live channel, and a listener that saw a CONNECT will see the CLOSE.
pub fn channel_events(capacity: usize) -> (EventSender, EventReceiver) {
    let queue = Arc::new(EventQueue {
        events: Mutex::default(),
        arrived: Notify::new(),
        capacity,
        overflowed: AtomicU64::new(0),
    });
    (EventSender { queue: Arc::clone(&queue) }, EventReceiver { queue })
}

#[derive(Debug)]
struct EventQueue {
    events: Mutex<VecDeque<ChannelEvent>>,
    arrived: Notify,
    capacity: usize,
    overflowed: AtomicU64,
}

/// Where channels put their events; see [`channel_events`].
#[derive(Debug, Clone)]
pub struct EventSender {
    queue: Arc<EventQueue>,
}

impl EventSender {
    /// Queues an event. False: it was dropped, for the queue is full.
    pub fn send(&self, event: ChannelEvent) -> bool {
        let lossless = matches!(event.kind, ChannelEventKind::Close(_));
        {
            let mut events = self.queue.events.lock();
            if !lossless && events.len() >= self.queue.capacity {
                drop(events);
                let overflowed = self.queue.overflowed.fetch_add(1, Ordering::Relaxed) + 1;
                if overflowed.is_power_of_two() {
                    tracing::warn!(overflowed, %event, "the event listener is too slow: event dropped");
                }
                return false;
            }
            events.push_back(event);
        }
        self.queue.arrived.notify_one();
        true
    }

    /// How many events were dropped.
    pub fn overflowed(&self) -> u64 {
        self.queue.overflowed.load(Ordering::Relaxed)
    }
}

/// Where a listener's task takes its events; see [`channel_events`].
#[derive(Debug)]
pub struct EventReceiver {
    queue: Arc<EventQueue>,
}

impl EventReceiver {
    /// The next event; waits for one.
    ///
    /// # Cancellation
    /// A dropped future has taken nothing.
    pub async fn recv(&mut self) -> ChannelEvent {
        loop {
            if let Some(event) = self.try_recv() {
                return event;
            }
            self.queue.arrived.notified().await;
        }
    }

    /// The next event, if there is one.
    pub fn try_recv(&mut self) -> Option<ChannelEvent> {
        self.queue.events.lock().pop_front()
    }
}
