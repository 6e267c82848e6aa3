use std::fmt;
use std::future::{Future, poll_fn};
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use prost::Message;
use remoting_rpc::transport::protocol::RemotingCommand;
use remoting_rpc::transport::protocol::body::BodyError;
#[cfg(feature = "tonic")]
use remoting_rpc::transport::protocol::body::from_proto;

use super::Route;
#[cfg(feature = "tonic")]
use super::grpc::{GrpcCalling, GrpcReceived};
use super::outgoing::Outgoing;
use super::remoting::Calling;
use super::response::ServiceResponse;
use crate::metadata::{Metadata, MetadataError};
use crate::status::Status;

/// A call of a method. Created by the methods of a generated client, or [`Caller::call`](super::Caller::call).
///
/// Its time-out and metadata can be set before it is first polled, which starts it. It borrows nothing, so it can be spawned.
///
/// ```
/// # use std::time::Duration;
/// # use remoting_service::{Caller, Method, Status};
/// # const REVERSE: Method<String, String> = Method::new("text.Reverser", "Reverse", "/text.Reverser/Reverse").code(20_001);
/// async fn reverse(caller: &Caller, text: &String) -> Result<String, Status> {
///     caller.call(REVERSE, text).timeout(Duration::from_millis(100)).metadata("tenant", "orders").await
/// }
/// ```
///
/// # Cancel safety
///
/// Dropping the call abandons it and frees its resources at once. The request may have been sent. Over gRPC the method is
/// then dropped too; over remoting it runs until its deadline, because the protocol has no message for that.
///
/// # Panics
///
/// Panics if polled after completion, or outside a tokio runtime.
#[must_use = "a call does nothing until it is awaited"]
pub struct ServiceCall<Res> {
    stage: Stage,
    path: &'static str,
    response: PhantomData<fn() -> Res>,
}

enum Stage {
    Fresh {
        route: Route,
        outgoing: Outgoing,
    },
    Remoting(Calling),
    #[cfg(feature = "tonic")]
    Grpc(GrpcCalling),
    Ended,
}

/// What has come for a call that succeeded.
enum Received {
    Remoting(RemotingCommand),
    #[cfg(feature = "tonic")]
    Grpc(GrpcReceived),
}

impl Received {
    fn metadata(&self) -> Metadata {
        match self {
            Self::Remoting(response) => Metadata::of_command(response),
            #[cfg(feature = "tonic")]
            Self::Grpc(received) => received.metadata(),
        }
    }

    #[inline]
    fn message<Res: Message + Default>(self) -> Result<Res, Status> {
        let message = match self {
            Self::Remoting(response) => response.proto_body(),
            #[cfg(feature = "tonic")]
            Self::Grpc(received) => from_proto(received.into_body()),
        };
        message.map_err(unreadable)
    }
}

#[cold]
fn unreadable(error: BodyError) -> Status {
    Status::internal("the response cannot be read").with_source(error)
}

impl<Res: Message + Default + 'static> ServiceCall<Res> {
    pub(super) const fn new(route: Route, outgoing: Outgoing) -> Self {
        Self { path: outgoing.path, stage: Stage::Fresh { route, outgoing }, response: PhantomData }
    }

    /// Sets the time-out, which is sent with the call. Default: that of the [`Caller`](super::Caller).
    pub fn timeout(mut self, timeout: Duration) -> Self {
        if let Stage::Fresh { outgoing, .. } = &mut self.stage {
            outgoing.timeout = Some(timeout);
        }
        self
    }

    /// Adds a text to the metadata: see [`Metadata::append`]. If it is invalid, the call fails with `INVALID_ARGUMENT`.
    pub fn metadata(self, key: &str, value: impl Into<String>) -> Self {
        self.add(|metadata| metadata.append(key, value))
    }

    /// Adds a binary value to the metadata: see [`Metadata::append_bin`]. If it is invalid, the call fails with
    /// `INVALID_ARGUMENT`.
    pub fn metadata_bin(self, key: &str, value: impl Into<Bytes>) -> Self {
        self.add(|metadata| metadata.append_bin(key, value))
    }

    /// Sets the whole metadata.
    pub fn with_metadata(self, metadata: Metadata) -> Self {
        self.add(|before| {
            *before = metadata;
            Ok(())
        })
    }

    /// Waits for the response with its metadata, instead of the message alone.
    ///
    /// # Errors
    ///
    /// Returns the status of a call that failed.
    ///
    /// # Cancellation
    ///
    /// Dropping the future abandons the call, like dropping the call itself.
    pub async fn into_response(mut self) -> Result<ServiceResponse<Res>, Status> {
        let received = poll_fn(|cx| self.poll_received(cx)).await?;
        let metadata = received.metadata();
        Ok(ServiceResponse::new(received.message()?, metadata))
    }

    fn add(mut self, add: impl FnOnce(&mut Metadata) -> Result<(), MetadataError>) -> Self {
        if let Stage::Fresh { outgoing, .. } = &mut self.stage {
            outgoing.add(add);
        }
        self
    }

    #[inline]
    fn poll_received(&mut self, cx: &mut Context<'_>) -> Poll<Result<Received, Status>> {
        if let Stage::Fresh { .. } = self.stage {
            self.start()?;
        }
        let result = match &mut self.stage {
            Stage::Remoting(call) => match ready!(call.poll(cx)) {
                Ok(response) => match Status::of_response(&response) {
                    None => Ok(Received::Remoting(response)),
                    Some(status) => Err(status),
                },
                Err(status) => Err(status),
            },
            #[cfg(feature = "tonic")]
            Stage::Grpc(call) => ready!(call.poll(cx)).map(Received::Grpc),
            Stage::Fresh { .. } | Stage::Ended => unreachable!("a call was polled after it ended"),
        };
        self.stage = Stage::Ended;
        Poll::Ready(result)
    }

    fn start(&mut self) -> Result<(), Status> {
        let Stage::Fresh { route, outgoing } = std::mem::replace(&mut self.stage, Stage::Ended) else {
            return Ok(());
        };
        self.stage = match route {
            Route::Target(target) => Stage::Remoting(Calling::by_address(target, outgoing)?),
            Route::Channel(channel) => Stage::Remoting(Calling::over_channel(channel, outgoing)?),
            #[cfg(feature = "tower")]
            Route::Layered(service) => Stage::Remoting(Calling::layered(&service, outgoing)?),
            #[cfg(feature = "tonic")]
            Route::Grpc(channel) => Stage::Grpc(GrpcCalling::new(channel, outgoing)?),
        };
        Ok(())
    }
}

impl<Res: Message + Default + 'static> Future for ServiceCall<Res> {
    type Output = Result<Res, Status>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        Poll::Ready(ready!(self.get_mut().poll_received(cx))?.message())
    }
}

impl<Res> fmt::Debug for ServiceCall<Res> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServiceCall").field("path", &self.path).finish_non_exhaustive()
    }
}
