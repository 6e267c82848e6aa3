//! One list makes the constants, the names and `ALL`, so that they cannot disagree.

macro_rules! open_code {
    ($(#[$type_doc:meta])* $type:ident, $kind:literal { $($name:ident = $value:literal, $doc:literal;)* }) => {
        $(#[$type_doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $type(pub i32);

        impl $type {
            $(
                #[doc = concat!($doc, "\n\nCode ", stringify!($value), ".")]
                pub const $name: Self = Self($value);
            )*

            /// Every code with a name, in the order of the Java source.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The name of the Java constant, if there is one.
            #[must_use]
            pub const fn name(self) -> Option<&'static str> {
                match self.0 {
                    $($value => Some(stringify!($name)),)*
                    _ => None,
                }
            }

            /// The code with this exact name.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                match name {
                    $(stringify!($name) => Some(Self::$name),)*
                    _ => None,
                }
            }
        }

        /// The name and the number, as `SUCCESS(0)`, or the number alone.
        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                crate::name::show(f, self.name(), self.0)
            }
        }

        impl std::fmt::Debug for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(self, f)
            }
        }

        /// Reads a name, a number, or both as `Display` shows them.
        impl std::str::FromStr for $type {
            type Err = crate::UnknownName;

            fn from_str(text: &str) -> Result<Self, crate::UnknownName> {
                crate::name::parse(text, $kind, |name| Self::from_name(name).map(|code| code.0)).map(Self)
            }
        }

        impl From<i32> for $type {
            fn from(code: i32) -> Self {
                Self(code)
            }
        }

        impl From<$type> for i32 {
            fn from(code: $type) -> Self {
                code.0
            }
        }
    };
}

pub(super) use open_code;
