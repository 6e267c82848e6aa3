//! A message to send.

use std::sync::Arc;

use remoting_protocol::bytes::Bytes;

use super::MessageProperties;

/// A message that is not stored yet. Equivalent of Java's `Message`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message {
    /// The topic.
    pub topic: Arc<str>,
    /// A number for the application. RocketMQ does not look at it.
    pub flag: i32,
    /// The properties.
    pub properties: MessageProperties,
    /// The body.
    pub body: Bytes,
}

impl Message {
    /// Creates a message without properties.
    #[must_use]
    pub fn new(topic: impl Into<Arc<str>>, body: impl Into<Bytes>) -> Self {
        Self { topic: topic.into(), body: body.into(), ..Self::default() }
    }

    /// Sets the tag, by which consumers filter.
    #[must_use]
    pub fn with_tags(mut self, tags: &str) -> Self {
        self.properties.set_tags(tags);
        self
    }

    /// Sets the keys, by which the message can be queried. A key must not contain a space.
    #[must_use]
    pub fn with_keys<'a>(mut self, keys: impl IntoIterator<Item = &'a str>) -> Self {
        self.properties.set_keys(keys);
        self
    }

    /// Sets a property. [`property::RESERVED`](super::property::RESERVED) has the names that mean something to
    /// RocketMQ.
    #[must_use]
    pub fn with_property(mut self, name: &str, value: &str) -> Self {
        self.properties.insert(name, value);
        self
    }
}
