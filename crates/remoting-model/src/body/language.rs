//! A language by its name, as Java writes its enum `LanguageCode`.

use remoting_protocol::LanguageCode;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Writes the name. A language without a name is written as null.
pub(super) fn serialize<S: Serializer>(
    language: &Option<LanguageCode>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    language.and_then(LanguageCode::name).serialize(serializer)
}

/// Reads a name or a number. As in Java, an unknown name is read as null.
pub(super) fn deserialize<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<LanguageCode>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    Ok(text.and_then(|text| text.parse().ok()))
}
