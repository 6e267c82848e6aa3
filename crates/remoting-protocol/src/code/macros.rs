//! A macro that derives the constants, the names and `ALL` from one list.

macro_rules! open_code {
    ($(#[$type_doc:meta])* $type:ident, $kind:literal {
        $($name:ident = $value:literal, $doc:literal $(, $content:literal)?;)*
    }) => {
        $(#[$type_doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $type(pub i32);

        impl $type {
            $(
                #[doc = concat!($doc, $("\n\n`", $content, "`",)? "\n\nCode ", stringify!($value), ".")]
                pub const $name: Self = Self($value);
            )*

            /// All codes with a name, in the order of the Java source.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// Returns the name of the Java constant, if the code has one.
            #[must_use]
            pub const fn name(self) -> Option<&'static str> {
                match self.0 {
                    $($value => Some(stringify!($name)),)*
                    _ => None,
                }
            }

            /// Returns the number with this exact name.
            fn number_of(name: &str) -> Option<i32> {
                match name {
                    $(stringify!($name) => Some($value),)*
                    _ => None,
                }
            }
        }

        /// Writes the name and the number, as in `SUCCESS(0)`, or the number alone.
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

        /// Reads a name, a number, or the output of `Display`.
        impl std::str::FromStr for $type {
            type Err = crate::UnknownName;

            fn from_str(text: &str) -> Result<Self, crate::UnknownName> {
                crate::name::parse(text, $kind, Self::number_of).map(Self)
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
