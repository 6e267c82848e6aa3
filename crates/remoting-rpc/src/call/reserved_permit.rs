use std::sync::Arc;

use crate::channel::EndpointState;
use crate::error::CallKind;

/// The right to begin one call, taken before there is a call. It is released when dropped.
#[derive(Debug)]
#[must_use = "a reserved permit is released when dropped"]
pub(crate) struct ReservedPermit(Option<Arc<EndpointState>>);

impl ReservedPermit {
    /// Reserves a permit that is free now.
    pub(crate) fn take_free(endpoint: &Arc<EndpointState>) -> Option<Self> {
        endpoint.permits.try_reserve(CallKind::Invoke).then(|| Self(Some(Arc::clone(endpoint))))
    }

    /// Waits until a permit can be reserved. Returns `None` if the endpoint shuts down first.
    pub(crate) async fn take(endpoint: Arc<EndpointState>) -> Option<Self> {
        let reserved = endpoint.permits.reserve(CallKind::Invoke, || endpoint.refuses_calls()).await;
        reserved.then_some(Self(Some(endpoint)))
    }

    /// Hands the permit to a call, which releases it.
    pub(crate) fn use_now(mut self) {
        if let Some(endpoint) = self.0.take() {
            endpoint.permits.use_reserved(CallKind::Invoke);
        }
    }
}

impl Drop for ReservedPermit {
    fn drop(&mut self) {
        if let Some(endpoint) = &self.0 {
            endpoint.permits.release_reserved(CallKind::Invoke);
        }
    }
}
