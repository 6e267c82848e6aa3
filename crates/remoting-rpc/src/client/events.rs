//! Connection events, from the channels to the client's listener (Java: `NettyEventExecutor`).

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::shutdown::CLOSE_TIMEOUT;
use crate::budget::deadline_after;
use crate::dispatch::catch_panic_in;
use crate::endpoint::TaskScope;
use crate::transport::{ChannelEventListener, EventReceiver};

/// Delivers events one after the other. Once the client is `over` it waits for the end of its channels' tasks, so
/// that no CLOSE is lost, and ends.
pub(super) async fn deliver(
    mut events: EventReceiver,
    listener: Box<dyn ChannelEventListener>,
    over: CancellationToken,
    channels: TaskScope,
) {
    let tell = |event| {
        if let Err(panic) = catch_panic_in(|| listener.on_event(event)) {
            tracing::error!("the event listener panicked: {panic}");
        }
    };
    let ended = async {
        over.cancelled().await;
        channels.ended(deadline_after(Instant::now(), CLOSE_TIMEOUT)).await;
    };
    tokio::pin!(ended);
    loop {
        tokio::select! {
            biased;
            event = events.recv() => tell(event),
            _ = &mut ended => break,
        }
    }
    while let Some(event) = events.try_recv() {
        tell(event);
    }
}
