use std::sync::Arc;

use remoting_transport::protocol::operation::Operation;

use super::{HandlerOutput, OperationHandler, OperationProcessor};
use crate::executor::Executor;
use crate::processor::ProcessorSet;

/// # Typed handlers
impl<S: Send + Sync + 'static> ProcessorSet<S> {
    /// Adds a handler for the requests of an operation, run by `executor`: an async method of the state. The signature of
    /// the method names the operation. It replaces an earlier processor for the same code.
    ///
    /// A request that cannot be read is answered with `SYSTEM_ERROR` and the error's text, like a processor that fails.
    /// [`RunToEnd`](crate::RunToEnd) of a method runs to its end after its caller has disconnected.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use remoting_rpc::transport::protocol::{RequestCode, operation};
    /// use remoting_rpc::{Executor, ProcessorError, ProcessorSet, RemotingServer, Request};
    ///
    /// operation! {
    ///     /// Reverses bytes.
    ///     Reverse = RequestCode(20_001), { body: bytes::Bytes } -> { body: bytes::Bytes }
    /// }
    ///
    /// struct Reverser { longest: usize }
    ///
    /// impl Reverser {
    ///     async fn reverse(&self, request: Request<Reverse>) -> Result<bytes::Bytes, ProcessorError> {
    ///         if request.body.len() > self.longest {
    ///             return Err("too long".into());
    ///         }
    ///         Ok(request.body.iter().rev().copied().collect())
    ///     }
    /// }
    ///
    /// let set = ProcessorSet::with_state(Arc::new(Reverser { longest: 100 }))
    ///     .handle(Executor::inline(), Reverser::reverse);
    /// let builder = RemotingServer::builder().processors(set);
    /// # drop(builder);
    /// ```
    pub fn handle<O, H, T, M>(mut self, executor: Executor, handler: H) -> Self
    where
        O: Operation,
        H: for<'a> OperationHandler<'a, S, O, Output = T>,
        T: HandlerOutput<O, M> + 'static,
        M: 'static,
    {
        let processor = OperationProcessor::new(Arc::clone(self.state()), handler);
        self.add([O::CODE], executor, processor);
        self
    }
}
