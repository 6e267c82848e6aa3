//! The languages of `org.apache.rocketmq.remoting.protocol.LanguageCode`.

use std::fmt;
use std::str::FromStr;

use crate::name::{self, UnknownName};

/// In which language the sender of a command is written.
///
/// An open set: a byte that no release knows survives a decode and an encode of a ROCKETMQ header (Java turns it into
/// null). A JSON header has names only, so there it is left out, which is read as `JAVA`.
/// Constants are those of Java's `LanguageCode`; [`NODE_JS`](Self::NODE_JS) is unknown to 4.9.8 and older.
///
/// ```
/// use remoting_protocol::LanguageCode;
///
/// assert_eq!(LanguageCode::RUST.to_string(), "RUST(12)");
/// assert_eq!(LanguageCode::from_name("java"), Some(LanguageCode::JAVA));
/// assert_eq!(LanguageCode(9).name(), Some("GO"));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LanguageCode(pub u8);

macro_rules! languages {
    ($($name:ident = $value:literal,)*) => {
        impl LanguageCode {
            $(
                #[doc = concat!("`", stringify!($name), "` = ", stringify!($value), ".")]
                pub const $name: Self = Self($value);
            )*

            /// Every language with a name, by number.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The name of the Java constant, which is also what a JSON header carries.
            #[must_use]
            pub const fn name(self) -> Option<&'static str> {
                match self.0 {
                    $($value => Some(stringify!($name)),)*
                    _ => None,
                }
            }
        }
    };
}

languages! {
    JAVA = 0,
    CPP = 1,
    DOTNET = 2,
    PYTHON = 3,
    DELPHI = 4,
    ERLANG = 5,
    RUBY = 6,
    OTHER = 7,
    HTTP = 8,
    GO = 9,
    PHP = 10,
    OMS = 11,
    RUST = 12,
    NODE_JS = 13,
}

impl LanguageCode {
    /// The language of this name, in any case: all Java versions read `java` as `JAVA`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|code| code.name().is_some_and(|known| known.eq_ignore_ascii_case(name)))
    }

    /// The language with this number, if it has a name; a JSON header may carry the number instead of the
    /// name.
    #[must_use]
    pub fn from_ordinal(ordinal: i64) -> Option<Self> {
        u8::try_from(ordinal).ok().map(Self).filter(|code| code.name().is_some())
    }
}

/// The name and the number, as `RUST(12)`, or the number alone.
impl fmt::Display for LanguageCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        name::show(f, self.name(), self.0)
    }
}

impl fmt::Debug for LanguageCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Reads a name, a number, or both as `Display` shows them.
impl FromStr for LanguageCode {
    type Err = UnknownName;

    fn from_str(text: &str) -> Result<Self, UnknownName> {
        name::parse(text, "language", |name| Self::from_name(name).map(|code| code.0)).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::LanguageCode;

    #[test]
    fn there_are_fourteen_and_their_numbers_are_their_places() {
        assert_eq!(LanguageCode::ALL.len(), 14);
        for (place, code) in LanguageCode::ALL.iter().enumerate() {
            assert_eq!(usize::from(code.0), place);
        }
    }

    #[test]
    fn a_name_is_found_in_any_case_and_only_whole() {
        assert_eq!(LanguageCode::from_name("NODE_JS"), Some(LanguageCode::NODE_JS));
        assert_eq!(LanguageCode::from_name("rust"), Some(LanguageCode::RUST));
        assert_eq!(LanguageCode::from_name("RUS"), None);
        assert_eq!(LanguageCode::from_name(""), None);
        assert_eq!(LanguageCode::from_name("9"), None);
    }

    #[test]
    fn an_ordinal_outside_the_table_names_nothing() {
        assert_eq!(LanguageCode::from_ordinal(9), Some(LanguageCode::GO));
        assert_eq!(LanguageCode::from_ordinal(14), None);
        assert_eq!(LanguageCode::from_ordinal(-1), None);
        assert_eq!(LanguageCode::from_ordinal(256), None);
    }
}
