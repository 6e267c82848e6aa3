use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::{Arc, OnceLock};

use parking_lot::Mutex;
use remoting_transport::protocol::ErrorChain;
use remoting_transport::{AcceptError, Address, poll_catching_panic};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::error::Cause;

/// The task that accepts the connections of a port. It ends when it is stopped, or when the listener fails, which is
/// known from then on.
#[derive(Debug)]
pub(in crate::server) struct Accepting {
    stop: CancellationToken,
    task: Mutex<Option<JoinHandle<()>>>,
    failure: Arc<OnceLock<Cause>>,
}

/// A panic where no code of the user runs.
#[derive(Debug, thiserror::Error)]
#[error("the accept task panicked: {0}")]
struct AcceptPanic(String);

impl Accepting {
    pub(super) fn start(local: Address, serve: impl Future<Output = AcceptError> + Send + 'static) -> Self {
        let (stop, failure) = (CancellationToken::new(), Arc::<OnceLock<Cause>>::default());
        let task = tokio::spawn({
            let (stop, failure) = (stop.clone(), Arc::clone(&failure));
            async move {
                let mut serve = pin!(serve);
                let serve = poll_fn(|cx| poll_catching_panic(serve.as_mut(), cx));
                let cause: Cause = match stop.run_until_cancelled(serve).await {
                    None => return,
                    // The server was dropped, and its event loops have ended first.
                    Some(_) if stop.is_cancelled() => return,
                    Some(Ok(error)) => Arc::new(error),
                    Some(Err(panic)) => Arc::new(AcceptPanic(panic)),
                };
                tracing::error!(%local, "no more connections are accepted: {}", ErrorChain(&*cause));
                let _first = failure.set(cause);
            }
        });
        Self { stop, task: Mutex::new(Some(task)), failure }
    }

    /// Why connections are not accepted any more, if it is not because of [`stop`](Self::stop).
    pub(in crate::server) fn failure(&self) -> Option<Cause> {
        self.failure.get().cloned()
    }

    pub(super) fn stop_soon(&self) {
        self.stop.cancel();
    }

    /// Closes the listener; when this returns, nobody can connect any more.
    pub(super) async fn stop(&self) {
        self.stop_soon();
        let task = self.task.lock().take();
        if let Some(task) = task {
            let _cancelled = task.await; // its panics are caught
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    fn address() -> Address {
        Address::memory("accepting")
    }

    #[tokio::test]
    async fn a_listener_that_fails_is_known_to_its_server() {
        let error = AcceptError { listener: address(), source: io::ErrorKind::InvalidInput.into() };
        let accepting = Accepting::start(address(), async move { error });
        while accepting.failure().is_none() {
            tokio::task::yield_now().await;
        }
        assert!(accepting.failure().unwrap().downcast_ref::<AcceptError>().is_some());
    }

    #[tokio::test]
    async fn an_accept_task_that_panics_is_known_to_its_server() {
        let accepting = Accepting::start(address(), async { panic!("boom") });
        while accepting.failure().is_none() {
            tokio::task::yield_now().await;
        }
        assert_eq!(accepting.failure().unwrap().to_string(), "the accept task panicked: boom");
    }

    #[tokio::test]
    async fn a_listener_that_is_closed_has_not_failed() {
        let accepting = Accepting::start(address(), std::future::pending());
        accepting.stop().await;
        assert!(accepting.failure().is_none());
    }
}
