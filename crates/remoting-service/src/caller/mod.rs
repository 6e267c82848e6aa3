//! Calls of services.

#[cfg(feature = "tonic")]
mod grpc;
#[cfg(feature = "tower")]
mod layered;
mod outgoing;
mod remoting;
mod response;
mod service_call;

use std::fmt;
use std::time::Duration;

use prost::Message;
use remoting_rpc::transport::protocol::SerializeType;
use remoting_rpc::{RpcChannel, Target};

#[cfg(feature = "tonic")]
pub use self::grpc::MAX_MESSAGE_SIZE;
#[cfg(feature = "tower")]
use self::layered::Layered;
use self::outgoing::Outgoing;
pub use self::response::ServiceResponse;
pub use self::service_call::ServiceCall;
use crate::metadata::Metadata;
use crate::method::Method;

/// Where a client of a service sends its calls: an address over remoting, a connection over remoting, or a gRPC channel.
///
/// | made from | calls | time-out by default |
/// |---|---|---|
/// | [`Target`] | an address, over connections of its client | that of the target |
/// | [`RpcChannel`] | the peer of one connection; a server calls its client with [`Call::channel`](crate::Call::channel) | 3 s |
/// | `tonic::transport::Channel` (feature `tonic`) | a gRPC server | that of the channel |
/// | a service of tower (feature `tower`): `Caller::from_service` | what the service calls | that of the service |
///
/// A time-out that is set here or for [one call](ServiceCall::timeout) is sent with the call, so that the method sees its
/// deadline. A default is not sent, as in tonic: it limits how long this side waits.
///
/// ```
/// use std::sync::Arc;
/// use remoting_rpc::{RemotingClient, RemotingServer};
/// use remoting_service::{Call, Caller, DeadlinePolicy, Executor, Method, ServiceProcessors, Status};
///
/// const REVERSE: Method<String, String> =
///     Method::new("text.Reverser", "Reverse", "/text.Reverser/Reverse").code(20_001);
///
/// struct Reverser;
///
/// impl Reverser {
///     async fn reverse(&self, _call: &Call, text: String) -> Result<String, Status> {
///         if text.is_empty() { return Err(Status::invalid_argument("no text")) }
///         Ok(text.chars().rev().collect())
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let processors = ServiceProcessors::new(Arc::new(Reverser), DeadlinePolicy::new())
///     .unary(REVERSE, Executor::inline(), Reverser::reverse)
///     .into_set();
/// let server = RemotingServer::builder().bind("127.0.0.1:0").processors(processors).start().await?;
///
/// let client = RemotingClient::builder().build()?;
/// let caller = Caller::from(client.to(server.local_addr()));
/// assert_eq!(caller.call(REVERSE, &"abc".to_owned()).await?, "cba");
/// let status = caller.call(REVERSE, &String::new()).await.unwrap_err();
/// assert_eq!(status.to_string(), "INVALID_ARGUMENT: no text");
/// # client.shutdown().await;
/// # server.shutdown().await;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Caller {
    route: Route,
    timeout: Option<Duration>,
    serialize_type: SerializeType,
    metadata: Metadata,
}

#[derive(Debug, Clone)]
enum Route {
    Target(Target),
    Channel(RpcChannel),
    #[cfg(feature = "tonic")]
    Grpc(tonic::transport::Channel),
    #[cfg(feature = "tower")]
    Layered(Layered),
}

impl Caller {
    const fn new(route: Route) -> Self {
        Self { route, timeout: None, serialize_type: SerializeType::RocketMq, metadata: Metadata::new() }
    }

    /// Sets the time-out of calls, which is sent with each. Default: see [`Caller`].
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Sets the metadata of each call, such as a token. A call may add to it. Default: none.
    ///
    /// It suits a token that stays. To sign requests over remoting, use a hook of the client.
    #[must_use]
    pub fn with_metadata(mut self, metadata: Metadata) -> Self {
        self.metadata = metadata;
        self
    }

    /// Sets the encoding of the headers of requests over remoting. Default: [`SerializeType::RocketMq`], which is cheaper
    /// than [`SerializeType::Json`]. Every Java peer since 4.0 reads both, and so does every server of this project.
    #[must_use]
    pub fn serialize_type(mut self, serialize_type: SerializeType) -> Self {
        self.serialize_type = serialize_type;
        self
    }

    /// Returns a call of a method. It is sent when it is awaited.
    ///
    /// A call of a [one-way](Method::oneway) method over remoting is ready when its request is queued.
    pub fn call<Req, Res>(&self, method: Method<Req, Res>, request: &Req) -> ServiceCall<Res>
    where
        Req: Message,
        Res: Message + Default + 'static,
    {
        let outgoing = Outgoing {
            path: method.path(),
            code: method.request_code(),
            oneway: method.is_oneway(),
            body: request.encode_to_vec().into(),
            metadata: Ok(self.metadata.clone()),
            serialize_type: self.serialize_type,
            timeout: self.timeout,
        };
        ServiceCall::new(self.route.clone(), outgoing)
    }
}

impl From<Target> for Caller {
    fn from(target: Target) -> Self {
        Self::new(Route::Target(target))
    }
}

impl From<&Target> for Caller {
    fn from(target: &Target) -> Self {
        target.clone().into()
    }
}

impl From<RpcChannel> for Caller {
    fn from(channel: RpcChannel) -> Self {
        Self::new(Route::Channel(channel))
    }
}

impl From<&RpcChannel> for Caller {
    fn from(channel: &RpcChannel) -> Self {
        channel.clone().into()
    }
}

#[cfg(feature = "tonic")]
impl From<tonic::transport::Channel> for Caller {
    fn from(channel: tonic::transport::Channel) -> Self {
        Self::new(Route::Grpc(channel))
    }
}

impl fmt::Debug for Caller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Caller")
            .field("route", &self.route)
            .field("timeout", &self.timeout)
            .field("serialize_type", &self.serialize_type)
            .field("metadata", &self.metadata)
            .finish()
    }
}
