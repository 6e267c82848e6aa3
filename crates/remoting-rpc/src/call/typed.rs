//! Typed calls.

use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use pin_project_lite::pin_project;
use remoting_transport::Address;
use remoting_transport::protocol::RemotingCommand;
use remoting_transport::protocol::operation::Operation;

use super::Response;
use crate::channel::RpcChannel;
use crate::error::RpcError;

pin_project! {
    /// A typed call: it sends the request of the operation `O`, and reads the content of the response. Created by
    /// [`Target::call`](crate::Target::call) and similar methods.
    ///
    /// A response with a code that [has no content](Operation::has_content), which is any but `SUCCESS` unless the
    /// operation names more, is the error [`RpcError::Response`].
    #[must_use = "a call does nothing until it is awaited"]
    pub struct TypedCall<O, C> {
        #[pin]
        call: C,
        // `None` if the peer is not known before the response.
        peer: Option<Address>,
        operation: PhantomData<fn() -> O>,
    }
}

impl<O, C> TypedCall<O, C>
where
    O: Operation,
    C: Future<Output = Result<RemotingCommand, RpcError>>,
{
    pub(crate) const fn new(call: C, peer: Option<Address>) -> Self {
        Self { call, peer, operation: PhantomData }
    }

    /// Waits for the whole response instead of its content: with its code and remark.
    ///
    /// # Errors
    ///
    /// Returns the errors of the call itself.
    ///
    /// # Cancel safety
    ///
    /// Equal to that of the call itself.
    ///
    /// ```
    /// # use remoting_rpc::transport::protocol::{RequestCode, ResponseCode, operation};
    /// # use remoting_rpc::{RpcError, Target};
    /// operation! {
    ///     Put = RequestCode(20_001), { body: bytes::Bytes } -> {} or ResponseCode::FLUSH_DISK_TIMEOUT
    /// }
    ///
    /// /// Returns whether the bytes are on the disk.
    /// async fn put(store: &Target, body: bytes::Bytes) -> Result<bool, RpcError> {
    ///     Ok(store.call(Put { body }).into_response().await?.code().is_success())
    /// }
    /// ```
    pub async fn into_response(self) -> Result<Response<O>, RpcError> {
        let Self { call, peer, .. } = self;
        Response::read(peer, call.await?)
    }
}

impl<O, C> Future for TypedCall<O, C>
where
    O: Operation,
    C: Future<Output = Result<RemotingCommand, RpcError>>,
{
    type Output = Result<O::Response, RpcError>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let response = ready!(this.call.poll(cx))?;
        Poll::Ready(Response::<O>::read(this.peer.take(), response).map(Response::into_content))
    }
}

impl<O: Operation, C: fmt::Debug> fmt::Debug for TypedCall<O, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TypedCall").field("operation", &O::NAME).field("call", &self.call).finish()
    }
}

/// Returns the request of an operation, or the error of a call to `addr` whose request cannot be written.
pub(crate) fn request_of<O: Operation>(
    operation: O,
    addr: impl FnOnce() -> Address,
) -> Result<RemotingCommand, RpcError> {
    operation.into_request().map_err(|error| RpcError::Encode { addr: addr(), cause: Arc::new(error) })
}

/// # Typed calls
impl RpcChannel {
    /// Sends the request of an operation and waits for the content of its response. See [`invoke`](Self::invoke).
    ///
    /// A server calls its client with it:
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use remoting_rpc::transport::protocol::{RequestCode, operation};
    /// # use remoting_rpc::{RpcChannel, RpcError};
    /// operation! {
    ///     /// Asks a consumer for its state.
    ///     GetState = RequestCode(20_001), {} -> { body: bytes::Bytes }
    /// }
    ///
    /// async fn state(consumer: &RpcChannel) -> Result<bytes::Bytes, RpcError> {
    ///     consumer.call(GetState, Duration::from_secs(1)).await
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns [`RpcError::Response`] if the peer responds with a code that has no content,
    /// [`RpcError::UnreadableResponse`] if the content cannot be read, and other errors as [`invoke`](Self::invoke) does.
    ///
    /// # Cancel safety
    ///
    /// Equal to [`invoke`](Self::invoke).
    pub fn call<O: Operation>(
        &self,
        operation: O,
        timeout: Duration,
    ) -> TypedCall<O, impl Future<Output = Result<RemotingCommand, RpcError>> + Send + use<O>> {
        let channel = self.clone();
        let request = request_of(operation, || self.peer_addr().clone());
        let call = async move { channel.invoke(request?, timeout).await };
        TypedCall::new(call, Some(self.peer_addr().clone()))
    }

    /// Sends the request of an operation one-way. See [`invoke_oneway`](Self::invoke_oneway).
    ///
    /// # Errors
    ///
    /// Returns an [`RpcError`] as [`invoke_oneway`](Self::invoke_oneway) does.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future before it is ready sends nothing.
    pub fn call_oneway<O: Operation>(
        &self,
        operation: O,
        timeout: Duration,
    ) -> impl Future<Output = Result<(), RpcError>> + Send + use<O> {
        let channel = self.clone();
        let request = request_of(operation, || self.peer_addr().clone());
        async move { channel.invoke_oneway(request?, timeout).await }
    }
}
