//! The body of a command: bytes in memory, or an external body that only the transport can write.

use std::any::Any;
use std::fmt::{self, Debug};
use std::sync::Arc;

use bytes::{Bytes, BytesMut};

use crate::excerpt;

/// A body whose bytes are not in memory, such as a region of a file. Java passes Netty a `FileRegion` after the
/// encoded header instead.
///
/// The codec uses only the length. The transport writes the types that it supports and rejects others.
pub trait ExternalBody: Any + Debug + Send + Sync {
    /// Returns the length of the body on the wire in bytes. It must not change, since the frame announces it.
    fn len(&self) -> usize;

    /// Returns whether the length is 0, which equals an absent body on the wire.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// The body of a command to be sent. The body of a received command is always bytes.
///
/// [`with_body`](crate::RemotingCommand::with_body) takes every type that is `Into<Body>`. A clone copies no bytes.
/// External bodies are equal if they are the same object.
///
/// ```
/// use std::sync::Arc;
/// use remoting_protocol::{Body, ExternalBody, RemotingCommand, ResponseCode};
///
/// #[derive(Debug)]
/// struct Elsewhere;
///
/// impl ExternalBody for Elsewhere {
///     fn len(&self) -> usize {
///         1 << 20
///     }
/// }
///
/// let response = RemotingCommand::response(ResponseCode::SUCCESS).with_body(Arc::new(Elsewhere));
/// assert_eq!(response.body_len(), 1 << 20);
/// assert!(response.body().is_empty(), "the body is not in memory");
/// assert_eq!(Body::from("text").as_bytes(), "text");
/// ```
///
/// `Debug` prints the length and the first 16 bytes: the rest may be large or confidential.
#[derive(Clone)]
#[non_exhaustive]
pub enum Body {
    /// Bytes in memory. Empty if there is no body.
    Bytes(Bytes),
    /// A body that only the transport can read.
    External(Arc<dyn ExternalBody>),
}

impl Body {
    /// Returns the length on the wire in bytes.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Bytes(bytes) => bytes.len(),
            Self::External(external) => external.len(),
        }
    }

    /// Returns whether the length is 0, which equals an absent body on the wire.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the bytes in memory, which are empty for an external body.
    #[must_use]
    pub fn as_bytes(&self) -> &Bytes {
        static NONE: Bytes = Bytes::new();
        match self {
            Self::Bytes(bytes) => bytes,
            Self::External(_) => &NONE,
        }
    }

    /// Returns the external body, or `None` for bytes in memory.
    #[must_use]
    pub fn as_external(&self) -> Option<&Arc<dyn ExternalBody>> {
        match self {
            Self::Bytes(_) => None,
            Self::External(external) => Some(external),
        }
    }

    /// Returns the identity of an external body.
    pub(crate) fn address(external: &Arc<dyn ExternalBody>) -> *const () {
        Arc::as_ptr(external).cast()
    }

    /// Converts the body into its bytes in memory, like [`as_bytes`](Self::as_bytes).
    #[must_use]
    pub fn into_bytes(self) -> Bytes {
        match self {
            Self::Bytes(bytes) => bytes,
            Self::External(_) => Bytes::new(),
        }
    }
}

impl Default for Body {
    /// Returns an empty body.
    fn default() -> Self {
        Self::Bytes(Bytes::new())
    }
}

impl Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bytes(bytes) => excerpt::Bytes(bytes).fmt(f),
            Self::External(external) => external.fmt(f),
        }
    }
}

impl PartialEq for Body {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Bytes(one), Self::Bytes(other)) => one == other,
            (Self::External(one), Self::External(other)) => Self::address(one) == Self::address(other),
            _ => false,
        }
    }
}

impl Eq for Body {}

// Types that convert to bytes without a copy.
macro_rules! from_bytes {
    ($($source:ty),* $(,)?) => {$(
        impl From<$source> for Body {
            fn from(bytes: $source) -> Self {
                Self::Bytes(bytes.into())
            }
        }
    )*};
}

from_bytes!(Bytes, BytesMut, Vec<u8>, Box<[u8]>, &'static [u8], String, &'static str);

impl<const N: usize> From<&'static [u8; N]> for Body {
    fn from(bytes: &'static [u8; N]) -> Self {
        Self::Bytes(Bytes::from_static(bytes))
    }
}

impl From<Arc<dyn ExternalBody>> for Body {
    fn from(external: Arc<dyn ExternalBody>) -> Self {
        Self::External(external)
    }
}

impl<T: ExternalBody> From<Arc<T>> for Body {
    fn from(external: Arc<T>) -> Self {
        Self::External(external)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{BodyError, RemotingCommand, RequestCode};

    #[derive(Debug)]
    struct Elsewhere(usize);

    impl ExternalBody for Elsewhere {
        fn len(&self) -> usize {
            self.0
        }
    }

    fn command(body: impl Into<Body>) -> RemotingCommand {
        RemotingCommand::request(RequestCode::HEART_BEAT).with_body(body)
    }

    #[test]
    fn a_body_is_no_larger_than_its_bytes() {
        assert_eq!(size_of::<Body>(), size_of::<Bytes>());
    }

    #[test]
    fn an_external_body_equals_only_itself() {
        let external = Arc::new(Elsewhere(7));
        let same: Arc<dyn ExternalBody> = external.clone();
        assert_eq!(Body::from(external.clone()), Body::from(same));
        assert_ne!(Body::from(external), Body::from(Arc::new(Elsewhere(7))));
        assert_ne!(Body::from(Arc::new(Elsewhere(0))), Body::default());
    }

    #[test]
    fn a_command_keeps_its_external_body_when_cloned_or_detached() {
        let command = command(Arc::new(Elsewhere(7)));
        assert_eq!(command.clone(), command);
        let mut detached = command.clone();
        detached.detach();
        assert_eq!(detached, command);
        assert_eq!(detached.external_body().map(|body| body.len()), Some(7));
    }

    #[test]
    fn an_external_body_is_not_in_memory() {
        let command = command(Arc::new(Elsewhere(7)));
        assert_eq!((command.body_len(), command.body().len()), (7, 0));
        assert!(command.into_body().is_empty());
    }

    #[test]
    fn an_external_body_is_not_read_as_an_empty_one() {
        let command = command(Arc::new(Elsewhere(7)));
        let error = command.json_body::<Vec<String>>().expect_err("no bytes");
        assert!(matches!(error, BodyError::External { length: 7, .. }), "{error}");
        #[cfg(feature = "prost")]
        assert!(matches!(command.proto_body::<()>(), Err(BodyError::External { length: 7, .. })));
    }
}
