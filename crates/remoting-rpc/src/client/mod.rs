//! The client: calls by address, and to whichever name server answers (Java: `NettyRemotingClient`).
//!
//! One connection to each address, shared by all calls. It is made by the first call that needs it, while the others
//! wait for the same attempt, and leaves the table when it ends, so that the next call makes a new one. An address that
//! keeps failing is dialled after a pause ([`ClientConfig::longest_reconnect_pause`]).
//!
//! ```text
//!  invoke ─► channel to the address ─► before-hooks ─► permit ─► capacity ─► queued ─► response ─► after-hooks
//!            table, or one dial         │               one budget for all of it │
//!            for all who wait           └ an error ends the call                 └ GO_AWAY: once more, fresh channel
//! ```

mod builder;
mod call;
mod config;
mod connect;
mod connections;
mod drain;
mod name_server_list;
mod name_servers;
mod shared;
mod shutdown;
mod target;

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

pub use self::builder::RemotingClientBuilder;
use self::call::CallByAddress;
pub use self::call::Invoke;
pub use self::config::ClientConfig;
pub use self::name_servers::ToNameServers;
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

/// Calls servers by address. Java: `NettyRemotingClient`.
///
/// A clone is the same client. When the last clone, and the last future of [`invoke`](Self::invoke), is dropped without
/// [`shutdown`](Self::shutdown), everything ends at once: calls with callbacks fail, channels are cut, no task is left.
///
/// Addresses are whatever becomes an [`Address`]: a `SocketAddr`, an [`Address`] or a reference to one, or a text
/// such as `"10.0.0.1:10911"`, `"broker-a:10911"`, `"[::1]:10911"`. An IP address with port costs no allocation.
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
/// # What becomes of a call
///
/// Java's columns differ between `invokeSync`, `invokeAsync`, `invoke` and `invokeOneway`; here they are one.
///
/// | what happens | the caller gets | Java |
/// |---|---|---|
/// | the connection cannot be made | [`RpcError::Connect`] with address and cause, for one-way calls too; the next call dials again, after a pause of 10 ms to 1 s | an exception without the address (5.3.3: `connect to  failed`); one-way calls are dropped |
/// | a before-hook fails | [`RpcError::Hook`], nothing was sent | asynchronous calls never complete |
/// | the budget is spent | [`RpcError::Timeout`], whose phase says on what, some milliseconds after the deadline | up to 2 s late; connecting is not counted |
/// | no permit is free | it waits within the budget; with none, [`RpcError::NoPermit`] | the wait blocks the event loop that would read the responses |
/// | the peer reads slowly | it waits for capacity within the budget | the queue grows without a bound |
/// | nothing at all comes on the channel until the budget is spent | the same; the next call uses a fresh channel, the others in flight go on | the connection is closed with all its calls, whatever came on it |
/// | the channel closes | [`RpcError::ChannelClosed`] at once, whoever closed it; a request of which nothing was written goes to a fresh channel instead, unless it was pending and this side closed the channel | calls on a channel that left the table wait for their time-out |
/// | the request cannot be encoded | [`RpcError::Encode`]; other calls are not concerned | the connection is closed with all its calls |
/// | `GO_AWAY` | the response of a fresh channel, or of another name server; a second `GO_AWAY` is [`RpcError::GoAway`] | likewise, but language, version, flags and encoding of the request are lost |
/// | the client shuts down | what is in flight may finish, later calls get [`RpcError::ShutDown`] | what is in flight never completes |
#[derive(Clone)]
pub struct RemotingClient {
    handle: Arc<Handle>,
}

/// The last of them takes the client with it.
struct Handle {
    shared: Arc<Shared>,
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.shared.abort();
    }
}

impl RemotingClient {
    /// A client with settings, processors, hooks.
    pub fn builder() -> RemotingClientBuilder {
        RemotingClientBuilder::default()
    }

    /// Sends a request to `addr` and waits for its response, connecting first if need be. Awaited, it is Java's
    /// `invokeSync`; spawned or joined, `invokeAsync`:
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
    /// `timeout` is one budget for everything: connecting, waiting for a permit, for capacity, for the response. It ends
    /// this call only. If nothing at all came on the channel meanwhile, new calls use a fresh one
    /// ([`ClientConfig::retire_silent_channel_on_timeout`]). With a `timeout` of zero the call waits for nothing.
    ///
    /// A response of any code is `Ok` ([`into_success`](Invoke::into_success) is for those who want `SUCCESS` alone), but
    /// for `GO_AWAY`: then the request is repeated once on a fresh channel, with
    /// what is left of the budget and without running the hooks again. The peer has not processed it.
    ///
    /// # Errors
    ///
    /// See the [table](Self#what-becomes-of-a-call); [`RpcError::Address`] if `addr` is invalid.
    ///
    /// # Cancellation
    ///
    /// Dropping the future gives the call up and frees all it holds at once. The request may have been sent; its
    /// response will be dropped. A connection that is being made is made nevertheless, for the calls to come.
    pub fn invoke<A>(&self, addr: A, request: RemotingCommand, timeout: Duration) -> Invoke
    where
        A: TryInto<Address>,
        A::Error: Into<RpcError>,
    {
        Invoke::new(self.clone(), addr.try_into().map_err(Into::into), request, timeout)
    }

    /// As [`invoke`](Self::invoke), with a callback instead of a future, for ports of Java code
    /// (`invokeAsync(…, InvokeCallback)`). New code awaits `invoke` in a task.
    ///
    /// The callback is called exactly once, on a task of the client; it must not block. If the client is dropped
    /// meanwhile, it gets an error. A callback that panics is logged, and harms nobody.
    ///
    /// # Panics
    ///
    /// Outside a tokio runtime.
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

    /// Sends a request that is not answered: returns when it is queued. Sets the one-way bit. Java: `invokeOneway`,
    /// which loses the request without a word when the connection cannot be made.
    ///
    /// # Errors
    ///
    /// As for [`invoke`](Self::invoke).
    ///
    /// # Cancellation
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

    /// As [`invoke`](Self::invoke), to a name server of the list. Java: `invokeSync` with the address `null`.
    ///
    /// Calls stick to one name server while its connection lives. Otherwise all are tried in rotation, those with an
    /// open connection first, within this call's budget:
    ///
    /// * Each is dialled 250 ms after the one before, or as soon as that has failed; the first that is connected is
    ///   asked.
    /// * One that goes away, or whose channel ends before the request is sent, is followed by the next. One that went
    ///   away is tried once more, on a fresh channel, after all others.
    /// * Where *n* candidates are left and the current one has not answered in 1/*n* of what is left, the next
    ///   gets the request as well, and the first answer counts ([`ClientConfig::hedge_name_servers`]). So a request by the
    ///   list may be executed by more than one name server; one that must not be goes by address.
    /// * An error that leaves it in doubt whether the request was executed ends the call, unless another name server
    ///   has been asked by then.
    ///
    /// The next call begins with a name server that has answered.
    ///
    /// # Errors
    ///
    /// [`RpcError::NoNameServer`], [`RpcError::NameServer`] when none could be connected, and as for
    /// [`invoke`](Self::invoke).
    ///
    /// # Cancellation
    ///
    /// As for [`invoke`](Self::invoke).
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
    /// An empty list is ignored, and so is one that names the same servers. The order does not matter: each client
    /// shuffles its own copy. Channels to name servers that are not in the new list take no new
    /// calls by address or list, and close after the last call in flight, or after [`ClientConfig::drain_timeout`].
    ///
    /// # Errors
    ///
    /// [`AddressError`] if one of them is invalid; the list stays as it was.
    pub fn set_name_servers(&self, list: impl ToNameServers) -> Result<(), AddressError> {
        self.shared().update_name_servers(&list.to_addresses()?);
        Ok(())
    }

    /// Returns the name servers, in this client's order. Java: `getNameServerAddressList`.
    #[must_use]
    pub fn name_servers(&self) -> Vec<Address> {
        self.shared().name_servers.lock().addresses().to_vec()
    }

    /// The name servers that were connected at the last attempt, be it a call's or the probe's (which is at most
    /// [`ClientConfig::connect_timeout`] ago), and have not ended that connection since.
    #[must_use]
    pub fn available_name_servers(&self) -> Vec<Address> {
        self.shared().name_servers.lock().available()
    }

    /// Lets `processor` answer the requests with this code that servers send from now on; replaces the one there is.
    /// See [`RemotingClientBuilder::processor`].
    pub fn register_processor(
        &self,
        code: RequestCode,
        executor: Executor,
        processor: impl RequestProcessor,
    ) {
        self.register_processors(ProcessorSet::new().on(code, executor, processor));
    }

    /// Registers the processors of `set`, as [`register_processor`](Self::register_processor) does each.
    pub fn register_processors(&self, set: ProcessorSet) {
        self.shared().endpoint.processors.register(set);
    }

    /// Adds a hook behind those there are; calls under way keep the list they began with.
    pub fn register_hook(&self, hook: impl RpcHook) {
        self.shared().endpoint.register_hook(Arc::new(hook));
    }

    /// Removes all hooks.
    pub fn clear_hooks(&self) {
        self.shared().endpoint.clear_hooks();
    }

    /// The open channel to `addr`, if there is one. It is for looking at, and for calls that are to use this very
    /// connection: those neither connect nor move on `GO_AWAY`.
    #[must_use]
    pub fn channel<A: TryInto<Address>>(&self, addr: A) -> Option<RpcChannel> {
        let addr = addr.try_into().ok()?;
        self.shared().connections.open(&addr).map(|channel| channel.rpc.clone())
    }

    /// Whether a request to `addr` could be queued at once. True if there is no channel to it yet, as in Java.
    #[must_use]
    pub fn is_channel_writable<A: TryInto<Address>>(&self, addr: A) -> bool {
        self.channel(addr).is_none_or(|channel| channel.channel().is_writable())
    }

    /// Whether `addr` has a connection, or could be connected within `timeout`. The connection stays, for the calls
    /// to come.
    ///
    /// # Cancellation
    ///
    /// Dropping the future leaves the attempt to itself.
    pub async fn is_address_reachable<A: TryInto<Address>>(&self, addr: A, timeout: Duration) -> bool {
        let Ok(addr) = addr.try_into() else { return false };
        let budget = Budget::start(timeout);
        self.shared().channel(&addr, budget.deadline(), &budget).await.is_ok()
    }

    /// Closes the channels to these addresses: the one in use, those that still drain after `GO_AWAY`, and the one
    /// being dialled. Every call pending there, be it for a response, for capacity or for the dial, fails at once with
    /// [`RpcError::ChannelClosed`], long polls included (Java interrupts `PULL_MESSAGE` and `LITE_PULL_MESSAGE`,
    /// provided that the address is not a host name). The next call dials anew, and so does one that still waits for
    /// its permit. Addresses without a channel are ignored, and so is what is no address.
    pub fn close_channels<A: TryInto<Address>>(&self, addrs: impl IntoIterator<Item = A>) {
        for addr in addrs.into_iter().filter_map(|addr| addr.try_into().ok()) {
            self.shared().close_channel(&addr, &CLOSED_BY_USER);
        }
    }

    /// How many calls wait for their response.
    #[must_use]
    pub fn in_flight(&self) -> usize {
        self.statistics().in_flight
    }

    /// What the client holds at this moment.
    #[must_use]
    pub fn statistics(&self) -> ClientStatistics {
        self.shared().statistics()
    }

    /// Ends the client: refuses new calls, lets those in flight finish within [`ClientConfig::shutdown_timeout`],
    /// closes all channels, delivers the last events and waits for every task. Calls that were not finished fail
    /// with [`RpcError::ChannelClosed`]. It applies to all clones; a second call waits for the same end.
    ///
    /// # Cancellation
    ///
    /// Dropping the future leaves the client without new calls, but with its open channels; call it again, or drop
    /// the client.
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
