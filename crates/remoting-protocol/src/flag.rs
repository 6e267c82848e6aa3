//! The flag word of a command.

use std::fmt;
use std::ops::{BitOr, BitOrAssign};

/// The `flag` field of a command: a bit set. RocketMQ uses two bits; peers preserve the others.
///
/// ```
/// use remoting_protocol::CommandFlags;
///
/// let flags = CommandFlags::RESPONSE | CommandFlags::ONEWAY;
/// assert_eq!(flags, CommandFlags(3));
/// assert!(flags.is_response() && flags.is_oneway());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct CommandFlags(pub i32);

impl CommandFlags {
    /// No bit is set: a request that expects a response.
    pub const REQUEST: Self = Self(0);
    /// Bit 0, Java's `RemotingCommand.RPC_TYPE`: a response to the request with the same opaque.
    pub const RESPONSE: Self = Self(1);
    /// Bit 1, Java's `RemotingCommand.RPC_ONEWAY`: the sender expects no response.
    pub const ONEWAY: Self = Self(2);

    /// Returns whether all bits of `bits` are set.
    #[must_use]
    pub const fn contains(self, bits: Self) -> bool {
        self.0 & bits.0 == bits.0
    }

    /// Returns whether bit 0 is set.
    #[must_use]
    pub const fn is_response(self) -> bool {
        self.contains(Self::RESPONSE)
    }

    /// Returns whether bit 1 is set.
    #[must_use]
    pub const fn is_oneway(self) -> bool {
        self.contains(Self::ONEWAY)
    }
}

impl BitOr for CommandFlags {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitOrAssign for CommandFlags {
    fn bitor_assign(&mut self, other: Self) {
        *self = *self | other;
    }
}

/// Writes `request`, `response`, `request-oneway` or `response-oneway`, and other bits in hexadecimal.
impl fmt::Display for CommandFlags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_response() { "response" } else { "request" })?;
        if self.is_oneway() {
            f.write_str("-oneway")?;
        }
        match self.0 & !3 {
            0 => Ok(()),
            rest => write!(f, "+{rest:#x}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::CommandFlags;

    #[test]
    fn flags_display_the_direction_and_the_other_bits() {
        for (bits, shown) in [
            (0, "request"),
            (1, "response"),
            (2, "request-oneway"),
            (3, "response-oneway"),
            (4, "request+0x4"),
            (-1, "response-oneway+0xfffffffc"),
        ] {
            assert_eq!(CommandFlags(bits).to_string(), shown);
        }
    }
}
