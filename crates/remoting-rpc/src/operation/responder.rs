use std::fmt;
use std::future::Future;
use std::marker::PhantomData;

use remoting_transport::protocol::operation::Operation;

use super::IntoReply;
use crate::error::{ProcessorError, RpcError};
use crate::processor::{RequestContext, Responder};

/// Sends the deferred response to one request of the operation `O`: see [`TypedReply::later`](super::TypedReply::later).
/// [`Responder`] says what it holds and what happens if it is dropped.
#[must_use = "a request whose responder is dropped is never answered"]
pub struct TypedResponder<O> {
    responder: Responder,
    operation: PhantomData<fn() -> O>,
}

impl<O: Operation> TypedResponder<O> {
    pub(super) const fn new(responder: Responder) -> Self {
        Self { responder, operation: PhantomData }
    }

    /// Returns the context of the request.
    #[must_use]
    pub const fn context(&self) -> &RequestContext {
        self.responder.context()
    }

    /// Sends a reply: what a handler returns as `Ok`. See [`Responder::send`]. If its content cannot be written, the
    /// request [fails](Self::fail).
    ///
    /// # Errors
    ///
    /// Returns [`RpcError::ChannelClosed`] if the channel is closed.
    ///
    /// # Cancellation
    ///
    /// Dropping the future before it is ready sends nothing.
    pub fn send<R, M>(self, reply: R) -> impl Future<Output = Result<(), RpcError>> + Send + use<O, R, M>
    where
        R: IntoReply<O, M>,
    {
        let reply = reply.into_reply();
        async move {
            match reply {
                Ok(reply) => self.responder.send(reply).await,
                Err(error) => self.responder.fail(error).await,
            }
        }
    }

    /// Sends an error, as if the handler had returned it: see [`Responder::fail`].
    ///
    /// # Errors
    ///
    /// Returns [`RpcError::ChannelClosed`] if the channel is closed.
    ///
    /// # Cancellation
    ///
    /// Dropping the future before it is ready sends nothing.
    pub async fn fail(self, error: impl Into<ProcessorError> + Send) -> Result<(), RpcError> {
        self.responder.fail(error).await
    }
}

impl<O> From<TypedResponder<O>> for Responder {
    fn from(responder: TypedResponder<O>) -> Self {
        responder.responder
    }
}

impl<O> fmt::Debug for TypedResponder<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("TypedResponder").field(self.responder.context()).finish()
    }
}
