//! The system flag of a message.

use std::fmt;
use std::net::SocketAddr;

/// The system flag of a message: a set of bits. Equivalent of Java's `MessageSysFlag`.
///
/// Bits without a name are kept.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct MessageSysFlag(pub i32);

impl MessageSysFlag {
    /// The body is compressed.
    pub const COMPRESSED: Self = Self(0x1);
    /// The message has several tags.
    pub const MULTI_TAGS: Self = Self(0x2);
    /// The born host is an IPv6 address.
    pub const BORN_HOST_V6: Self = Self(0x10);
    /// The store host is an IPv6 address. Java's `STOREHOSTADDRESS_V6_FLAG`.
    pub const STORE_HOST_V6: Self = Self(0x20);
    /// The message is an inner batch that its consumer unwraps.
    pub const NEED_UNWRAP: Self = Self(0x40);
    /// The body is a batch that is stored as one message.
    pub const INNER_BATCH: Self = Self(0x80);

    const TRANSACTION: i32 = 0xc;
    pub(super) const COMPRESSION_BITS: Self = Self(0x700);

    /// Returns whether all bits of `other` are set.
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Returns the flag with the bits of `other` set or cleared.
    #[must_use]
    pub const fn with(self, other: Self, set: bool) -> Self {
        Self(if set { self.0 | other.0 } else { self.0 & !other.0 })
    }

    /// Returns the state of the transaction that the message belongs to.
    #[must_use]
    pub const fn transaction(self) -> TransactionType {
        match self.0 & Self::TRANSACTION {
            0x4 => TransactionType::Prepared,
            0x8 => TransactionType::Commit,
            0xc => TransactionType::Rollback,
            _ => TransactionType::NotType,
        }
    }

    /// Returns the flag with another state of the transaction. Equivalent of Java's `resetTransactionValue`.
    #[must_use]
    pub const fn with_transaction(self, transaction: TransactionType) -> Self {
        Self(self.0 & !Self::TRANSACTION | transaction as i32)
    }

    /// Returns the bits that state the compression.
    pub(super) const fn compression_bits(self) -> u8 {
        ((self.0 & Self::COMPRESSION_BITS.0) >> 8) as u8
    }

    /// Returns the flag with the bits that state the families of the hosts.
    pub(super) const fn with_hosts(self, born_host: SocketAddr, store_host: SocketAddr) -> Self {
        self.with(Self::BORN_HOST_V6, born_host.is_ipv6()).with(Self::STORE_HOST_V6, store_host.is_ipv6())
    }
}

impl fmt::Debug for MessageSysFlag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MessageSysFlag({:#x})", self.0)
    }
}

/// The state of the transaction that a message belongs to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum TransactionType {
    /// The message belongs to no transaction.
    #[default]
    NotType = 0,
    /// The message is a half message, not visible to consumers.
    Prepared = 0x4,
    /// The transaction is committed.
    Commit = 0x8,
    /// The transaction is rolled back.
    Rollback = 0xc,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_transaction_is_two_bits_among_others() {
        for (bits, transaction) in [
            (0, TransactionType::NotType),
            (0x4, TransactionType::Prepared),
            (0x8, TransactionType::Commit),
            (0xc, TransactionType::Rollback),
        ] {
            assert_eq!(MessageSysFlag(bits | 0x3f3).transaction(), transaction);
            assert_eq!(MessageSysFlag(0x3f7).with_transaction(transaction), MessageSysFlag(bits | 0x3f3));
        }
    }
}
