//! The client: calls by address and to name servers (Java: `NettyRemotingClient`).
//!
//! All calls to an address share one connection. The first call that needs it connects; other calls wait for
//! the same attempt. A connection that ends leaves the table, so the next call connects anew. An address that
//! keeps failing is dialled after a pause ([`ClientConfig::longest_reconnect_pause`]).
//!
//! ```text
//!  invoke ─► channel to the address ─► before-hooks ─► permit ─► capacity ─► queued ─► response ─► after-hooks
//!            table, or one dial         │               one budget for all of it │
//!            for all callers            └ an error ends the call                 └ GO_AWAY: once more, fresh channel
//! ```

mod builder;
mod call;
mod config;
mod connect;
mod connections;
mod drain;
mod name_server_list;
mod name_servers;
#[cfg(feature = "tower")]
mod service;
mod shared;
mod shutdown;
mod target;
mod typed;

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

pub use self::builder::RemotingClientBuilder;
use self::call::CallByAddress;
pub use self::call::Invoke;
pub use self::config::ClientConfig;
pub use self::name_servers::ToNameServers;
#[cfg(feature = "tower")]
pub use self::service::TargetService;
pub use self::shared::ClientStatistics;
use self::shared::Shared;
pub use self::target::Target;
use crate::call::Budget;
use crate::channel::RpcChannel;
use crate::error::RpcError;
use crate::executor::Executor;
use crate::hook::RpcHook;
use crate::processor::{ProcessorSet, RequestProcessor};
use crate::transport::protocol::{RemotingCommand, RequestCode};
use crate::transport::{Address, AddressError, CloseReason, catch_panic};

const CLOSED_BY_USER: CloseReason = CloseReason::local("closed by close_channels");

/// The client side: sends requests to servers by address. Java: `NettyRemotingClient`.
///
/// Clones share one client. If the last clone and the last future of [`invoke`](Self::invoke) are dropped
/// without [`shutdown`](Self::shutdown), everything ends at once: calls with callbacks fail, channels are
/// closed without a flush, and no task is left.
///
/// A client belongs to the runtime in which it was [built](RemotingClientBuilder::build): its connections and
/// tasks live there, whichever thread or runtime calls. If that runtime ends, so do they.
///
/// An address is anything that converts into an [`Address`]: a `SocketAddr`, an [`Address`] or a reference to
/// it, or a string such as `"10.0.0.1:10911"`, `"broker-a:10911"`, `"[::1]:10911"`. An IP address with a port
/// costs no allocation.
///
/// ```
/// use std::time::Duration;
/// use remoting_rpc::RemotingClient;
/// use remoting_rpc::transport::protocol::{RemotingCommand, RequestCode};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let client = RemotingClient::builder().build()?;
/// let request = RemotingCommand::request(RequestCode::HEART_BEAT);
/// let error = client.invoke("127.0.0.1:1", request, Duration::from_secs(1)).await.unwrap_err();
/// assert!(error.is_connect() && !error.may_have_been_sent());
/// client.shutdown().await;
/// # Ok(())
/// # }
/// ```
///
/// | Java | here |
/// |---|---|
/// | `invokeSync(addr, …)` | [`invoke`](Self::invoke), awaited |
/// | `invokeAsync(addr, …)`, `invoke(addr, …)` | [`invoke`](Self::invoke), spawned or joined; or [`invoke_with_callback`](Self::invoke_with_callback) |
/// | `invokeOneway(addr, …)` | [`invoke_oneway`](Self::invoke_oneway) |
/// | `invokeSync(null, …)` | [`invoke_name_server`](Self::invoke_name_server) |
/// | `registerProcessor`, `registerRPCHook`, `clearRPCHook` | [`register_processor`](Self::register_processor), [`register_hook`](Self::register_hook), [`clear_hooks`](Self::clear_hooks) |
/// | `updateNameServerAddressList`, `getNameServerAddressList`, `getAvailableNameSrvList` | [`set_name_servers`](Self::set_name_servers) or [`RemotingClientBuilder::name_servers`], [`name_servers`](Self::name_servers), [`available_name_servers`](Self::available_name_servers) |
/// | `isChannelWritable`, `isAddressReachable`, `closeChannels` | [`is_channel_writable`](Self::is_channel_writable), [`is_address_reachable`](Self::is_address_reachable), [`close_channels`](Self::close_channels) |
/// | `start` | nothing to do; [`RemotingClientBuilder::build`] |
/// | `setCallbackExecutor` | spawn in the callback |
///
/// # Outcomes of a call
///
/// Java's outcomes differ between `invokeSync`, `invokeAsync`, `invoke` and `invokeOneway`; here they are equal.
///
/// | event | the caller gets | Java |
/// |---|---|---|
/// | the connection cannot be made | [`RpcError::Connect`] with address and cause, for one-way calls too; the next call dials again, after a pause of 10 ms to 1 s | an exception without the address (5.3.3: `connect to  failed`); one-way calls are dropped |
/// | a before-hook fails | [`RpcError::Hook`]; nothing was sent | asynchronous calls never complete |
/// | the budget runs out | [`RpcError::Timeout`] with the phase, some milliseconds after the deadline | up to 2 s late; connecting is not counted |
/// | no permit is free | the call waits within the budget; with a budget of zero, [`RpcError::NoPermit`] | the wait blocks the event loop that would read the responses |
/// | the peer reads slowly | the call waits for capacity within the budget | the queue grows without a bound |
/// | no data arrives on the channel until the budget runs out | [`RpcError::Timeout`]; the next call uses a fresh channel, the other calls in flight continue | the connection is closed with all its calls, even if data arrived on it |
/// | the channel closes | [`RpcError::ChannelClosed`] at once, whichever side closed it; a request of which nothing was written moves to a fresh channel instead, unless it was pending and this side closed the channel | calls on a channel that left the table wait for their time-out |
/// | the request cannot be encoded | [`RpcError::Encode`]; other calls are not affected | the connection is closed with all its calls |
/// | `GO_AWAY` | the response of a fresh channel, or of another name server; after a second `GO_AWAY`, [`RpcError::GoAway`] | the same, but language, version, flags and encoding of the request are lost |
/// | the client shuts down | calls in flight may finish; later calls get [`RpcError::ShutDown`] | calls in flight never complete |
#[derive(Clone)]
pub struct RemotingClient {
    handle: Arc<Handle>,
}

/// Shared by the clones. Dropping the last one ends the client.
struct Handle {
    shared: Arc<Shared>,
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.shared.abort();
    }
}

impl RemotingClient {
    /// Returns a builder for a client with settings, processors and hooks.
    pub fn builder() -> RemotingClientBuilder {
        RemotingClientBuilder::default()
    }

    /// Sends a request to `addr` and waits for its response. Connects first if necessary. Awaited, it is
    /// Java's `invokeSync`; spawned or joined, `invokeAsync`:
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use remoting_rpc::{RemotingClient, RpcError};
    /// # use remoting_rpc::transport::protocol::RemotingCommand;
    /// # fn spawn(client: &RemotingClient, request: RemotingCommand) {
    /// let call = tokio::spawn(client.invoke("10.0.0.1:10911", request, Duration::from_secs(3)));
    /// # drop(call);
    /// # }
    /// ```
    ///
    /// `timeout` is one budget for connecting, for a permit, for capacity and for the response. It ends only
    /// this call. If no data arrived on the channel meanwhile, new calls use a fresh channel
    /// ([`ClientConfig::retire_silent_channel_on_timeout`]). With a `timeout` of zero the call does not wait
    /// at all.
    ///
    /// A response of any code except `GO_AWAY` is `Ok`; [`into_success`](Invoke::into_success) accepts only
    /// `SUCCESS`. After `GO_AWAY` the request is repeated once on a fresh channel, within the same budget and
    /// without running the hooks again. The peer has not processed it.
    ///
    /// # Errors
    ///
    /// Returns an [`RpcError`] as listed in the [table](Self#outcomes-of-a-call), and [`RpcError::Address`]
    /// if `addr` is invalid.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future abandons the call and frees all its resources at once. The request may have been
    /// sent; its response is dropped. A connection attempt continues, for later calls.
    pub fn invoke<A>(&self, addr: A, request: RemotingCommand, timeout: Duration) -> Invoke
    where
        A: TryInto<Address>,
        A::Error: Into<RpcError>,
    {
        Invoke::new(self.clone(), addr.try_into().map_err(Into::into), request, timeout)
    }

    /// Equivalent of [`invoke`](Self::invoke) with a callback instead of a future, for ports of Java code
    /// (`invokeAsync(…, InvokeCallback)`). New code should await `invoke` in a task.
    ///
    /// The callback is called exactly once, on a task of the client, and must not block. If the client is
    /// dropped meanwhile, the callback gets an error. A panic of the callback is logged and affects nothing
    /// else.
    pub fn invoke_with_callback<A>(
        &self,
        addr: A,
        request: RemotingCommand,
        timeout: Duration,
        callback: impl FnOnce(Result<RemotingCommand, RpcError>) + Send + 'static,
    ) where
        A: TryInto<Address>,
        A::Error: Into<RpcError>,
    {
        let addr = addr.try_into().map_err(Into::into);
        let callee = addr.as_ref().ok().cloned();
        let shared = Arc::clone(self.shared());
        self.shared().callbacks.spawn(async move {
            let result = CallByAddress::to(shared, addr, request, timeout).await;
            if let Err(panic) = catch_panic(|| callback(result)) {
                let addr = callee.as_ref().map(tracing::field::display);
                tracing::error!(addr, "the callback of a call panicked: {panic}");
            }
        });
    }

    /// Sends a one-way request, which has no response. Sets the one-way flag, and returns when the request is
    /// queued. Java: `invokeOneway`, which silently drops the request if the connection cannot be made.
    ///
    /// # Errors
    ///
    /// Returns an [`RpcError`] as [`invoke`](Self::invoke) does.
    ///
    /// # Cancel safety
    ///
    /// Dropping the future before it is ready sends nothing.
    pub async fn invoke_oneway<A>(
        &self,
        addr: A,
        request: RemotingCommand,
        timeout: Duration,
    ) -> Result<(), RpcError>
    where
        A: TryInto<Address>,
        A::Error: Into<RpcError>,
    {
        let addr = addr.try_into().map_err(Into::into)?;
        self.shared().invoke_oneway(&addr, request, timeout).await
    }

    /// Sends a request to a name server of the list and waits for its response. Java: `invokeSync` with the
    /// address `null`.
    ///
    /// Calls use the same name server while its connection lives. Otherwise all name servers are tried in
    /// rotation, those with an open connection first, within this call's budget:
    ///
    /// * Each is dialled 250 ms after the previous one, or as soon as the previous one has failed. The first
    ///   to be connected gets the request.
    /// * If a name server goes away, or its channel ends before the request is sent, the next one gets the
    ///   request. A name server that went away is tried once more, on a fresh channel, after all others.
    /// * With *n* candidates left, the next one gets the request as well if the current one has not responded
    ///   within 1/*n* of the remaining time. The first response counts
    ///   ([`ClientConfig::hedge_name_servers`]). So more than one name server may execute the request; call
    ///   by address if that must not happen.
    /// * An error that leaves it unknown whether the request was executed ends the call, unless another name
    ///   server already has the request.
    ///
    /// The next call begins with a name server that has responded.
    ///
    /// # Errors
    ///
    /// Returns [`RpcError::NoNameServer`] if the list is empty, [`RpcError::NameServer`] if none could be
    /// connected, and other errors as [`invoke`](Self::invoke) does.
    ///
    /// # Cancel safety
    ///
    /// Equal to [`invoke`](Self::invoke).
    pub fn invoke_name_server(
        &self,
        request: RemotingCommand,
        timeout: Duration,
    ) -> impl Future<Output = Result<RemotingCommand, RpcError>> + Send + use<> {
        let client = self.clone();
        async move { client.shared().invoke_name_server(request, timeout).await }
    }

    /// Sets the name servers: a list of addresses, or Java's text, in which semicolons separate them
    /// (`"10.0.0.1:9876;10.0.0.2:9876"`). Java: `updateNameServerAddressList`.
    ///
    /// An empty list is ignored, and so is a list of the same servers. The order does not matter: each client
    /// shuffles its own copy. Channels to name servers that are not in the new list take no new calls. They
    /// are closed after the last call in flight, or after [`ClientConfig::drain_timeout`].
    ///
    /// # Errors
    ///
    /// Returns [`AddressError`] if an address is invalid. The list does not change then.
    pub fn set_name_servers(&self, list: impl ToNameServers) -> Result<(), AddressError> {
        self.shared().update_name_servers(&list.to_addresses()?);
        Ok(())
    }

    /// Returns the name servers, in this client's order. Java: `getNameServerAddressList`.
    #[must_use]
    pub fn name_servers(&self) -> Vec<Address> {
        self.shared().name_servers.lock().addresses().to_vec()
    }

    /// Returns the name servers whose last connection attempt succeeded, of a call or of the probe, and whose
    /// connection has not ended since. The probe asks each at least every two
    /// [`ClientConfig::connect_timeout`]s, unless it is [off](ClientConfig::scan_available_name_servers).
    #[must_use]
    pub fn available_name_servers(&self) -> Vec<Address> {
        self.shared().name_servers.lock().available()
    }

    /// Registers `processor` for requests of servers with this code, and replaces the previous one. It
    /// applies to requests that arrive from now on. See [`RemotingClientBuilder::processor`].
    pub fn register_processor(
        &self,
        code: RequestCode,
        executor: Executor,
        processor: impl RequestProcessor,
    ) {
        self.register_processors(ProcessorSet::new().on(code, executor, processor));
    }

    /// Registers the processors of `set`, each as [`register_processor`](Self::register_processor) does.
    pub fn register_processors<S>(&self, set: ProcessorSet<S>) {
        self.shared().endpoint.processors.register(set);
    }

    /// Appends a hook. Hooks run in registration order. Calls in progress keep the hooks they began with.
    pub fn register_hook(&self, hook: impl RpcHook) {
        self.shared().endpoint.register_hook(Arc::new(hook));
    }

    /// Removes all hooks.
    pub fn clear_hooks(&self) {
        self.shared().endpoint.clear_hooks();
    }

    /// Returns the open channel to `addr`, if there is one. Use it for inspection, or for calls that must use
    /// this connection: such calls neither connect nor move on `GO_AWAY`.
    #[must_use]
    pub fn channel<A: TryInto<Address>>(&self, addr: A) -> Option<RpcChannel> {
        let addr = addr.try_into().ok()?;
        self.shared().connections.open(&addr).map(|channel| channel.rpc.clone())
    }

    /// Returns whether a request to `addr` could be queued at once. True if there is no channel yet, as in
    /// Java.
    #[must_use]
    pub fn is_channel_writable<A: TryInto<Address>>(&self, addr: A) -> bool {
        self.channel(addr).is_none_or(|channel| channel.channel().is_writable())
    }

    /// Returns whether `addr` is connected, or can be connected within `timeout`. The connection is kept for
    /// later calls. False if `addr` is invalid.
    ///
    /// # Cancel safety
    ///
    /// If the future is dropped, the attempt continues.
    pub async fn is_address_reachable<A: TryInto<Address>>(&self, addr: A, timeout: Duration) -> bool {
        let Ok(addr) = addr.try_into() else { return false };
        let budget = Budget::start(timeout);
        self.shared().channel(&addr, budget.deadline(), &budget).await.is_ok()
    }

    /// Closes the channels to these addresses: the channel in use, those that still drain after `GO_AWAY`,
    /// and the one being dialled. Every call that waits there for a response, for capacity or for the dial
    /// fails at once with [`RpcError::ChannelClosed`], long polls included. (Java interrupts only
    /// `PULL_MESSAGE` and `LITE_PULL_MESSAGE`, and only if the address is not a host name.) The next call
    /// connects anew, and so does a call that still waits for its permit. Invalid addresses and addresses
    /// without a channel are ignored.
    pub fn close_channels<A: TryInto<Address>>(&self, addrs: impl IntoIterator<Item = A>) {
        for addr in addrs.into_iter().filter_map(|addr| addr.try_into().ok()) {
            self.shared().close_channel(&addr, &CLOSED_BY_USER);
        }
    }

    /// Returns how many calls wait for capacity or for their response.
    #[must_use]
    pub fn in_flight(&self) -> usize {
        self.statistics().in_flight
    }

    /// Returns the current statistics of the client.
    #[must_use]
    pub fn statistics(&self) -> ClientStatistics {
        self.shared().statistics()
    }

    /// Shuts the client down: rejects new calls, lets calls in flight finish within
    /// [`ClientConfig::shutdown_timeout`], closes all channels, delivers the last events and waits for every
    /// task. Unfinished calls fail with [`RpcError::ChannelClosed`]. It applies to all clones; a second call
    /// waits for the same shutdown.
    ///
    /// # Cancel safety
    ///
    /// If the future is dropped, the client takes no new calls, but its channels stay open. Call `shutdown`
    /// again, or drop the client.
    pub async fn shutdown(&self) {
        self.shared().shut_down().await;
    }

    fn shared(&self) -> &Arc<Shared> {
        &self.handle.shared
    }
}

impl fmt::Debug for RemotingClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RemotingClient").field("statistics", &self.statistics()).finish_non_exhaustive()
    }
}
