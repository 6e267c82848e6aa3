//! The fields of a typed header, found at run time.
//!
//! [`HeaderSchema::of`] describes any header by deserializing it from fields of its choice and watching what the
//! `Deserialize` implementation asks for. So the struct stays the only description of the header. Use it in tools and
//! tests; it is not made for the path of a request.
//!
//! ```
//! use remoting_model::header::GetMaxOffsetRequestHeader;
//! use remoting_model::header::schema::{FieldKind, HeaderSchema, Presence};
//!
//! let schema = HeaderSchema::of::<GetMaxOffsetRequestHeader>()?;
//! let queue_id = &schema.fields[1];
//! assert_eq!((queue_id.key, queue_id.kind), ("queueId", FieldKind::Int));
//! assert_eq!(queue_id.presence, Presence::Required);
//! # Ok::<(), remoting_model::header::schema::SchemaError>(())
//! ```

mod probe;

use remoting_protocol::operation::CommandHeader;
use thiserror::Error;

use crate::probe::Fault;

/// The name and the fields of a header.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct HeaderSchema {
    /// The name of the struct, which is that of the Java class.
    pub name: &'static str,
    /// The fields in the order of the struct.
    pub fields: Vec<HeaderField>,
}

/// A field of a header.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct HeaderField {
    /// The key under which the field is written.
    pub key: &'static str,
    /// Other keys under which the field is read.
    pub aliases: Vec<&'static str>,
    /// The type of the value.
    pub kind: FieldKind,
    /// What an absent key means.
    pub presence: Presence,
}

/// The type of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum FieldKind {
    /// Text. Java: `String`.
    String,
    /// An integer of at most 32 bits. Java: `int`.
    Int,
    /// A larger integer. Java: `long`.
    Long,
    /// A bool. Java: `boolean`.
    Bool,
    /// A number with a fraction. Java: `double`.
    Double,
    /// One of these names. Java: an enum.
    Enum(&'static [&'static str]),
}

/// What an absent key means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// The header cannot be read.
    Required,
    /// The field has a default.
    Default,
    /// The field is `None`.
    Optional,
}

/// The error of [`HeaderSchema::of`].
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SchemaError {
    /// The header does not name its fields. Replace a map, and `#[serde(flatten)]`, by a struct with fields.
    #[error("the header does not name its fields; use a struct without `#[serde(flatten)]`")]
    NotAStruct,
    /// The type of a field has no text form.
    #[error("header field `{key}` is not text, a number, a bool or an enum")]
    #[non_exhaustive]
    Unsupported {
        /// The key of the field.
        key: &'static str,
    },
    /// The header cannot be deserialized from zeros, empty texts and first variants.
    #[error("the header refuses zeros and empty texts: {message}")]
    #[non_exhaustive]
    Refused {
        /// What the `Deserialize` implementation says.
        message: String,
    },
}

impl HeaderSchema {
    /// Describes a header.
    ///
    /// # Errors
    ///
    /// Returns a [`SchemaError`] if the header is not a struct of texts, numbers, bools and enums, or refuses zeros and
    /// empty texts.
    pub fn of<H: CommandHeader>() -> Result<Self, SchemaError> {
        let (start, _) = probe::read::<H>(&[]);
        let (name, keys) = start.header.ok_or(SchemaError::NotAStruct)?;
        let mut fields: Vec<HeaderField> = Vec::with_capacity(keys.len());
        let mut aliases = Vec::new();
        for &key in keys {
            // serde refuses a key that comes twice, by the name of its field.
            let (seen, result) = probe::read::<H>(&[key, key]);
            if let Err(Fault::Duplicate(field)) = result
                && field != key
            {
                aliases.push((field, key));
                continue;
            }
            let kind = seen.kind.ok_or(SchemaError::Unsupported { key })?;
            let presence = if seen.is_option { Presence::Optional } else { Presence::Default };
            fields.push(HeaderField { key, aliases: Vec::new(), kind, presence });
        }
        for (key, alias) in aliases {
            if let Some(field) = fields.iter_mut().find(|field| field.key == key) {
                field.aliases.push(alias);
            }
        }
        for key in required::<H>()? {
            if let Some(field) = fields.iter_mut().find(|field| field.key == key) {
                field.presence = Presence::Required;
            }
        }
        Ok(Self { name, fields })
    }

    /// Returns the field that is read from this key.
    #[must_use]
    pub fn field(&self, key: &str) -> Option<&HeaderField> {
        self.fields.iter().find(|field| field.key == key || field.aliases.contains(&key))
    }
}

/// Returns the keys without which a header cannot be read.
fn required<H: CommandHeader>() -> Result<Vec<&'static str>, SchemaError> {
    let mut present = Vec::new();
    loop {
        match probe::read::<H>(&present).1 {
            Ok(()) => return Ok(present),
            Err(Fault::Missing(key)) if !present.contains(&key) => present.push(key),
            Err(fault) => return Err(SchemaError::Refused { message: fault.to_string() }),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Serialize};

    use super::*;

    #[derive(Serialize, Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Everything {
        text: String,
        #[serde(alias = "old", alias = "zebra")]
        short_number: u16,
        big: u64,
        #[serde(default)]
        flag: bool,
        ratio: Option<f32>,
        level: Level,
        #[serde(skip)]
        _hidden: u8,
    }
    impl CommandHeader for Everything {}

    #[derive(Serialize, Deserialize)]
    enum Level {
        Low,
        High,
    }

    #[test]
    fn a_header_is_described_by_what_its_deserializer_asks_for() {
        let schema = HeaderSchema::of::<Everything>().unwrap();
        let fields: Vec<_> =
            schema.fields.iter().map(|field| (field.key, field.kind, field.presence)).collect();
        assert_eq!(schema.name, "Everything");
        assert_eq!(
            fields,
            [
                ("text", FieldKind::String, Presence::Required),
                ("shortNumber", FieldKind::Int, Presence::Required),
                ("big", FieldKind::Long, Presence::Required),
                ("flag", FieldKind::Bool, Presence::Default),
                ("ratio", FieldKind::Double, Presence::Optional),
                ("level", FieldKind::Enum(&["Low", "High"]), Presence::Required),
            ]
        );
        assert_eq!(schema.fields[1].aliases, ["old", "zebra"]);
        assert_eq!(schema.field("zebra"), Some(&schema.fields[1]));
        assert_eq!(schema.field("hidden"), None);
    }

    #[test]
    fn what_is_no_struct_of_scalars_is_an_error() {
        #[derive(Serialize, Deserialize)]
        struct Flattened {
            #[serde(flatten)]
            rest: BTreeMap<String, String>,
        }
        impl CommandHeader for Flattened {}
        #[derive(Serialize, Deserialize)]
        struct Listed {
            names: Vec<String>,
        }
        impl CommandHeader for Listed {}
        #[derive(Serialize, Deserialize)]
        struct Picky {
            #[serde(deserialize_with = "refuse")]
            name: String,
        }
        impl CommandHeader for Picky {}
        fn refuse<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
            String::deserialize(deserializer)?;
            Err(serde::de::Error::custom("no"))
        }

        assert_eq!(HeaderSchema::of::<Flattened>(), Err(SchemaError::NotAStruct));
        assert_eq!(HeaderSchema::of::<Listed>(), Err(SchemaError::Unsupported { key: "names" }));
        assert_eq!(HeaderSchema::of::<Picky>(), Err(SchemaError::Refused { message: "no".to_owned() }));
    }
}
