//! The permissions of a topic or a queue.

use std::fmt;
use std::ops::{BitAnd, BitOr, Not};

/// The permissions of a topic or a queue, the field `perm` of a route or a topic. Java: `PermName`.
///
/// `Display` prints the form of `PermName.perm2String`, such as `RW-`.
#[doc(alias = "PermName")]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Perm(pub i32);

impl Perm {
    /// The topic takes its settings from the default topic from which it was created.
    pub const INHERIT: Self = Self(1);
    /// Messages can be sent.
    pub const WRITE: Self = Self(2);
    /// Messages can be consumed.
    pub const READ: Self = Self(4);
    /// A bit that RocketMQ defines and does not use. A permission with it is not [valid](Self::is_valid).
    pub const PRIORITY: Self = Self(8);

    /// Returns whether messages can be consumed.
    #[must_use]
    pub const fn is_readable(self) -> bool {
        self.0 & Self::READ.0 != 0
    }

    /// Returns whether messages can be sent.
    #[must_use]
    pub const fn is_writeable(self) -> bool {
        self.0 & Self::WRITE.0 != 0
    }

    /// Returns whether the settings are those of the default topic. Java: `PermName.isInherited`.
    #[must_use]
    pub const fn is_inherited(self) -> bool {
        self.0 & Self::INHERIT.0 != 0
    }

    /// Returns whether messages can be sent or consumed.
    #[must_use]
    pub const fn is_accessible(self) -> bool {
        self.is_readable() || self.is_writeable()
    }

    /// Returns whether a broker accepts this number as a permission: 0 to 7. Java: `PermName.isValid`.
    #[must_use]
    pub const fn is_valid(self) -> bool {
        self.0 >= 0 && self.0 < Self::PRIORITY.0
    }
}

impl BitOr for Perm {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitAnd for Perm {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

impl Not for Perm {
    type Output = Self;

    fn not(self) -> Self {
        Self(!self.0)
    }
}

impl fmt::Display for Perm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let letter = |is_set, letter| if is_set { letter } else { '-' };
        let text = [
            letter(self.is_readable(), 'R'),
            letter(self.is_writeable(), 'W'),
            letter(self.is_inherited(), 'X'),
        ];
        f.pad(&String::from_iter(text))
    }
}
