//! Enums whose names a newer release may extend.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::{StrDeserializer, U32Deserializer};
use serde::de::{Deserialize, Deserializer, Error, IntoDeserializer, Visitor};

/// Reads a constant by its name or ordinal. As in Java, an unknown name is read as null.
pub(super) fn known<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    deserializer.deserialize_option(Known(PhantomData))
}

/// Reads a constant by its name or ordinal. Null and an unknown name are read as the default.
pub(super) fn known_or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    known(deserializer).map(Option::unwrap_or_default)
}

struct Known<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Known<T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a constant")
    }

    fn visit_none<E: Error>(self) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_unit<E: Error>(self) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<T>, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Option<T>, E> {
        let name: StrDeserializer<'_, E> = name.into_deserializer();
        Ok(T::deserialize(name).ok())
    }

    fn visit_u64<E: Error>(self, ordinal: u64) -> Result<Option<T>, E> {
        let Ok(ordinal) = u32::try_from(ordinal) else { return Ok(None) };
        let ordinal: U32Deserializer<E> = ordinal.into_deserializer();
        Ok(T::deserialize(ordinal).ok())
    }

    fn visit_i64<E: Error>(self, ordinal: i64) -> Result<Option<T>, E> {
        u64::try_from(ordinal).map_or(Ok(None), |ordinal| self.visit_u64(ordinal))
    }
}
