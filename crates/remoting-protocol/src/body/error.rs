//! Errors of reading and writing bodies.

use std::any::type_name;
use std::fmt;

use thiserror::Error;

/// The error of reading or writing a body.
///
/// The connection stays usable. A server responds with an error and the `Display` text as the remark, as in Java.
/// So `Display` prints the name of a type without its path; the fields have the full path.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum BodyError {
    /// The body is empty, but a JSON document was expected.
    ///
    /// A response with an empty body is often an error response: check its code before you read the body.
    #[error("cannot read {} from an empty body", ShortName(expected))]
    #[non_exhaustive]
    Missing {
        /// The requested Rust type.
        expected: &'static str,
    },

    /// The body is [external](crate::ExternalBody), so its bytes are not in memory.
    #[error("cannot read {} from a body of {length} bytes that is not in memory", ShortName(expected))]
    #[non_exhaustive]
    External {
        /// The requested Rust type.
        expected: &'static str,
        /// The length of the body in bytes.
        length: usize,
    },

    /// The body is not valid JSON, or does not match the type.
    #[error("cannot read {} from the JSON body: {reason} at byte {offset} ({path})", ShortName(expected))]
    #[non_exhaustive]
    Json {
        /// The requested Rust type.
        expected: &'static str,
        /// The reason, at most 512 characters.
        reason: String,
        /// The position in bytes from the start of the body.
        offset: usize,
        /// The path of the value in the document, such as `$.brokerDatas[0].brokerAddrs`.
        path: String,
    },

    /// The value cannot be written.
    #[error("cannot write {} as a body: {reason}", ShortName(value))]
    #[non_exhaustive]
    Write {
        /// The Rust type of the value.
        value: &'static str,
        /// The reason, such as the error of its `Serialize` implementation.
        reason: String,
    },

    /// The body is in a format other than JSON, and is not valid.
    #[error("cannot read {} from the body: {reason}", ShortName(expected))]
    #[non_exhaustive]
    Invalid {
        /// The requested Rust type.
        expected: &'static str,
        /// The reason.
        reason: String,
    },

    /// The body is not the one that was sent: it does not match the checksum of its header. The text is that of Java's
    /// name server.
    #[error("crc32 not match")]
    #[non_exhaustive]
    Checksum {
        /// The checksum in the header.
        sent: i32,
        /// The checksum of the body.
        received: i32,
    },

    /// The body is not a valid protobuf message of the type.
    #[cfg(feature = "prost")]
    #[error("cannot read {} from the protobuf body", ShortName(expected))]
    #[non_exhaustive]
    Proto {
        /// The requested Rust type.
        expected: &'static str,
        /// The error of `prost`.
        source: prost::DecodeError,
    },
}

impl BodyError {
    /// Creates the error of a body in a format of its own, for implementations of
    /// [`CommandBody`](crate::operation::CommandBody). `T` is the requested type.
    pub fn invalid<T>(reason: impl fmt::Display) -> Self {
        Self::Invalid { expected: type_name::<T>(), reason: reason.to_string() }
    }

    /// Creates the error of a body that is [external](crate::ExternalBody), for implementations of
    /// [`CommandBody`](crate::operation::CommandBody). `T` is the requested type, `length` the length of the body in
    /// bytes.
    #[must_use]
    pub fn external<T>(length: usize) -> Self {
        Self::External { expected: type_name::<T>(), length }
    }

    /// Creates the error of a body that does not match its checksum, for implementations of
    /// [`CommandBody`](crate::operation::CommandBody).
    #[must_use]
    pub const fn checksum(sent: i32, received: i32) -> Self {
        Self::Checksum { sent, received }
    }

    pub(super) fn missing<T>() -> Self {
        Self::Missing { expected: type_name::<T>() }
    }

    /// Creates the error of a value that cannot be written, for implementations of
    /// [`CommandBody`](crate::operation::CommandBody). `T` is the type of the value.
    pub fn write<T: ?Sized>(reason: impl fmt::Display) -> Self {
        Self::Write { value: type_name::<T>(), reason: reason.to_string() }
    }
}

/// Displays the name of a type without paths: `Vec<Secret>` for `alloc::vec::Vec<app::model::Secret>`.
struct ShortName<'a>(&'a str);

impl fmt::Display for ShortName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0
            .split_inclusive(|char: char| !(char.is_alphanumeric() || matches!(char, '_' | ':')))
            .try_for_each(|path| f.write_str(path.rsplit("::").next().unwrap_or(path)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_name_has_no_paths() {
        for (name, short) in [
            ("i64", "i64"),
            ("app::model::Secret", "Secret"),
            ("alloc::vec::Vec<app::model::Secret>", "Vec<Secret>"),
            ("std::collections::hash::map::HashMap<a::B, (c::D, [e::F; 3])>", "HashMap<B, (D, [F; 3])>"),
            ("&str", "&str"),
            ("core::option::Option<&dyn a::b::C>", "Option<&dyn C>"),
            ("<a::B as c::D>::E", "<B as D>E"),
        ] {
            assert_eq!(ShortName(name).to_string(), short);
        }
    }

    #[test]
    fn an_error_displays_no_module() {
        #[derive(Debug, serde::Deserialize)]
        struct SecretPlan;
        for body in ["", "{", "7"] {
            let error = crate::body::from_json::<Vec<SecretPlan>>(body.as_bytes()).expect_err("no list");
            let text = error.to_string();
            assert!(text.contains("Vec<SecretPlan>") && !text.contains("::"), "{text}");
        }
        let text = BodyError::external::<SecretPlan>(7).to_string();
        assert_eq!(text, "cannot read SecretPlan from a body of 7 bytes that is not in memory");
    }
}
