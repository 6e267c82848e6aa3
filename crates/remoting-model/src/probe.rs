//! The parts that the deserializers which record the types of headers and bodies share.

use std::fmt;

use serde::de::value::StrDeserializer;
use serde::de::{DeserializeSeed, EnumAccess, IntoDeserializer, VariantAccess, Visitor};

/// Why a type cannot be read.
#[derive(Debug)]
pub(crate) enum Fault {
    /// A required field is absent.
    Missing(&'static str),
    /// The field is present twice, under this or another of its keys.
    Duplicate(&'static str),
    /// Another reason.
    Other(String),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(key) => write!(f, "missing field `{key}`"),
            Self::Duplicate(key) => write!(f, "duplicate field `{key}`"),
            Self::Other(message) => f.write_str(message),
        }
    }
}

impl std::error::Error for Fault {}

impl serde::de::Error for Fault {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::Other(message.to_string())
    }

    fn missing_field(key: &'static str) -> Self {
        Self::Missing(key)
    }

    fn duplicate_field(key: &'static str) -> Self {
        Self::Duplicate(key)
    }
}

/// The first of the variants of an enum.
pub(crate) struct FirstVariant(pub(crate) &'static [&'static str]);

impl<'de> EnumAccess<'de> for FirstVariant {
    type Error = Fault;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Self), Fault> {
        let name: StrDeserializer<'_, Fault> =
            self.0.first().copied().unwrap_or_default().into_deserializer();
        Ok((seed.deserialize(name)?, self))
    }
}

impl FirstVariant {
    fn refuse<T>() -> Result<T, Fault> {
        Err(Fault::Other("a variant has content".to_owned()))
    }
}

impl<'de> VariantAccess<'de> for FirstVariant {
    type Error = Fault;

    fn unit_variant(self) -> Result<(), Fault> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, _: T) -> Result<T::Value, Fault> {
        Self::refuse()
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value, Fault> {
        Self::refuse()
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], _: V) -> Result<V::Value, Fault> {
        Self::refuse()
    }
}
