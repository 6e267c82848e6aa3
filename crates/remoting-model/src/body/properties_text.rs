//! Configurations as properties text.

use std::fmt;

use remoting_protocol::operation::CommandBody;
use remoting_protocol::properties::{self, Charset, PropertiesError};
use remoting_protocol::{Body, BodyError, RemotingCommand};

/// Properties with their order: the configuration of a broker, a name server or a controller, as a body or a file.
/// Java: `java.util.Properties`, `MixAll.properties2String` and `MixAll.string2Properties`.
///
/// As a body it is UTF-8. Java reads such a body as ISO 8859-1, so characters beyond ASCII are written as `\uXXXX`, which
/// every reader understands; see [`push_entry`](properties::push_entry).
///
/// ```
/// use remoting_model::body::PropertiesText;
///
/// let file = PropertiesText::from_latin1(b"# a name server\nlistenPort = 9876\n")?;
/// assert_eq!(file.get("listenPort"), Some("9876"));
///
/// let mut update = PropertiesText::default();
/// update.set("deleteWhen", "04");
/// assert_eq!(update.to_string(), "deleteWhen=04\n");
/// # Ok::<(), remoting_protocol::properties::PropertiesError>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct PropertiesText {
    entries: Vec<(String, String)>,
}

impl PropertiesText {
    /// Reads the content of a file, which Java reads as ISO 8859-1.
    ///
    /// # Errors
    ///
    /// Returns a [`PropertiesError`] for a malformed `\uXXXX` escape.
    pub fn from_latin1(text: &[u8]) -> Result<Self, PropertiesError> {
        Self::from_text(text, Charset::Latin1)
    }

    /// Reads the content of a body.
    ///
    /// # Errors
    ///
    /// Returns a [`PropertiesError`] for a malformed `\uXXXX` escape, and for invalid UTF-8.
    pub fn from_utf8(text: &[u8]) -> Result<Self, PropertiesError> {
        Self::from_text(text, Charset::Utf8)
    }

    fn from_text(text: &[u8], charset: Charset) -> Result<Self, PropertiesError> {
        let entries = properties::entries(text).map(|entry| {
            let (mut key, mut value) = (String::new(), String::new());
            entry.key().read(charset, &mut key)?;
            entry.value().read(charset, &mut value)?;
            Ok((key, value))
        });
        let entries = entries.collect::<Result<_, _>>()?;
        Ok(Self { entries })
    }

    /// Returns the value of a key. Of a repeated key the last value counts.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&str> {
        self.entries.iter().rfind(|(other, _)| other == key).map(|(_, value)| &**value)
    }

    /// Sets a key. It keeps its place if it is there already. Takes time in proportion to the number of entries.
    pub fn set(&mut self, key: impl Into<String>, value: impl Into<String>) {
        let (key, value) = (key.into(), value.into());
        match self.entries.iter_mut().rfind(|(other, _)| *other == key) {
            Some((_, old)) => *old = value,
            None => self.entries.push((key, value)),
        }
    }

    /// Returns the keys and values in order. A repeated key is returned each time.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.entries.iter().map(|(key, value)| (&**key, &**value))
    }

    /// Returns whether there is no entry.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

/// Takes the entries as they are, without a search for repeated keys.
impl<K: Into<String>, V: Into<String>> FromIterator<(K, V)> for PropertiesText {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        Self { entries: entries.into_iter().map(|(key, value)| (key.into(), value.into())).collect() }
    }
}

/// Writes a line for each entry.
impl fmt::Display for PropertiesText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut line = String::new();
        self.entries.iter().try_for_each(|(key, value)| {
            line.clear();
            properties::push_entry(&mut line, key, value);
            f.write_str(&line)
        })
    }
}

/// Prints the keys. Values may be secrets.
impl fmt::Debug for PropertiesText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.entries.iter().map(|(key, _)| key)).finish()
    }
}

impl CommandBody for PropertiesText {
    fn encode(self, _command: &mut RemotingCommand) -> Result<Body, BodyError> {
        Ok(self.to_string().into())
    }

    fn decode(command: &RemotingCommand) -> Result<Self, BodyError> {
        match command.external_body() {
            None => Self::from_utf8(command.body()).map_err(BodyError::invalid::<Self>),
            Some(external) => Err(BodyError::external::<Self>(external.len())),
        }
    }
}
