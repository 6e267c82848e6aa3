//! Passwords and keys that must not be seen.

use std::fmt;

use zeroize::Zeroizing;

/// A text that is neither logged nor left in memory: `Debug` shows no part of it, there is no `Display`, and its
/// bytes are overwritten when it is dropped. Copies that a caller makes of [`Secret::expose`] are the caller's
/// concern, and so is the `&str` it was made of.
///
/// ```
/// use remoting_transport::Secret;
///
/// let password = Secret::from("open sesame");
/// assert_eq!(format!("{password:?}"), "Secret(***)");
/// assert_eq!(password.expose(), "open sesame");
/// ```
#[derive(Clone, Default)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// A secret with this text. A `String` is taken over without a copy.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// The text, for the one use that it is meant for.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether there is no text.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(***)")
    }
}
