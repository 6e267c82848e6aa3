//! Why a body could not be written or read.

use std::any::type_name;

use thiserror::Error;

/// Why a body could not be written or read.
///
/// Bodies come from a peer; an error here says nothing about the connection, which stays good. A server
/// answers it with an error response, as Java does.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum BodyError {
    /// There is no body where a JSON document was expected.
    #[error("there is no body to read {expected} from; check the code and remark of the command first")]
    Missing {
        /// The Rust type that was asked for.
        expected: &'static str,
    },

    /// The body is an [external one](crate::ExternalBody), of which nothing is in memory.
    #[error("cannot read {expected} from a body of {length} bytes that is not in memory")]
    External {
        /// The Rust type that was asked for.
        expected: &'static str,
        /// Bytes of the body.
        length: usize,
    },

    /// The body is not what the type asks for.
    #[error("cannot read {expected} from the JSON body: {reason} at byte {offset} ({path})")]
    Json {
        /// The Rust type that was asked for.
        expected: &'static str,
        /// What is wrong.
        reason: String,
        /// Where in the body, in bytes from its start.
        offset: usize,
        /// The value's place in the document, such as `$.brokerDatas[0].brokerAddrs`.
        path: String,
    },

    /// The value cannot be written as JSON.
    #[error("cannot write {value} as a JSON body: {reason}")]
    Write {
        /// The Rust type of the value.
        value: &'static str,
        /// What its `Serialize` said.
        reason: String,
    },

    /// The body is not a protobuf message of the type.
    #[cfg(feature = "prost")]
    #[error("cannot read {expected} from the protobuf body: {source}")]
    Proto {
        /// The Rust type that was asked for.
        expected: &'static str,
        /// What `prost` said.
        source: prost::DecodeError,
    },
}

impl BodyError {
    pub(super) fn missing<T>() -> Self {
        Self::Missing { expected: type_name::<T>() }
    }

    pub(super) fn external<T>(length: usize) -> Self {
        Self::External { expected: type_name::<T>(), length }
    }

    pub(super) fn write<T: ?Sized>(reason: &serde_json::Error) -> Self {
        Self::Write { value: type_name::<T>(), reason: reason.to_string() }
    }
}
