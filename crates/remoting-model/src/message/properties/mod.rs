//! The properties of a message.

mod accessors;
mod text;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashSet};
use std::fmt;
use std::ops::Range;

use super::MessageEncodeError;

/// The properties of a message: texts by name, in the order in which they were written.
///
/// Some names mean something to RocketMQ, see [`property`](super::property); the frequent ones have methods here.
/// The others belong to applications.
///
/// The wire form, which a send request carries as a text, is `name \x01 value \x02` for each property. See
/// [`from_text`](Self::from_text) and [`to_text`](Self::to_text).
///
/// ```
/// use remoting_model::message::MessageProperties;
///
/// let mut properties = MessageProperties::from_text("TAGS\u{1}food\u{2}colour\u{1}red\u{2}");
/// assert_eq!(properties.tags(), Some("food"));
/// assert_eq!(properties.get("colour"), Some("red"));
///
/// properties.set_keys(["k1", "k2"]);
/// assert_eq!(properties.to_text()?, "TAGS\u{1}food\u{2}colour\u{1}red\u{2}KEYS\u{1}k1 k2\u{2}");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Default)]
pub struct MessageProperties {
    /// Names and values, each followed by one byte. What entries do not name is skipped.
    text: String,
    /// In the order of `text`. No name is twice.
    entries: Vec<Entry>,
}

/// The place of a property in the text.
#[derive(Clone, Copy)]
struct Entry {
    start: usize,
    name: usize,
    value: usize,
}

impl Entry {
    const fn name(self) -> Range<usize> {
        self.start..self.start + self.name
    }

    const fn value(self) -> Range<usize> {
        let start = self.start + self.name + 1;
        start..start + self.value
    }

    const fn whole(self) -> Range<usize> {
        self.start..self.value().end + 1
    }
}

/// Up to this number of properties, repeated names are found by comparing each with each.
const FEW: usize = 32;

impl MessageProperties {
    /// Creates empty properties.
    #[must_use]
    pub const fn new() -> Self {
        Self { text: String::new(), entries: Vec::new() }
    }

    /// Returns the number of properties.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.entries.len()
    }

    /// Returns whether there are no properties.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Returns the value of a property.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.position(name).and_then(|position| Some(self.at(*self.entries.get(position)?).1))
    }

    /// Returns whether there is a property of this name.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.position(name).is_some()
    }

    /// Sets a property. The name and the value are checked when they are written, by [`to_text`](Self::to_text) or by
    /// encoding the message.
    pub fn insert(&mut self, name: &str, value: &str) {
        match self.position(name) {
            Some(position) => self.replace_value(position, value),
            None => {
                let start = self.text.len();
                self.text.reserve(name.len() + value.len() + 2);
                self.text.push_str(name);
                self.text.push(text::NAME_VALUE_SEPARATOR);
                self.text.push_str(value);
                self.text.push(text::PROPERTY_SEPARATOR);
                self.entries.push(Entry { start, name: name.len(), value: value.len() });
            }
        }
    }

    /// Removes a property. Returns whether there was one.
    pub fn remove(&mut self, name: &str) -> bool {
        let Some(position) = self.position(name) else {
            return false;
        };
        let whole = self.entries.remove(position).whole();
        self.text.replace_range(whole.clone(), "");
        for entry in self.entries.iter_mut().skip(position) {
            entry.start -= whole.len();
        }
        true
    }

    /// Returns the names and values.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &str)> + DoubleEndedIterator {
        self.entries.iter().map(|entry| self.at(*entry))
    }

    fn replace_value(&mut self, position: usize, value: &str) {
        let Some(entry) = self.entries.get_mut(position) else {
            return;
        };
        let old = entry.value();
        entry.value = value.len();
        self.text.replace_range(old.clone(), value);
        for entry in self.entries.iter_mut().skip(position + 1) {
            entry.start = entry.start - old.len() + value.len();
        }
    }

    fn position(&self, name: &str) -> Option<usize> {
        self.entries.iter().position(|entry| self.slice(entry.name()) == name)
    }

    fn at(&self, entry: Entry) -> (&str, &str) {
        (self.slice(entry.name()), self.slice(entry.value()))
    }

    fn slice(&self, range: Range<usize>) -> &str {
        self.text.get(range).unwrap_or_default()
    }

    /// Keeps the last property of each name.
    fn drop_repeated(&mut self) {
        let Self { text, entries } = self;
        let name = |entry: &Entry| text.get(entry.name()).unwrap_or_default();
        if entries.len() <= FEW {
            let mut position = 0;
            while let Some((entry, later)) = entries.get(position..).and_then(<[Entry]>::split_first) {
                if later.iter().any(|later| name(later) == name(entry)) {
                    entries.remove(position);
                } else {
                    position += 1;
                }
            }
        } else {
            let mut seen = HashSet::with_capacity(entries.len());
            entries.reverse();
            entries.retain(|entry| seen.insert(name(entry)));
            entries.reverse();
        }
    }
}

/// Properties are equal if they have the same names and values, in any order.
impl PartialEq for MessageProperties {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().collect::<BTreeMap<_, _>>() == other.iter().collect()
    }
}

impl Eq for MessageProperties {}

impl fmt::Debug for MessageProperties {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

impl<N: AsRef<str>, V: AsRef<str>> Extend<(N, V)> for MessageProperties {
    fn extend<I: IntoIterator<Item = (N, V)>>(&mut self, properties: I) {
        for (name, value) in properties {
            self.insert(name.as_ref(), value.as_ref());
        }
    }
}

impl<N: AsRef<str>, V: AsRef<str>> FromIterator<(N, V)> for MessageProperties {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(properties: I) -> Self {
        let mut all = Self::new();
        all.extend(properties);
        all
    }
}
