//! The type byte of a frame.

use std::fmt;
use std::str::FromStr;

use crate::UnknownName;
use crate::name;

/// The encoding of a header: the type byte of the header-length word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SerializeType {
    /// 0: JSON in the form of fastjson. The default, also of Java, and the only encoding for codes outside -32 768 to
    /// 32 767.
    #[default]
    Json,
    /// 1: the binary encoding of Java's `RocketMQSerializable`.
    RocketMq,
}

impl SerializeType {
    /// Returns the type byte.
    #[must_use]
    pub const fn to_byte(self) -> u8 {
        match self {
            Self::Json => 0,
            Self::RocketMq => 1,
        }
    }

    /// Returns the type with this byte, or `None` if there is none.
    #[must_use]
    pub const fn from_byte(byte: u8) -> Option<Self> {
        match byte {
            0 => Some(Self::Json),
            1 => Some(Self::RocketMq),
            _ => None,
        }
    }

    /// Returns the name of the Java constant, which is also the value of the Java property
    /// `rocketmq.serialize.type`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Json => "JSON",
            Self::RocketMq => "ROCKETMQ",
        }
    }
}

/// Writes the [name](SerializeType::name).
impl fmt::Display for SerializeType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Parses `JSON` or `ROCKETMQ`, in capitals.
impl FromStr for SerializeType {
    type Err = UnknownName;

    fn from_str(text: &str) -> Result<Self, UnknownName> {
        let types = [Self::Json, Self::RocketMq];
        match types.into_iter().find(|serialize_type| serialize_type.name() == text) {
            Some(serialize_type) => Ok(serialize_type),
            None => Err(name::unknown(text, "header encoding")),
        }
    }
}
