//! The kinds of idleness, and their names.

use std::{fmt, str::FromStr};

use thiserror::Error;

/// The direction in which a channel is idle. Equivalent of Netty's `IdleState`.
///
/// Displays as, and is parsed from, Netty's name: `READER_IDLE`, `WRITER_IDLE` or `ALL_IDLE`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IdleKind {
    /// Nothing was read.
    Reader,
    /// Nothing was written.
    Writer,
    /// Nothing was read or written.
    All,
}

/// A text that is not the name of an [`IdleKind`].
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("unknown kind of idleness {0:?}: expected READER_IDLE, WRITER_IDLE or ALL_IDLE")]
pub struct UnknownIdleKind(String);

impl IdleKind {
    /// Returns Netty's name of the kind.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Reader => "READER_IDLE",
            Self::Writer => "WRITER_IDLE",
            Self::All => "ALL_IDLE",
        }
    }
}

impl fmt::Display for IdleKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for IdleKind {
    type Err = UnknownIdleKind;

    fn from_str(name: &str) -> Result<Self, UnknownIdleKind> {
        let kinds = [Self::Reader, Self::Writer, Self::All];
        kinds.into_iter().find(|kind| kind.name() == name).ok_or_else(|| UnknownIdleKind(name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_parsed_from_its_name() {
        for kind in [IdleKind::Reader, IdleKind::Writer, IdleKind::All] {
            assert_eq!(kind.to_string().parse(), Ok(kind));
        }
        let error = "IDLE".parse::<IdleKind>().unwrap_err();
        assert_eq!(
            error.to_string(),
            r#"unknown kind of idleness "IDLE": expected READER_IDLE, WRITER_IDLE or ALL_IDLE"#
        );
    }
}
