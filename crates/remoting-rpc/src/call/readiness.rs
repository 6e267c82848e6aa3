//! The readiness of a service for its next call.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use super::ReservedPermit;
use crate::channel::{EndpointState, RpcChannel};
use crate::error::RpcError;

/// The peer that a service calls.
pub(crate) trait Callee: Clone + Send + Sync + 'static {
    fn endpoint(&self) -> &Arc<EndpointState>;

    /// Returns the open channel to the peer, or `None` if the next call connects. Fails if every call would fail.
    fn channel(&self) -> Result<Option<RpcChannel>, RpcError>;

    /// Returns the error of a call after the shutdown of the endpoint.
    fn refused(&self) -> RpcError;
}

/// Whether a service may be called: its channel is writable, and it has reserved a permit.
#[derive(Default)]
pub(crate) enum Readiness {
    #[default]
    Unknown,
    Waiting(Waiting),
    Ready(ReservedPermit),
}

type Waiting = Pin<Box<dyn Future<Output = Result<ReservedPermit, RpcError>> + Send + Sync>>;

impl Readiness {
    /// Polls until the next call to `callee` waits neither for a permit nor for a writable channel.
    pub(crate) fn poll(&mut self, callee: &impl Callee, cx: &mut Context<'_>) -> Poll<Result<(), RpcError>> {
        let channel = callee.channel().inspect_err(|_| *self = Self::Unknown)?;
        if let Self::Unknown = self {
            let writable = channel.is_none_or(|channel| channel.channel().is_writable());
            let permit = if writable { ReservedPermit::take_free(callee.endpoint()) } else { None };
            *self = match permit {
                Some(permit) => Self::Ready(permit),
                None => Self::Waiting(Box::pin(wait(callee.clone()))),
            };
        }
        if let Self::Waiting(waiting) = self {
            let permit = ready!(waiting.as_mut().poll(cx));
            *self = Self::Unknown;
            *self = Self::Ready(permit?);
        }
        Poll::Ready(Ok(()))
    }

    /// Returns the reserved permit, for a call.
    pub(crate) fn take(&mut self) -> Option<ReservedPermit> {
        match std::mem::take(self) {
            Self::Ready(permit) => Some(permit),
            Self::Unknown | Self::Waiting(_) => None,
        }
    }
}

/// Waits for a writable channel first, because a permit that waits with it would be missing elsewhere.
async fn wait(callee: impl Callee) -> Result<ReservedPermit, RpcError> {
    if let Some(channel) = callee.channel()? {
        // A call does not wait for a closed channel: it fails or connects.
        let _ = channel.channel().writable().await;
    }
    ReservedPermit::take(Arc::clone(callee.endpoint())).await.ok_or_else(|| callee.refused())
}

impl fmt::Debug for Readiness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unknown => "unknown",
            Self::Waiting(_) => "waiting",
            Self::Ready(_) => "ready",
        })
    }
}
