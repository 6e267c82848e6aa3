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
///
/// Once the receiver is dropped nobody listens: events are discarded, and channels go on.
pub fn channel_events(capacity: usize) -> (EventSender, EventReceiver) {
    let queue = Arc::new(EventQueue {
        state: Mutex::new(State { events: VecDeque::new(), senders: 1, receiving: true }),
        changed: Notify::new(),
        capacity,
        overflowed: AtomicU64::new(0),
    });
    (EventSender { queue: Arc::clone(&queue) }, EventReceiver { queue })
}

#[derive(Debug)]
struct EventQueue {
    state: Mutex<State>,
    /// An event has come, or the last sender is gone.
    changed: Notify,
    capacity: usize,
    overflowed: AtomicU64,
}

#[derive(Debug)]
struct State {
    events: VecDeque<ChannelEvent>,
    senders: usize,
    receiving: bool,
}

/// Where channels put their events; see [`channel_events`].
#[derive(Debug)]
pub struct EventSender {
    queue: Arc<EventQueue>,
}

impl EventSender {
    /// Queues an event. False: it was dropped, for the listener is too slow and the queue is full. An event that nobody
    /// listens to any more is discarded, and true.
    pub fn send(&self, event: ChannelEvent) -> bool {
        let lossless = matches!(event.kind, ChannelEventKind::Close(_));
        {
            let mut state = self.queue.state.lock();
            if !state.receiving {
                return true;
            }
            if !lossless && state.events.len() >= self.queue.capacity {
                drop(state);
                let overflowed = self.queue.overflowed.fetch_add(1, Ordering::Relaxed) + 1;
                if overflowed.is_power_of_two() {
                    tracing::warn!(overflowed, %event, "the event listener is too slow: event dropped");
                }
                return false;
            }
            state.events.push_back(event);
        }
        self.queue.changed.notify_one();
        true
    }

    /// How many events were dropped because the queue was full.
    pub fn overflowed(&self) -> u64 {
        self.queue.overflowed.load(Ordering::Relaxed)
    }

    /// Whether the receiver is gone.
    pub fn is_closed(&self) -> bool {
        !self.queue.state.lock().receiving
    }
}

impl Clone for EventSender {
    fn clone(&self) -> Self {
        self.queue.state.lock().senders += 1;
        Self { queue: Arc::clone(&self.queue) }
    }
}

impl Drop for EventSender {
    fn drop(&mut self) {
        let left = {
            let mut state = self.queue.state.lock();
            state.senders -= 1;
            state.senders
        };
        if left == 0 {
            self.queue.changed.notify_one();
        }
    }
}

/// Where a listener's task takes its events; see [`channel_events`].
#[derive(Debug)]
pub struct EventReceiver {
    queue: Arc<EventQueue>,
}

impl EventReceiver {
    /// The next event; waits for one. `None`: all senders are gone, and all events have been taken.
    ///
    /// # Cancellation
    /// A dropped future has taken nothing.
    pub async fn recv(&mut self) -> Option<ChannelEvent> {
        loop {
            {
                let mut state = self.queue.state.lock();
                let event = state.events.pop_front();
                if event.is_some() || state.senders == 0 {
                    return event;
                }
            }
            self.queue.changed.notified().await;
        }
    }

    /// The next event, if there is one.
    pub fn try_recv(&mut self) -> Option<ChannelEvent> {
        self.queue.state.lock().events.pop_front()
    }
}

impl Drop for EventReceiver {
    fn drop(&mut self) {
        let unheard = {
            let mut state = self.queue.state.lock();
            state.receiving = false;
            std::mem::take(&mut state.events)
        };
        // Not under the lock: an event may hold the last handle of a channel whose pipeline has a sender.
        drop(unheard);
    }
}
