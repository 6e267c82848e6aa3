//! The task of an accepted connection: its prologue, then its channel.

use std::{
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio_util::sync::CancellationToken;

use super::{
    ListenerStatistics, admission::Permit, pending_prologues::PendingPrologue, refusal_log::RefusalLog,
};
use crate::{
    address::Address,
    bootstrap::Bootstrap,
    channel::{Channel, CloseInitiator},
    connection::Connection,
    driver::ChannelDriver,
    machine::InboundSink,
    panic::{catch_panic, poll_catching_panic},
    prologue::{PrologueError, Verdict},
    protocol::ErrorChain,
};

/// The task of a connection from its first byte to its last. Dropping it closes the connection.
///
/// An established channel keeps no memory of the prologue.
pub(crate) struct AcceptedConnection {
    stage: Stage,
    refusals: Arc<RefusalLog>,
    _permit: Permit,
}

#[expect(clippy::large_enum_variant, reason = "most connections are a channel for most of their life")]
enum Stage {
    Prologue(Pin<Box<dyn Future<Output = Self> + Send>>),
    Channel(ChannelDriver),
    OtherProtocol { peer: Address, conversation: Pin<Box<dyn Future<Output = ()> + Send>> },
    Over,
}

/// What the task needs to turn an accepted connection into a channel.
pub(crate) struct Reception<F> {
    pub(crate) bootstrap: Bootstrap,
    pub(crate) sinks: Arc<F>,
    pub(crate) prologue_timeout: Duration,
    /// The entry among the pending prologues, if there are prologue steps.
    pub(crate) pending: Option<PendingPrologue>,
    /// Cancelled when the listener closes. Connections still in their prologue are then closed.
    pub(crate) closing: CancellationToken,
    pub(crate) statistics: Arc<ListenerStatistics>,
    pub(crate) refusals: Arc<RefusalLog>,
}

impl AcceptedConnection {
    pub(crate) fn new<F>(connection: Connection, permit: Permit, reception: Reception<F>) -> Self
    where
        F: Fn(&Channel) -> Box<dyn InboundSink> + Send + Sync + 'static,
    {
        let refusals = Arc::clone(&reception.refusals);
        Self { stage: Stage::Prologue(Box::pin(receive(connection, reception))), refusals, _permit: permit }
    }
}

impl Future for AcceptedConnection {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = self.get_mut();
        loop {
            this.stage = match &mut this.stage {
                Stage::Prologue(prologue) => ready!(prologue.as_mut().poll(cx)),
                Stage::Channel(driver) => {
                    let reason = ready!(Pin::new(&mut *driver).poll(cx));
                    if reason.by() == CloseInitiator::Protocol {
                        this.refusals.closed(driver.channel().peer_addr(), &reason);
                    }
                    Stage::Over
                }
                Stage::OtherProtocol { peer, conversation } => {
                    if let Err(panic) = ready!(poll_catching_panic(conversation.as_mut(), cx)) {
                        let why = format!("the conversation on the claimed connection panicked: {panic}");
                        this.refusals.closed(peer, &why);
                    }
                    Stage::Over
                }
                Stage::Over => return Poll::Ready(()),
            };
        }
    }
}

/// Runs the prologue and opens the channel.
async fn receive<F>(connection: Connection, reception: Reception<F>) -> Stage
where
    F: Fn(&Channel) -> Box<dyn InboundSink> + Send + Sync + 'static,
{
    let Reception { bootstrap, sinks, prologue_timeout, pending, closing, statistics, refusals } = reception;
    let (local, peer) = (connection.local.clone(), connection.peer.clone());
    let prologue = tokio::time::timeout(prologue_timeout, bootstrap.run_prologue(connection));
    let stop = pending.as_ref().map_or(&closing, PendingPrologue::displaced);
    let Some(prologue) = stop.run_until_cancelled(prologue).await else {
        if closing.is_cancelled() {
            tracing::debug!(%local, %peer, "connection closed: the listener was closed before its first frame");
        } else {
            statistics.count_displaced_in_prologue();
            refusals.closed(&peer, &"displaced in its prologue by max_pending_prologues");
        }
        return Stage::Over;
    };
    drop(pending);
    let connection = match prologue.unwrap_or(Err(PrologueError::TooLong { after: prologue_timeout })) {
        Ok(Verdict::Continue(connection)) => connection,
        Ok(Verdict::Claim(conversation)) => return Stage::OtherProtocol { peer, conversation },
        Err(error @ PrologueError::Closed { .. }) => {
            tracing::debug!(%local, %peer, "connection closed: {error}");
            return Stage::Over;
        }
        Err(error) => {
            statistics.count_refused_in_prologue();
            match error {
                PrologueError::Silent { .. } => tracing::debug!(%local, %peer, "connection closed: {error}"),
                _ => refusals.closed(&peer, &ErrorChain(&error)),
            }
            return Stage::Over;
        }
    };
    let opened = match bootstrap.open(connection) {
        Ok(opened) => catch_panic(|| sinks(opened.channel()))
            .map(|sink| opened.drive_boxed(sink))
            .map_err(|panic| format!("the function that returns its sink panicked: {panic}")),
        Err(error) => Err(format!("its pipeline cannot be built: {error}")),
    };
    match opened {
        Ok(driver) => Stage::Channel(driver),
        Err(why) => {
            statistics.count_not_opened();
            refusals.closed(&peer, &why);
            Stage::Over
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_task_of_a_connection_is_little_more_than_its_channel() {
        let (task, driver) = (size_of::<AcceptedConnection>(), size_of::<ChannelDriver>());
        assert!(task <= driver + 48, "{task} bytes around {driver}");
        assert!(driver <= 600, "{driver} bytes");
    }
}
