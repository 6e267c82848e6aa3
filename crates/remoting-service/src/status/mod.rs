//! The failure of a call.

mod constructors;
#[cfg(feature = "tonic")]
mod grpc;
mod response;
mod response_code;
mod rpc;

use std::borrow::Cow;
use std::error::Error;
use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use remoting_rpc::RpcError;
use remoting_rpc::transport::protocol::ResponseCode;

use crate::code::Code;
use crate::metadata::Metadata;

/// Why a call failed: a code, a message for people, and if wanted details and metadata. What a method returns as its error,
/// and what a caller gets.
///
/// ```
/// use remoting_service::{Code, Status};
///
/// let status = Status::not_found("no user 7").with_details(vec![1, 2, 3]);
/// assert_eq!((status.code(), status.message()), (Code::NotFound, "no user 7"));
/// assert_eq!(status.to_string(), "NOT_FOUND: no user 7");
/// ```
///
/// # On the wire
///
/// Between peers of this crate, and over gRPC, a status arrives as it was sent. Over remoting it is a response with the ext
/// fields `grpc-status` and `grpc-status-details-bin`, the message as its remark, and the metadata as ext fields. Its
/// response code tells a Java peer about the failure. In the other direction, a response of a Java peer that is not
/// `SUCCESS` has no `grpc-status`, and its code is what a status is made of:
///
/// | code | sent as | received from |
/// |---|---|---|
/// | `RESOURCE_EXHAUSTED` | `SYSTEM_BUSY` | `SYSTEM_BUSY` |
/// | `UNIMPLEMENTED` | `REQUEST_CODE_NOT_SUPPORTED` | `REQUEST_CODE_NOT_SUPPORTED`, `VERSION_NOT_SUPPORTED` |
/// | `UNAVAILABLE` | `SERVICE_NOT_AVAILABLE` | `SERVICE_NOT_AVAILABLE`, `GO_AWAY` |
/// | `PERMISSION_DENIED` | `NO_PERMISSION` | `NO_PERMISSION` |
/// | `UNAUTHENTICATED` | `NO_PERMISSION` | |
/// | `INVALID_ARGUMENT` | `INVALID_PARAMETER` | `INVALID_PARAMETER`, `MESSAGE_ILLEGAL` |
/// | `OUT_OF_RANGE`, `FAILED_PRECONDITION` | `INVALID_PARAMETER` | |
/// | `NOT_FOUND` | `QUERY_NOT_FOUND` | `QUERY_NOT_FOUND`, and all codes that end with `NOT_EXIST` |
/// | `UNKNOWN` | `SYSTEM_ERROR` | `SYSTEM_ERROR`, and all other codes |
/// | any other | `SYSTEM_ERROR` | |
///
/// [`response_code`](Self::response_code) returns the response code that came.
///
/// # Retries
///
/// [`may_have_been_sent`](Self::may_have_been_sent) tells whether the peer may have executed the method.
#[derive(Clone)]
pub struct Status(Box<Inner>);

#[derive(Clone)]
struct Inner {
    code: Code,
    message: Cow<'static, str>,
    details: Bytes,
    metadata: Metadata,
    response_code: Option<ResponseCode>,
    may_have_been_sent: bool,
    cause: Cause,
}

#[derive(Clone)]
enum Cause {
    None,
    Rpc(RpcError),
    Other(Arc<dyn Error + Send + Sync + 'static>),
    /// Its text is that of the status, and its source the cause.
    #[cfg(feature = "tonic")]
    Grpc(Arc<tonic::Status>),
}

impl Status {
    /// Creates a status with a code and a message. [`Code::Ok`] is no failure and becomes [`Code::Unknown`].
    pub fn new(code: Code, message: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Inner {
            code: if code == Code::Ok { Code::Unknown } else { code },
            message: message.into(),
            details: Bytes::new(),
            metadata: Metadata::new(),
            response_code: None,
            may_have_been_sent: true,
            cause: Cause::None,
        }))
    }

    /// Sets the details: bytes that caller and method agree on, by convention a message `google.rpc.Status`.
    #[must_use]
    pub fn with_details(mut self, details: impl Into<Bytes>) -> Self {
        self.0.details = details.into();
        self
    }

    /// Sets the metadata.
    #[must_use]
    pub fn with_metadata(mut self, metadata: Metadata) -> Self {
        self.0.metadata = metadata;
        self
    }

    /// Sets the error that caused this status, its [`source`](Error::source). It is not sent.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.0.cause = Cause::Other(source.into().into());
        self
    }

    /// Returns the code.
    #[must_use]
    pub const fn code(&self) -> Code {
        self.0.code
    }

    /// Returns the message.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Returns the details, empty if there are none.
    #[must_use]
    pub const fn details(&self) -> &Bytes {
        &self.0.details
    }

    /// Returns the metadata.
    #[must_use]
    pub const fn metadata(&self) -> &Metadata {
        &self.0.metadata
    }

    /// Returns the code of the response, if the status came as a response of a remoting peer.
    #[must_use]
    pub const fn response_code(&self) -> Option<ResponseCode> {
        self.0.response_code
    }

    /// Returns the error of the call over remoting, if it had no response, or one that cannot be read.
    #[must_use]
    pub const fn rpc_error(&self) -> Option<&RpcError> {
        match &self.0.cause {
            Cause::Rpc(error) => Some(error),
            _ => None,
        }
    }

    /// Returns whether the peer may have received, and executed, the request. `false` is a guarantee: repeating the call
    /// cannot execute the method twice.
    ///
    /// A status that a method created returns `true`, because nobody else knows what the method did before.
    #[must_use]
    pub const fn may_have_been_sent(&self) -> bool {
        self.0.may_have_been_sent
    }

    /// Marks the status of a call whose request was not sent.
    pub(crate) fn unsent(mut self) -> Self {
        self.0.may_have_been_sent = false;
        self
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.message() {
            "" => fmt::Display::fmt(&self.code(), f),
            message => write!(f, "{}: {message}", self.code()),
        }
    }
}

impl fmt::Debug for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Status")
            .field("code", &self.code())
            .field("message", &self.message())
            .field("details", &format_args!("{} bytes", self.details().len()))
            .field("metadata", self.metadata())
            .field("response_code", &self.response_code())
            .field("may_have_been_sent", &self.may_have_been_sent())
            .field("source", &self.source())
            .finish()
    }
}

impl Error for Status {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.0.cause {
            Cause::None => None,
            Cause::Rpc(error) => error.source(),
            Cause::Other(error) => Some(&**error),
            #[cfg(feature = "tonic")]
            Cause::Grpc(status) => status.source(),
        }
    }
}
