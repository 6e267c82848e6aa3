//! Errors of ext fields and typed headers.

use std::fmt;

use serde::de::{Expected, Unexpected};

/// The error of reading a typed header from ext fields, or of writing ext fields.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HeaderError {
    /// A required field is absent.
    #[error("header field `{field}` is missing")]
    #[non_exhaustive]
    Missing {
        /// The key of the field.
        field: String,
    },
    /// The text of a field does not have the type of the field.
    #[error("header field `{field}`: `{text}` is not {expected}")]
    #[non_exhaustive]
    Malformed {
        /// The key of the field.
        field: String,
        /// The text of the field, truncated if it is long.
        text: String,
        /// The expected type, with an article.
        expected: String,
    },
    /// The type of a field has no text form, such as a sequence or a struct.
    #[error(
        "header field `{field}`: {found} has no text form; use text, a number, a bool, a char or a unit enum"
    )]
    #[non_exhaustive]
    Unsupported {
        /// The key of the field; empty for the header as a whole.
        field: String,
        /// The type, with an article.
        found: &'static str,
    },
    /// The header as a whole is not a struct or map.
    #[error("{found} is not a header; use a struct or a map")]
    #[non_exhaustive]
    NotAMap {
        /// The type of the header, with an article.
        found: &'static str,
    },
    /// A key exceeds the 32 767 bytes that a ROCKETMQ header can carry.
    #[error("ext field key of {length} bytes exceeds the limit of 32767")]
    #[non_exhaustive]
    KeyTooLong {
        /// The length of the key in bytes.
        length: usize,
    },
    /// A value exceeds the length that any header can have.
    #[error("header field `{field}`: value of {length} bytes exceeds the length of a header")]
    #[non_exhaustive]
    ValueTooLong {
        /// The key of the field.
        field: String,
        /// The length of the value in bytes.
        length: usize,
    },
    /// Two keys of the map belong to one field of the header, such as a name and its alias.
    #[error("header field `{field}` is present under two names")]
    #[non_exhaustive]
    Duplicate {
        /// The name of the field.
        field: &'static str,
    },
    /// The error of a `Serialize` or `Deserialize` implementation.
    #[error("header{}: {message}", InField(field))]
    #[non_exhaustive]
    Custom {
        /// The key of the field; empty for the header as a whole.
        field: String,
        /// The message of the implementation.
        message: String,
    },
}

impl HeaderError {
    /// Sets the key of the field, unless the error has one.
    pub(crate) fn in_field(mut self, key: &[u8]) -> Self {
        if let Self::Malformed { field, .. }
        | Self::Unsupported { field, .. }
        | Self::ValueTooLong { field, .. }
        | Self::Custom { field, .. } = &mut self
            && field.is_empty()
        {
            *field = excerpt(key);
        }
        self
    }

    /// Creates the error for a text of the wrong type. [`in_field`](Self::in_field) adds the field.
    pub(crate) fn malformed(text: &[u8], expected: impl Into<String>) -> Self {
        Self::Malformed { field: String::new(), text: excerpt(text), expected: expected.into() }
    }
}

/// Returns text for a message, truncated after 64 bytes.
fn excerpt(text: &[u8]) -> String {
    const MAX: usize = 64;
    match text.get(..MAX) {
        None => String::from_utf8_lossy(text).into_owned(),
        Some(start) => format!("{}…", String::from_utf8_lossy(start).trim_end_matches('\u{FFFD}')),
    }
}

struct InField<'a>(&'a str);

impl fmt::Display for InField<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() { Ok(()) } else { write!(f, " field `{}`", self.0) }
    }
}

impl serde::ser::Error for HeaderError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::Custom { field: String::new(), message: message.to_string() }
    }
}

impl serde::de::Error for HeaderError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::Custom { field: String::new(), message: message.to_string() }
    }

    fn invalid_type(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::invalid_value(unexpected, expected)
    }

    fn invalid_value(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        match unexpected {
            Unexpected::Str(text) => Self::malformed(text.as_bytes(), expected.to_string()),
            other => Self::malformed(other.to_string().as_bytes(), expected.to_string()),
        }
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Self {
        Self::malformed(variant.as_bytes(), format!("one of {}", expected.join(", ")))
    }

    fn missing_field(field: &'static str) -> Self {
        Self::Missing { field: field.to_owned() }
    }

    fn duplicate_field(field: &'static str) -> Self {
        Self::Duplicate { field }
    }
}
