#[cfg(test)]
mod tests;

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use parking_lot::Mutex;
use remoting_transport::{
    ChannelEvent, ChannelEventListener, EventReceiver, EventSender, TaskGroup, catch_panic, channel_events,
};
use tokio_util::sync::CancellationToken;

/// Must end before the last event can have come.
type Source = Pin<Box<dyn Future<Output = ()> + Send>>;

/// The task that delivers connection events to the user's listeners, one at a time (Java:
/// `NettyEventExecutor`).
///
/// It is never aborted, because no CLOSE may be lost. Once stopped, it ends after its last event. Dropping
/// this stops it.
pub(crate) struct EventTask {
    sender: EventSender,
    sources: Arc<Mutex<Vec<Source>>>,
    ending: CancellationToken,
    task: TaskGroup,
}

impl EventTask {
    pub(crate) fn start(listeners: Vec<Box<dyn ChannelEventListener>>, capacity: usize) -> Self {
        let (sender, receiver) = channel_events(capacity);
        let sources = Arc::<Mutex<Vec<Source>>>::default();
        let (ending, task) = (CancellationToken::new(), TaskGroup::new());
        task.spawn(deliver(listeners, receiver, Arc::clone(&sources), ending.clone()));
        Self { sender, sources, ending, task }
    }

    pub(crate) const fn sender(&self) -> &EventSender {
        &self.sender
    }

    pub(crate) fn overflowed(&self) -> u64 {
        self.sender.overflowed()
    }

    /// Returns whether the task has not ended.
    pub(crate) fn is_running(&self) -> bool {
        !self.task.is_empty()
    }

    /// Registers a source of events. Events may come until `ended` resolves; it is polled once the task is
    /// stopped.
    pub(crate) fn await_source(&self, ended: impl Future<Output = ()> + Send + 'static) {
        self.sources.lock().push(Box::pin(ended));
    }

    /// Stops the task after its last event.
    pub(crate) fn end_soon(&self) {
        self.ending.cancel();
    }

    /// Stops the task after its last event, and waits for its end.
    pub(crate) async fn end(&self) {
        self.end_soon();
        self.task.ended().await;
    }
}

async fn deliver(
    listeners: Vec<Box<dyn ChannelEventListener>>,
    mut receiver: EventReceiver,
    sources: Arc<Mutex<Vec<Source>>>,
    ending: CancellationToken,
) {
    let notify = |event: ChannelEvent| {
        for listener in &listeners {
            if let Err(panic) = catch_panic(|| listener.on_event(event.clone())) {
                tracing::error!("the event listener panicked: {panic}");
            }
        }
    };
    let ended = async {
        ending.cancelled().await;
        let sources = std::mem::take(&mut *sources.lock());
        for source in sources {
            source.await;
        }
    };
    tokio::pin!(ended);
    loop {
        tokio::select! {
            biased; // deterministic order
            Some(event) = receiver.recv() => notify(event),
            () = &mut ended => break,
        }
    }
    while let Some(event) = receiver.try_recv() {
        notify(event);
    }
}

impl Drop for EventTask {
    fn drop(&mut self) {
        self.end_soon();
    }
}

impl fmt::Debug for EventTask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventTask").field("overflowed", &self.overflowed()).finish_non_exhaustive()
    }
}
