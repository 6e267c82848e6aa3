use std::fmt;

use serde::de::{self, DeserializeSeed, EnumAccess, VariantAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

/// Which of several messages with the same store time a search finds. Java: `BoundaryType`.
///
/// Written as `LOWER` or `UPPER`. Read as Java reads it: `upper` in any case is [`Upper`](Self::Upper), every other
/// text is [`Lower`](Self::Lower).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum BoundaryType {
    /// The first message.
    #[default]
    Lower,
    /// The last message.
    Upper,
}

impl<'de> Deserialize<'de> for BoundaryType {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_enum("BoundaryType", &["LOWER", "UPPER"], Variant)
    }
}

struct Variant;

impl<'de> Visitor<'de> for Variant {
    type Value = BoundaryType;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LOWER or UPPER")
    }

    fn visit_enum<A: EnumAccess<'de>>(self, variant: A) -> Result<BoundaryType, A::Error> {
        let (boundary_type, content) = variant.variant_seed(Name)?;
        content.unit_variant()?;
        Ok(boundary_type)
    }
}

struct Name;

impl<'de> DeserializeSeed<'de> for Name {
    type Value = BoundaryType;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<BoundaryType, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for Name {
    type Value = BoundaryType;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a boundary type")
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<BoundaryType, E> {
        Ok(if name.eq_ignore_ascii_case("upper") { BoundaryType::Upper } else { BoundaryType::Lower })
    }
}

#[cfg(test)]
mod tests {
    use remoting_protocol::{RemotingCommand, RequestCode};

    use super::BoundaryType;
    use crate::header::SearchOffsetRequestHeader;

    #[test]
    fn upper_is_read_in_any_case_and_every_other_text_as_lower() {
        let header =
            SearchOffsetRequestHeader { boundary_type: Some(BoundaryType::Upper), ..Default::default() };
        let mut command = RemotingCommand::request(RequestCode(0)).with_header(&header).unwrap();
        assert_eq!(command.ext_field("boundaryType"), Some("UPPER"));
        for (text, expected) in [
            ("UPPER", BoundaryType::Upper),
            ("uPPer", BoundaryType::Upper),
            ("LOWER", BoundaryType::Lower),
            ("", BoundaryType::Lower),
            ("upper ", BoundaryType::Lower),
        ] {
            command.set_ext_field("boundaryType", text).unwrap();
            let read: SearchOffsetRequestHeader = command.header().unwrap();
            assert_eq!(read.boundary_type, Some(expected), "{text:?}");
        }
    }
}
