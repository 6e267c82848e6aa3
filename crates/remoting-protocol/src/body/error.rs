//! Why a body could not be written or read.

use std::any::type_name;
use std::fmt;

use thiserror::Error;

/// Why a body could not be written or read.
///
/// Bodies come from a peer; an error here says nothing about the connection, which stays good. A server
/// answers it with an error response, as Java does. So `Display`, which ends up in the remark, names a type without its
/// path; the fields have all of it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum BodyError {
    /// There is no body where a JSON document was expected.
    ///
    /// Of a response that often means that it is an error response: look at its code and remark before its body.
    #[error("there is no body to read {} from", ShortName(expected))]
    Missing {
        /// The Rust type that was asked for.
        expected: &'static str,
    },

    /// The body is an [external one](crate::ExternalBody), of which nothing is in memory.
    #[error("cannot read {} from a body of {length} bytes that is not in memory", ShortName(expected))]
    External {
        /// The Rust type that was asked for.
        expected: &'static str,
        /// Bytes of the body.
        length: usize,
    },

    /// The body is not what the type asks for.
    #[error("cannot read {} from the JSON body: {reason} at byte {offset} ({path})", ShortName(expected))]
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
    #[error("cannot write {} as a JSON body: {reason}", ShortName(value))]
    Write {
        /// The Rust type of the value.
        value: &'static str,
        /// What its `Serialize` said.
        reason: String,
    },

    /// The body is not a protobuf message of the type.
    #[cfg(feature = "prost")]
    #[error("cannot read {} from the protobuf body", ShortName(expected))]
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

    pub(crate) fn external<T>(length: usize) -> Self {
        Self::External { expected: type_name::<T>(), length }
    }

    pub(super) fn write<T: ?Sized>(reason: &serde_json::Error) -> Self {
        Self::Write { value: type_name::<T>(), reason: reason.to_string() }
    }
}

/// The name of a type without the paths of its parts: `Vec<Secret>` for `alloc::vec::Vec<app::model::Secret>`.
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
    fn what_a_peer_is_told_names_no_module() {
        #[derive(Debug, serde::Deserialize)]
        struct SecretPlan;
        for body in ["", "{", "7"] {
            let error = crate::body::from_json::<Vec<SecretPlan>>(body.as_bytes()).expect_err("no list");
            let told = error.to_string();
            assert!(told.contains("Vec<SecretPlan>") && !told.contains("::"), "{told}");
        }
        let told = BodyError::external::<SecretPlan>(7).to_string();
        assert_eq!(told, "cannot read SecretPlan from a body of 7 bytes that is not in memory");
    }
}
