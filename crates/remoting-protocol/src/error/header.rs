//! Why a typed header and ext fields did not fit each other.

use std::fmt;

use serde::de::{Expected, Unexpected};

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
    /// Two keys of the map lead to one field of the header, as a name and its alias do.
    #[error("header field `{field}` is there under two names")]
    Duplicate {
        /// The field.
        field: &'static str,
    },
    /// A `Serialize` or `Deserialize` implementation gave up.
    #[error("header{}: {message}", InField(field))]
    Custom {
        /// The key of the field, empty where it is about the header as a whole.
        field: String,
        /// What it said.
        message: String,
    },
}

impl HeaderError {
    /// The same error, about the field with this key unless it names one already.
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

    /// `text` is not what was expected; the field is added by [`in_field`](Self::in_field).
    pub(crate) fn malformed(text: &[u8], expected: impl Into<String>) -> Self {
        Self::Malformed { field: String::new(), text: excerpt(text), expected: expected.into() }
    }
}

/// Text for a message, cut where a peer made it long.
fn excerpt(text: &[u8]) -> String {
    const MOST: usize = 64;
    match text.get(..MOST) {
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
