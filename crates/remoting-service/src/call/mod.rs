//! A call, as the method of a service sees it.

#[cfg(feature = "tonic")]
mod grpc;

use std::fmt;
#[cfg(feature = "tls")]
use std::sync::Arc;
use std::sync::OnceLock;

use parking_lot::Mutex;
use remoting_rpc::transport::Address;
use remoting_rpc::transport::protocol::RemotingCommand;
#[cfg(feature = "tls")]
use remoting_rpc::transport::tls::TlsSession;
use remoting_rpc::{RequestContext, RpcChannel};
use tokio::time::Instant;

#[cfg(feature = "tonic")]
pub use self::grpc::ConnectionInfo;
#[cfg(feature = "tonic")]
use self::grpc::GrpcCall;
#[cfg(feature = "tonic")]
pub(crate) use self::grpc::RequestHead;
use crate::metadata::Metadata;

/// A call, as the method of a service sees it: who calls, with what metadata, and until when.
///
/// It is the same over both protocols, apart from [`channel`](Self::channel) and [`command`](Self::command), which only
/// remoting has.
pub struct Call {
    origin: Origin,
    deadline: Option<Instant>,
    /// Read from the request when the method asks for it.
    metadata: OnceLock<Metadata>,
    reply_metadata: Mutex<Metadata>,
}

enum Origin {
    InProcess,
    Remoting {
        ctx: RequestContext,
        command: RemotingCommand,
    },
    #[cfg(feature = "tonic")]
    Grpc(Box<GrpcCall>),
}

/// How a call came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Protocol {
    /// RocketMQ's remoting.
    Remoting,
    /// gRPC.
    Grpc,
    /// No protocol: see [`Call::in_process`].
    InProcess,
}

impl Call {
    /// Creates a call without a peer, to call a service directly, for example in its tests.
    ///
    /// ```
    /// use remoting_service::{Call, Protocol};
    ///
    /// let call = Call::in_process();
    /// assert_eq!((call.protocol(), call.peer_addr()), (Protocol::InProcess, None));
    /// ```
    #[must_use]
    pub const fn in_process() -> Self {
        Self::new(Origin::InProcess, None)
    }

    /// Creates the call of a request over remoting.
    pub(crate) const fn over_remoting(
        ctx: RequestContext,
        command: RemotingCommand,
        deadline: Option<Instant>,
    ) -> Self {
        Self::new(Origin::Remoting { ctx, command }, deadline)
    }

    const fn new(origin: Origin, deadline: Option<Instant>) -> Self {
        let reply_metadata = Mutex::new(Metadata::new());
        Self { origin, deadline, metadata: OnceLock::new(), reply_metadata }
    }

    /// Returns the protocol of the call.
    #[must_use]
    pub const fn protocol(&self) -> Protocol {
        match &self.origin {
            Origin::InProcess => Protocol::InProcess,
            Origin::Remoting { .. } => Protocol::Remoting,
            #[cfg(feature = "tonic")]
            Origin::Grpc(_) => Protocol::Grpc,
        }
    }

    /// Returns the address of the caller, behind a proxy the address that its PROXY header reports. `None` for a call without
    /// a connection, and over gRPC if the server does not know the address.
    #[must_use]
    pub fn peer_addr(&self) -> Option<&Address> {
        match &self.origin {
            Origin::InProcess => None,
            Origin::Remoting { ctx, .. } => Some(ctx.peer_addr()),
            #[cfg(feature = "tonic")]
            Origin::Grpc(call) => call.peer_addr(),
        }
    }

    /// Returns the TLS session of the connection, with the certificate of the client. `None` for plaintext, and over gRPC
    /// without [`Grpc`](crate::grpc::Grpc).
    #[cfg(feature = "tls")]
    #[must_use]
    pub fn tls_session(&self) -> Option<Arc<TlsSession>> {
        match &self.origin {
            Origin::InProcess => None,
            Origin::Remoting { ctx, .. } => ctx.tls_session(),
            #[cfg(feature = "tonic")]
            Origin::Grpc(call) => call.tls_session(),
        }
    }

    /// Returns the metadata of the call.
    #[must_use]
    pub fn metadata(&self) -> &Metadata {
        self.metadata.get_or_init(|| match &self.origin {
            Origin::InProcess => Metadata::new(),
            Origin::Remoting { command, .. } => Metadata::of_command(command),
            #[cfg(feature = "tonic")]
            Origin::Grpc(call) => call.metadata(),
        })
    }

    /// Returns the time at which the method is dropped and its caller gets
    /// [`DEADLINE_EXCEEDED`](crate::Code::DeadlineExceeded). `None` if neither the caller nor the
    /// [policy](crate::DeadlinePolicy) of the server sets one.
    #[must_use]
    pub const fn deadline(&self) -> Option<Instant> {
        self.deadline
    }

    /// Returns the value of a type that was attached to the request: over remoting by a hook or the request pipeline, over
    /// gRPC by an interceptor or a tower layer.
    #[must_use]
    pub fn extension<T: Send + Sync + 'static>(&self) -> Option<&T> {
        match &self.origin {
            Origin::InProcess => None,
            Origin::Remoting { ctx, .. } => ctx.extensions().get(),
            #[cfg(feature = "tonic")]
            Origin::Grpc(call) => call.extension(),
        }
    }

    /// Changes the metadata of the answer. It is sent with the response of a method that succeeds. One that fails sends the
    /// metadata of its [`Status`](crate::Status).
    ///
    /// ```
    /// use remoting_service::{Call, MetadataError};
    ///
    /// fn mark(call: &Call) -> Result<(), MetadataError> {
    ///     call.reply_metadata(|metadata| metadata.insert("cache", "hit"))
    /// }
    /// # mark(&Call::in_process()).unwrap();
    /// ```
    pub fn reply_metadata<R>(&self, change: impl FnOnce(&mut Metadata) -> R) -> R {
        change(&mut self.reply_metadata.lock())
    }

    pub(crate) fn into_reply_metadata(self) -> Metadata {
        self.reply_metadata.into_inner()
    }

    /// Returns the channel of a call over remoting. Make a [`Caller`](crate::Caller) of it to call the caller back.
    #[must_use]
    pub const fn channel(&self) -> Option<&RpcChannel> {
        match &self.origin {
            Origin::Remoting { ctx, .. } => Some(ctx.channel()),
            _ => None,
        }
    }

    /// Returns the request of a call over remoting, with all its ext fields.
    #[must_use]
    pub const fn command(&self) -> Option<&RemotingCommand> {
        match &self.origin {
            Origin::Remoting { command, .. } => Some(command),
            _ => None,
        }
    }
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("protocol", &self.protocol())
            .field("peer_addr", &self.peer_addr())
            .field("deadline", &self.deadline)
            .finish_non_exhaustive()
    }
}
