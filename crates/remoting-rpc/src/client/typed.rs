//! Typed calls by address and to name servers.

use std::future::Future;
use std::time::Duration;

use super::{Invoke, RemotingClient, Target};
use crate::call::{TypedCall, request_of};
use crate::error::RpcError;
use crate::transport::Address;
use crate::transport::protocol::RemotingCommand;
use crate::transport::protocol::operation::Operation;

/// # Typed calls
impl RemotingClient {
    /// Sends the request of an operation to `addr` and waits for the content of its response. See
    /// [`invoke`](Self::invoke).
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use remoting_rpc::transport::protocol::{RequestCode, operation};
    /// # use remoting_rpc::{RemotingClient, RpcError};
    /// operation! {
    ///     /// Reverses bytes.
    ///     Reverse = RequestCode(20_001), { body: bytes::Bytes } -> { body: bytes::Bytes }
    /// }
    ///
    /// async fn reverse(client: &RemotingClient, body: bytes::Bytes) -> Result<bytes::Bytes, RpcError> {
    ///     client.call("10.0.0.1:10911", Reverse { body }, Duration::from_secs(3)).await
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
    pub fn call<O, A>(&self, addr: A, operation: O, timeout: Duration) -> TypedCall<O, Invoke>
    where
        O: Operation,
        A: TryInto<Address>,
        A::Error: Into<RpcError>,
    {
        call(self, addr.try_into().map_err(Into::into), operation, timeout)
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
    pub fn call_oneway<O, A>(
        &self,
        addr: A,
        operation: O,
        timeout: Duration,
    ) -> impl Future<Output = Result<(), RpcError>> + Send + use<O, A>
    where
        O: Operation,
        A: TryInto<Address>,
        A::Error: Into<RpcError>,
    {
        let addr = addr.try_into().map_err(Into::into);
        oneway(self.clone(), addr, operation, timeout)
    }

    /// Sends the request of an operation to a name server of the list and waits for the content of its response. See
    /// [`invoke_name_server`](Self::invoke_name_server).
    ///
    /// # Errors
    ///
    /// Returns [`RpcError::Response`] and [`RpcError::UnreadableResponse`] as [`call`](Self::call) does, without an
    /// address, and other errors as [`invoke_name_server`](Self::invoke_name_server) does.
    ///
    /// # Cancel safety
    ///
    /// Equal to [`invoke`](Self::invoke).
    pub fn call_name_server<O: Operation>(
        &self,
        operation: O,
        timeout: Duration,
    ) -> TypedCall<O, impl Future<Output = Result<RemotingCommand, RpcError>> + Send + use<O>> {
        let client = self.clone();
        let request = match self.name_servers().into_iter().next() {
            Some(addr) => request_of(operation, || addr),
            None => Err(RpcError::NoNameServer),
        };
        TypedCall::new(async move { client.invoke_name_server(request?, timeout).await }, None)
    }
}

/// # Typed calls
impl Target {
    /// Sends the request of an operation and waits for the content of its response. See [`RemotingClient::call`].
    ///
    /// ```
    /// # use remoting_rpc::transport::protocol::{RequestCode, operation};
    /// # use remoting_rpc::{RpcError, Target};
    /// operation! {
    ///     /// Reverses bytes.
    ///     Reverse = RequestCode(20_001), { body: bytes::Bytes } -> { body: bytes::Bytes }
    /// }
    ///
    /// async fn reverse(target: &Target) -> Result<bytes::Bytes, RpcError> {
    ///     target.call(Reverse { body: "hello".into() }).await
    /// }
    /// ```
    pub fn call<O: Operation>(&self, operation: O) -> TypedCall<O, Invoke> {
        call(&self.client, self.addr.clone(), operation, self.timeout)
    }

    /// Sends the request of an operation one-way. See [`RemotingClient::call_oneway`].
    ///
    /// # Errors
    ///
    /// Returns an [`RpcError`] as [`RemotingClient::invoke_oneway`] does.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future before it is ready sends nothing.
    pub fn call_oneway<O: Operation>(
        &self,
        operation: O,
    ) -> impl Future<Output = Result<(), RpcError>> + Send + use<O> {
        oneway(self.client.clone(), self.addr.clone(), operation, self.timeout)
    }
}

fn call<O: Operation>(
    client: &RemotingClient,
    addr: Result<Address, RpcError>,
    operation: O,
    timeout: Duration,
) -> TypedCall<O, Invoke> {
    let peer = addr.as_ref().ok().cloned();
    let (addr, request) = match addr.and_then(|addr| Ok((request_of(operation, || addr.clone())?, addr))) {
        Ok((request, addr)) => (Ok(addr), request),
        Err(error) => (Err(error), RemotingCommand::request(O::CODE)),
    };
    TypedCall::new(Invoke::new(client.clone(), addr, request, timeout), peer)
}

fn oneway<O: Operation>(
    client: RemotingClient,
    addr: Result<Address, RpcError>,
    operation: O,
    timeout: Duration,
) -> impl Future<Output = Result<(), RpcError>> + Send + use<O> {
    let call = addr.and_then(|addr| Ok((request_of(operation, || addr.clone())?, addr)));
    async move {
        let (request, addr) = call?;
        client.shared().invoke_oneway(&addr, request, timeout).await
    }
}
