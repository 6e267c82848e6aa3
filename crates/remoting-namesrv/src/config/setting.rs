//! A configuration as a table of settings.

/// The error of setting a configuration by a Java key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SettingError {
    /// There is no setting with this key.
    #[error("no setting has the key {key}")]
    Unknown {
        /// The key.
        key: String,
    },
    /// The value is not one of the setting.
    #[error("{key} is {value:?}, but must be {expected}")]
    Value {
        /// The key.
        key: &'static str,
        /// The value.
        value: String,
        /// What the value must be.
        expected: &'static str,
    },
}

/// Defines a configuration: its fields with their defaults, a setter for each, and access by Java's keys.
///
/// The last word of a row names the text form of the value: a function of `form`.
macro_rules! settings {
    (
        $(#[$meta:meta])*
        pub struct $config:ident {
            $($(#[doc = $doc:literal])+ $field:ident($key:literal): $type:ty = $default:expr, $form:ident;)*
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        #[must_use = "a config does nothing until it is passed to a builder"]
        pub struct $config {
            $(pub(crate) $field: $type,)*
        }

        impl Default for $config {
            fn default() -> Self {
                Self { $($field: $default,)* }
            }
        }

        impl $config {
            /// The keys of all settings, as in Java.
            pub const KEYS: &'static [&'static str] = &[$($key),*];

            $(
                $(#[doc = $doc])+
                #[doc = concat!("\n\nKey: `", $key, "`.")]
                pub fn $field(mut self, value: impl Into<$type>) -> Self {
                    self.$field = value.into();
                    self
                }
            )*

            /// Returns the value of the setting with this Java key, as text. A path that is not set is `None`.
            #[must_use]
            pub fn get(&self, key: &str) -> Option<String> {
                match key {
                    $($key => $crate::config::setting::form::$form::print(&self.$field),)*
                    _ => None,
                }
            }

            /// Sets the setting with this Java key.
            ///
            /// # Errors
            ///
            /// Returns a [`SettingError`] if there is no such key, or the value cannot be read. Nothing is changed then.
            pub fn set(&mut self, key: &str, value: &str) -> Result<(), SettingError> {
                match key {
                    $(
                        $key => {
                            let read = $crate::config::setting::form::$form::read(value);
                            self.$field = read.map_err(|expected| {
                                SettingError::Value { key: $key, value: value.to_owned(), expected }
                            })?;
                        }
                    )*
                    _ => return Err(SettingError::Unknown { key: key.to_owned() }),
                }
                Ok(())
            }
        }
    };
}
pub(super) use settings;

/// The text forms of values.
pub(super) mod form {
    /// What `FromStr` and `Display` read and write.
    pub(in crate::config) mod parse {
        use std::any::type_name;
        use std::fmt::Display;
        use std::str::FromStr;

        pub(in crate::config) fn read<T: FromStr>(value: &str) -> Result<T, &'static str> {
            let expected = match type_name::<T>() {
                "bool" => "true or false",
                "usize" => "a number",
                other => other,
            };
            value.trim().parse().map_err(|_| expected)
        }

        #[expect(clippy::unnecessary_wraps, reason = "a path may be absent")]
        pub(in crate::config) fn print(value: &impl Display) -> Option<String> {
            Some(value.to_string())
        }
    }

    /// A number of milliseconds, at least one.
    pub(in crate::config) mod millis {
        use std::time::Duration;

        pub(in crate::config) fn read(value: &str) -> Result<Duration, &'static str> {
            match value.trim().parse() {
                Ok(millis) if millis > 0 => Ok(Duration::from_millis(millis)),
                _ => Err("a number of milliseconds, 1 or more"),
            }
        }

        #[expect(clippy::unnecessary_wraps, reason = "a path may be absent")]
        pub(in crate::config) fn print(value: &Duration) -> Option<String> {
            Some(value.as_millis().to_string())
        }
    }

    /// A number of seconds.
    pub(in crate::config) mod seconds {
        use std::time::Duration;

        pub(in crate::config) fn read(value: &str) -> Result<Duration, &'static str> {
            value.trim().parse().map(Duration::from_secs).map_err(|_| "a number of seconds")
        }

        #[expect(clippy::unnecessary_wraps, reason = "a path may be absent")]
        pub(in crate::config) fn print(value: &Duration) -> Option<String> {
            Some(value.as_secs().to_string())
        }
    }

    /// A path. An empty text is none.
    pub(in crate::config) mod path {
        use std::path::PathBuf;

        #[expect(clippy::unnecessary_wraps, reason = "other values may be malformed")]
        pub(in crate::config) fn read(value: &str) -> Result<Option<PathBuf>, &'static str> {
            Ok((!value.is_empty()).then(|| PathBuf::from(value)))
        }

        pub(in crate::config) fn print(value: &Option<PathBuf>) -> Option<String> {
            value.as_ref().map(|path| path.display().to_string())
        }
    }
}
