//! The wire form of properties.

use super::{Entry, MessageEncodeError, MessageProperties};

pub(super) const NAME_VALUE_SEPARATOR: char = '\u{1}';
pub(super) const PROPERTY_SEPARATOR: char = '\u{2}';

/// # Wire form
impl MessageProperties {
    /// Reads the wire form, as Java does: what is no property is skipped, such as an empty name or value, and the last
    /// of repeated names counts. Equivalent of Java's `MessageDecoder.string2messageProperties`.
    #[must_use]
    pub fn from_text(text: &str) -> Self {
        Self::from_owned_text(text.to_owned())
    }

    /// Reads the wire form, and reads invalid UTF-8 as U+FFFD.
    pub(in crate::message) fn from_bytes(bytes: &[u8]) -> Self {
        Self::from_owned_text(String::from_utf8_lossy(bytes).into_owned())
    }

    fn from_owned_text(mut text: String) -> Self {
        if !text.is_empty() && !text.ends_with(PROPERTY_SEPARATOR) {
            text.push(PROPERTY_SEPARATOR);
        }
        let mut entries = Vec::with_capacity(text.matches(PROPERTY_SEPARATOR).count());
        let mut start = 0;
        for part in text.split_inclusive(PROPERTY_SEPARATOR) {
            if let Some(name) = part.find(NAME_VALUE_SEPARATOR) {
                // Both separators take one byte.
                let value = part.len() - name - 2;
                if name > 0 && value > 0 {
                    entries.push(Entry { start, name, value });
                }
            }
            start += part.len();
        }
        let mut properties = Self { text, entries };
        properties.drop_repeated();
        properties
    }

    /// Writes the wire form, as a send request carries it. Equivalent of Java's
    /// `MessageDecoder.messageProperties2String`.
    ///
    /// # Errors
    ///
    /// Returns [`MessageEncodeError::Property`] if a name or value is empty or contains a separator (U+0001 in a name,
    /// U+0002 in either), because a reader would skip it, or read something else.
    pub fn to_text(&self) -> Result<String, MessageEncodeError> {
        let mut text = String::with_capacity(self.text.len());
        self.write(&mut |part| text.push_str(part))?;
        Ok(text)
    }

    /// Passes the parts of the wire form to `push`.
    pub(in crate::message) fn write(&self, push: &mut impl FnMut(&str)) -> Result<(), MessageEncodeError> {
        for (entry, (name, value)) in self.entries.iter().zip(self.iter()) {
            let reason = if name.is_empty() {
                "has no name, so that readers skip it"
            } else if value.is_empty() {
                "is empty, so that readers skip it"
            } else if name.contains([NAME_VALUE_SEPARATOR, PROPERTY_SEPARATOR]) {
                "contains a separator (U+0001 or U+0002) in its name"
            } else if value.contains(PROPERTY_SEPARATOR) {
                "contains the separator U+0002 in its value"
            } else {
                push(self.slice(entry.whole()));
                continue;
            };
            return Err(MessageEncodeError::Property { name: name.to_owned(), reason });
        }
        Ok(())
    }
}
