//! A client together with one address.

use std::fmt;
use std::future::Future;
use std::time::Duration;

use super::RemotingClient;
use super::call::Invoke;
use crate::channel::RpcChannel;
use crate::error::RpcError;
use crate::transport::Address;
use crate::transport::protocol::RemotingCommand;

/// An address that a client calls, with a time-out for its calls. Created by [`RemotingClient::to`].
///
/// Clones are cheap and call the same address. A target holds no connection: its calls use the client's
/// connection to the address, like calls by [`RemotingClient::invoke`]. It keeps the client alive, like a
/// clone of it.
///
/// ```
/// use std::time::Duration;
/// use remoting_rpc::RemotingClient;
/// use remoting_rpc::transport::protocol::{RemotingCommand, RequestCode};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let client = RemotingClient::builder().build()?;
/// let broker = client.to("127.0.0.1:1").timeout(Duration::from_secs(1));
/// let call = tokio::spawn(broker.invoke(RemotingCommand::request(RequestCode::HEART_BEAT)));
/// assert!(call.await?.unwrap_err().is_connect());
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Target {
    pub(super) client: RemotingClient,
    pub(super) addr: Result<Address, RpcError>,
    pub(super) timeout: Duration,
}

impl RemotingClient {
    /// Returns a handle for calls to `addr`. Their time-out is
    /// [`ClientConfig::timeout`](super::ClientConfig::timeout), 3 s by default, unless the handle [sets
    /// another](Target::timeout).
    ///
    /// If the address is invalid, the calls fail with [`RpcError::Address`].
    #[must_use]
    pub fn to<A>(&self, addr: A) -> Target
    where
        A: TryInto<Address>,
        A::Error: Into<RpcError>,
    {
        let timeout = self.shared().config.timeout;
        Target { client: self.clone(), addr: addr.try_into().map_err(Into::into), timeout }
    }
}

impl Target {
    /// Sets the time-out of later calls of this handle. Default:
    /// [`ClientConfig::timeout`](super::ClientConfig::timeout).
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Returns the address, or `None` if it is invalid.
    #[must_use]
    pub fn addr(&self) -> Option<&Address> {
        self.addr.as_ref().ok()
    }

    /// Returns the open channel to the address, if there is one. See [`RemotingClient::channel`].
    #[must_use]
    pub fn channel(&self) -> Option<RpcChannel> {
        self.client.channel(self.addr()?)
    }

    /// Sends a request and waits for its response. See [`RemotingClient::invoke`].
    pub fn invoke(&self, request: RemotingCommand) -> Invoke {
        Invoke::new(self.client.clone(), self.addr.clone(), request, self.timeout)
    }

    /// Sends a one-way request, which has no response. See [`RemotingClient::invoke_oneway`].
    ///
    /// # Errors
    ///
    /// Returns an [`RpcError`] as [`RemotingClient::invoke_oneway`] does.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future before it is ready sends nothing.
    pub fn invoke_oneway(
        &self,
        request: RemotingCommand,
    ) -> impl Future<Output = Result<(), RpcError>> + Send + use<> {
        let Self { client, addr, timeout } = self.clone();
        async move { client.shared().invoke_oneway(&addr?, request, timeout).await }
    }
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Target")
            .field("addr", &self.addr)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}
