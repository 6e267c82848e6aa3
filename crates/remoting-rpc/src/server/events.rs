use std::fmt;
use std::sync::Arc;

use parking_lot::Mutex;
use remoting_transport::{ChannelEventListener, EventReceiver, EventSender, TaskGroup, channel_events};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::dispatch::catch_panic_in;

/// The task that hands connection events to the user's listener (Java: `NettyEventExecutor`).
pub(super) struct EventTask {
    sender: EventSender,
    /// The connections whose CLOSE must be told before the task ends.
    connections: Arc<Mutex<Vec<TaskGroup>>>,
    ending: CancellationToken,
    task: Mutex<Option<JoinHandle<()>>>,
}

impl EventTask {
    pub(super) fn start(listener: Box<dyn ChannelEventListener>, capacity: usize) -> Self {
        let (sender, receiver) = channel_events(capacity);
        let connections = Arc::<Mutex<Vec<TaskGroup>>>::default();
        let ending = CancellationToken::new();
        let task = tokio::spawn(deliver(listener, receiver, Arc::clone(&connections), ending.clone()));
        Self { sender, connections, ending, task: Mutex::new(Some(task)) }
    }

    pub(super) const fn sender(&self) -> &EventSender {
        &self.sender
    }

    pub(super) fn overflowed(&self) -> u64 {
        self.sender.overflowed()
    }

    pub(super) fn await_connections(&self, connections: &TaskGroup) {
        self.connections.lock().push(connections.clone());
    }

    /// The task ends once all connections have, after their last events.
    pub(super) fn end_soon(&self) {
        self.ending.cancel();
    }

    /// As [`end_soon`](Self::end_soon), and waits for it.
    pub(super) async fn end(&self) {
        self.end_soon();
        let task = self.task.lock().take();
        if let Some(task) = task
            && let Err(error) = task.await
        {
            tracing::error!("the event task failed: {error}");
        }
    }
}

async fn deliver(
    listener: Box<dyn ChannelEventListener>,
    mut receiver: EventReceiver,
    connections: Arc<Mutex<Vec<TaskGroup>>>,
    ending: CancellationToken,
) {
    let tell = |event| {
        if let Err(panic) = catch_panic_in(|| listener.on_event(event)) {
            tracing::error!("the event listener panicked: {panic}");
        }
    };
    let ended = async {
        ending.cancelled().await;
        let connections = std::mem::take(&mut *connections.lock());
        for connections in connections {
            connections.ended().await;
        }
    };
    tokio::pin!(ended);
    loop {
        tokio::select! {
            event = receiver.recv() => tell(event),
            () = &mut ended => break,
        }
    }
    while let Some(event) = receiver.try_recv() {
        tell(event);
    }
}

impl Drop for EventTask {
    /// For a server that was never started.
    fn drop(&mut self) {
        self.end_soon();
    }
}

impl fmt::Debug for EventTask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventTask").field("overflowed", &self.overflowed()).finish_non_exhaustive()
    }
}
