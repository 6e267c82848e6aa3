//! The fields of a body, found at run time.
//!
//! [`BodySchema::of`] describes any body by deserializing it and watching what the `Deserialize` implementation asks for.
//! So the struct stays the only description of the body. Use it in tools and tests; it is not made for the path of a
//! request.
//!
//! ```
//! use remoting_model::body::TopicStatsTable;
//! use remoting_model::body::schema::BodySchema;
//!
//! let schema = BodySchema::of::<TopicStatsTable>()?;
//! let fields: Vec<String> = schema.fields.iter().map(|field| format!("{}: {}", field.key, field.kind)).collect();
//! assert_eq!(fields, ["offsetTable: Map<MessageQueue,TopicOffset>", "topicPutTps: double"]);
//! # Ok::<(), remoting_model::body::schema::SchemaError>(())
//! ```

mod probe;

use std::fmt;

use serde::de::DeserializeOwned;
use thiserror::Error;

/// The name and the fields of a body.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct BodySchema {
    /// The name of the struct, which is that of the Java class.
    pub name: &'static str,
    /// The fields in the order of the struct.
    pub fields: Vec<BodyField>,
}

/// A field of a body.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct BodyField {
    /// The key under which the field is written.
    pub key: &'static str,
    /// The type of the value.
    pub kind: BodyKind,
}

/// The type of a value in a body. `Display` writes it like Java.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum BodyKind {
    /// Text. Java: `String`, and what is written as text.
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
    Enum(&'static str, &'static [&'static str]),
    /// A list or set.
    List(Box<Self>),
    /// A map, with the types of its keys and values.
    Map(Box<Self>, Box<Self>),
    /// An object of this class.
    Object(&'static str),
}

impl fmt::Display for BodyKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::String => f.write_str("String"),
            Self::Int => f.write_str("int"),
            Self::Long => f.write_str("long"),
            Self::Bool => f.write_str("boolean"),
            Self::Double => f.write_str("double"),
            Self::Enum(name, _) | Self::Object(name) => f.write_str(name),
            Self::List(element) => write!(f, "List<{element}>"),
            Self::Map(key, value) => write!(f, "Map<{key},{value}>"),
        }
    }
}

/// The error of [`BodySchema::of`].
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SchemaError {
    /// The body does not name its fields. Replace a map, and `#[serde(flatten)]`, by a struct with fields.
    #[error("the body does not name its fields; use a struct without `#[serde(flatten)]`")]
    NotAStruct,
    /// The body cannot be deserialized from a single field with a zero, an empty text or an empty object as its value.
    #[error("the body refuses an object with the field `{key}` alone: {message}")]
    #[non_exhaustive]
    Refused {
        /// The key of the field.
        key: &'static str,
        /// What the `Deserialize` implementation says.
        message: String,
    },
}

impl BodySchema {
    /// Describes a body, or an object in a body.
    ///
    /// # Errors
    ///
    /// Returns a [`SchemaError`] if the type is not a struct with a default for each absent field.
    pub fn of<B: DeserializeOwned>() -> Result<Self, SchemaError> {
        let (name, keys) = probe::keys::<B>().ok_or(SchemaError::NotAStruct)?;
        let mut fields = Vec::with_capacity(keys.len());
        for &key in keys {
            let kind = probe::kind::<B>(key)
                .map_err(|fault| SchemaError::Refused { key, message: fault.to_string() })?;
            fields.extend(kind.map(|kind| BodyField { key, kind }));
        }
        Ok(Self { name, fields })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;

    use super::*;

    #[test]
    fn a_field_is_described_by_what_its_deserializer_asks_for() {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        #[expect(dead_code, reason = "only its fields matter")]
        struct Everything {
            #[serde(alias = "label", default)]
            name: Option<String>,
            #[serde(default)]
            table: BTreeMap<i64, Vec<Self>>,
            #[serde(default)]
            level: Level,
            #[serde(default)]
            flags: Vec<bool>,
        }
        #[derive(Default, Deserialize)]
        enum Level {
            #[default]
            Low,
            High,
        }

        let schema = BodySchema::of::<Everything>().unwrap();
        let fields: Vec<_> = schema.fields.iter().map(|field| (field.key, field.kind.to_string())).collect();
        assert_eq!(schema.name, "Everything");
        assert_eq!(
            fields,
            [
                ("name", "String".to_owned()),
                ("table", "Map<long,List<Everything>>".to_owned()),
                ("level", "Level".to_owned()),
                ("flags", "List<boolean>".to_owned()),
            ]
        );
        assert_eq!(schema.fields[2].kind, BodyKind::Enum("Level", &["Low", "High"]));
    }

    #[test]
    fn what_is_no_struct_with_defaults_is_an_error() {
        #[derive(Debug, Deserialize)]
        #[expect(dead_code, reason = "only its fields matter")]
        struct Pair {
            left: i32,
            right: i32,
        }
        assert_eq!(BodySchema::of::<BTreeMap<String, String>>(), Err(SchemaError::NotAStruct));
        let error = BodySchema::of::<Pair>().unwrap_err();
        let text = "the body refuses an object with the field `left` alone: missing field `right`";
        assert_eq!(error.to_string(), text);
    }
}
