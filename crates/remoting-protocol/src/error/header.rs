//! Why a typed header and ext fields did not fit each other.

use std::fmt;

/// Why a typed header could not be made of ext fields, or ext fields of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HeaderError {
    /// A field that the header needs is absent.
    #[error("header field `{field}` is missing")]
    Missing {
        /// Its key.
        field: String,
    },
    /// The text of a field is not of the field's type.
    #[error("header field `{field}`: `{text}` is not {expected}")]
    Malformed {
        /// Its key.
        field: String,
        /// What it said, cut where it is long.
        text: String,
        /// What it should have said.
        expected: String,
    },
    /// A field of a type that has no text, such as a sequence or a struct.
    #[error(
        "header field `{field}`: {found} has no text form; use text, a number, a bool, a char or a unit enum"
    )]
    Unsupported {
        /// Its key; empty for the header as a whole.
        field: String,
        /// What it is.
        found: &'static str,
    },
    /// The header as a whole is not a struct or map.
    #[error("{found} is not a header; use a struct or a map")]
    NotAMap {
        /// What it is.
        found: &'static str,
    },
    /// A key is longer than the 32 767 bytes that a ROCKETMQ header can hold.
    #[error("ext field key of {length} bytes is longer than 32767")]
    KeyTooLong {
        /// Bytes of the key.
        length: usize,
    },
    /// A value is longer than any header may be.
    #[error("header field `{field}`: a value of {length} bytes is longer than a header may be")]
    ValueTooLong {
        /// Its key.
        field: String,
        /// Bytes of the value.
        length: usize,
    },
    /// A `Serialize` or `Deserialize` implementation gave up.
    #[error("{0}")]
    Custom(String),
}

impl serde::ser::Error for HeaderError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::Custom(message.to_string())
    }
}

impl serde::de::Error for HeaderError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::Custom(message.to_string())
    }

    fn missing_field(field: &'static str) -> Self {
        Self::Missing { field: field.to_owned() }
    }
}
