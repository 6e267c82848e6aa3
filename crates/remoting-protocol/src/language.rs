//! The languages of `org.apache.rocketmq.remoting.protocol.LanguageCode`.

use std::fmt;
use std::str::FromStr;

use crate::name::{self, UnknownName};

/// The programming language of the sender of a command.
///
/// An open set: a byte without a name is preserved when a ROCKETMQ header is decoded and encoded (Java reads it as
/// null). A JSON header carries names only, so an unnamed language is omitted, which is read as `JAVA`.
/// The constants are those of Java's `LanguageCode`; 4.9.8 and older do not have [`NODE_JS`](Self::NODE_JS).
///
/// `Display` and `Debug` print the name and the number, or the number alone. `FromStr` reads these forms, a name in
/// any case, or a number.
///
/// ```
/// use remoting_protocol::LanguageCode;
///
/// assert_eq!(LanguageCode::RUST.to_string(), "RUST(12)");
/// assert_eq!(LanguageCode(9).name(), Some("GO"));
/// assert_eq!("java".parse(), Ok(LanguageCode::JAVA));
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

            /// All languages with a name, in the order of their numbers.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// Returns the name of the Java constant, which is also the name in a JSON header.
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
    /// Returns the language with this name in any case: all Java versions read `java` as `JAVA`.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|code| code.name().is_some_and(|known| known.eq_ignore_ascii_case(name)))
    }

    /// Returns the language with this number if it has a name. A JSON header may carry the number instead of the
    /// name.
    pub(crate) fn from_ordinal(ordinal: i64) -> Option<Self> {
        u8::try_from(ordinal).ok().map(Self).filter(|code| code.name().is_some())
    }
}

/// Writes the name and the number, as in `RUST(12)`, or the number alone.
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

/// Reads a name in any case, a number, or the output of `Display`.
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
    fn the_fourteen_languages_are_in_the_order_of_their_numbers() {
        assert_eq!(LanguageCode::ALL.len(), 14);
        for (index, code) in LanguageCode::ALL.iter().enumerate() {
            assert_eq!(usize::from(code.0), index);
        }
    }

    #[test]
    fn a_whole_name_is_found_in_any_case() {
        assert_eq!(LanguageCode::from_name("NODE_JS"), Some(LanguageCode::NODE_JS));
        assert_eq!(LanguageCode::from_name("rust"), Some(LanguageCode::RUST));
        assert_eq!(LanguageCode::from_name("RUS"), None);
        assert_eq!(LanguageCode::from_name(""), None);
        assert_eq!(LanguageCode::from_name("9"), None);
    }

    #[test]
    fn an_ordinal_outside_the_table_has_no_language() {
        assert_eq!(LanguageCode::from_ordinal(9), Some(LanguageCode::GO));
        assert_eq!(LanguageCode::from_ordinal(14), None);
        assert_eq!(LanguageCode::from_ordinal(-1), None);
        assert_eq!(LanguageCode::from_ordinal(256), None);
    }
}
