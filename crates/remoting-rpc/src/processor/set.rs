//! Processors of several codes, registered together.

use std::fmt;
use std::sync::Arc;

use remoting_transport::protocol::RequestCode;

use super::{Registration, RequestProcessor};
use crate::executor::Executor;

/// Processors for several request codes, registered at once with [`RemotingServerBuilder::processors`],
/// [`RemotingServer::register_processors`] or the same methods of clients.
///
/// With a set, a part of a program can provide its processors without knowing the server. A clone shares processors and
/// executors.
///
/// A set [with a state](Self::with_state) also takes typed handlers, which are async methods of the state: see
/// [`handle`](Self::handle).
///
/// ```
/// use remoting_rpc::transport::protocol::{RemotingCommand, RequestCode, ResponseCode};
/// use remoting_rpc::{Executor, ProcessorSet, RemotingServer, processor_fn};
///
/// fn admin() -> ProcessorSet {
///     let accept = processor_fn(|_ctx, request| async move {
///         Ok(RemotingCommand::response_to(&request, ResponseCode::SUCCESS))
///     });
///     let codes = [RequestCode::PUT_KV_CONFIG, RequestCode::DELETE_KV_CONFIG];
///     ProcessorSet::new()
///         .on(RequestCode::GET_KV_CONFIG, Executor::inline(), accept)
///         .on_each(codes, Executor::runtime(16), accept)
/// }
///
/// let builder = RemotingServer::builder().processors(admin());
/// # drop(builder);
/// ```
///
/// [`RemotingServerBuilder::processors`]: crate::RemotingServerBuilder::processors
/// [`RemotingServer::register_processors`]: crate::RemotingServer::register_processors
#[must_use = "a set answers nothing before it is registered"]
pub struct ProcessorSet<S = ()> {
    state: Arc<S>,
    registrations: Vec<(RequestCode, Arc<Registration>)>,
}

impl ProcessorSet {
    /// Creates a set without processors and without a state.
    pub fn new() -> Self {
        Self::default()
    }
}

impl<S> ProcessorSet<S> {
    /// Creates a set without processors. Its typed handlers share `state`.
    pub const fn with_state(state: Arc<S>) -> Self {
        Self { state, registrations: Vec::new() }
    }

    /// Returns the state of the typed handlers.
    #[must_use]
    pub const fn state(&self) -> &Arc<S> {
        &self.state
    }

    /// Adds a processor for requests of `code`, run by `executor`. It replaces an earlier one for the same code.
    pub fn on(mut self, code: RequestCode, executor: Executor, processor: impl RequestProcessor) -> Self {
        self.add([code], executor, processor);
        self
    }

    /// Adds one processor for requests of all these codes, run by one `executor`.
    pub fn on_each(
        mut self,
        codes: impl IntoIterator<Item = RequestCode>,
        executor: Executor,
        processor: impl RequestProcessor,
    ) -> Self {
        self.add(codes, executor, processor);
        self
    }

    /// Adds the processors of `other`, which replace processors for the same codes.
    pub fn and<T>(mut self, other: ProcessorSet<T>) -> Self {
        for (code, registration) in other.registrations {
            self.insert(code, registration);
        }
        self
    }

    /// Puts a layer of tower around the processors that the set has now. Layers that are added later surround it;
    /// processors that are added later are outside.
    ///
    /// [`ProcessorLayer`](crate::tower::ProcessorLayer) says what a layer sees. The layer of a whole server is
    /// [`RemotingServerBuilder::layer`](crate::RemotingServerBuilder::layer).
    ///
    /// ```
    /// use std::time::Duration;
    /// use remoting_rpc::tower::DeadlineLayer;
    /// use remoting_rpc::transport::protocol::{RemotingCommand, RequestCode, ResponseCode};
    /// use remoting_rpc::{Executor, ProcessorSet, processor_fn};
    ///
    /// let accept = processor_fn(|_ctx, request| async move {
    ///     Ok(RemotingCommand::response_to(&request, ResponseCode::SUCCESS))
    /// });
    /// let set = ProcessorSet::new()
    ///     .on(RequestCode::GET_KV_CONFIG, Executor::runtime(16), accept)
    ///     .layer(DeadlineLayer::new(Duration::from_secs(1)));
    /// # drop(set);
    /// ```
    #[cfg(feature = "tower")]
    pub fn layer(mut self, layer: impl super::ProcessorLayer) -> Self {
        let mut layers = super::Layers::default();
        layers.push(layer);
        layers.surround_all(&mut self.registrations);
        self
    }

    /// Returns the codes that have a processor, in the order in which they were added.
    pub fn codes(&self) -> impl Iterator<Item = RequestCode> {
        self.registrations.iter().map(|(code, _)| *code)
    }

    pub(crate) fn add(
        &mut self,
        codes: impl IntoIterator<Item = RequestCode>,
        executor: Executor,
        processor: impl RequestProcessor,
    ) {
        let registration = Arc::new(Registration::new(executor, processor));
        for code in codes {
            self.insert(code, Arc::clone(&registration));
        }
    }

    fn insert(&mut self, code: RequestCode, registration: Arc<Registration>) {
        self.registrations.retain(|(known, _)| *known != code);
        self.registrations.push((code, registration));
    }

    pub(super) fn into_registrations(self) -> Vec<(RequestCode, Arc<Registration>)> {
        self.registrations
    }
}

impl Default for ProcessorSet {
    fn default() -> Self {
        Self::with_state(Arc::new(()))
    }
}

impl<S> Clone for ProcessorSet<S> {
    fn clone(&self) -> Self {
        Self { state: Arc::clone(&self.state), registrations: self.registrations.clone() }
    }
}

impl<S> fmt::Debug for ProcessorSet<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ProcessorSet").field(&self.codes().collect::<Vec<_>>()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::processor_fn;

    #[test]
    fn a_code_has_the_processor_that_was_added_last_and_codes_share_a_registration() {
        let (first, second) = (RequestCode(20_001), RequestCode(20_002));
        let silent = processor_fn(|_ctx, _request| async { Ok(()) });
        let both = ProcessorSet::new().on_each([first, second], Executor::inline(), silent);
        assert!(Arc::ptr_eq(&both.registrations[0].1, &both.registrations[1].1));

        let set = ProcessorSet::new().on(first, Executor::inline(), silent).and(both.clone());
        assert_eq!(set.codes().collect::<Vec<_>>(), [first, second]);
        assert!(
            set.registrations
                .iter()
                .all(|(_, registration)| Arc::ptr_eq(registration, &both.registrations[0].1))
        );
    }
}
