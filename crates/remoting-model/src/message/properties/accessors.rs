//! The properties that RocketMQ uses most, by type.

use std::fmt::Display;
use std::str::FromStr;

use super::MessageProperties;
use crate::message::property;

/// # Properties of RocketMQ
///
/// A number that is malformed is treated as absent.
impl MessageProperties {
    /// Returns the tag, by which consumers filter.
    #[must_use]
    pub fn tags(&self) -> Option<&str> {
        self.get(property::TAGS)
    }

    /// Sets the tag.
    pub fn set_tags(&mut self, tags: &str) {
        self.insert(property::TAGS, tags);
    }

    /// Returns the keys, by which the message can be queried.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.get(property::KEYS)
            .unwrap_or_default()
            .split(property::KEY_SEPARATOR)
            .filter(|key| !key.is_empty())
    }

    /// Sets the keys. A key must not contain a space, which separates them.
    pub fn set_keys<'a>(&mut self, keys: impl IntoIterator<Item = &'a str>) {
        let keys: Vec<&str> = keys.into_iter().collect();
        self.insert(property::KEYS, &keys.join(property::KEY_SEPARATOR));
    }

    /// Returns the id that the client gave to the message, a [`UniqueId`](crate::message::UniqueId).
    #[must_use]
    pub fn uniq_key(&self) -> Option<&str> {
        self.get(property::UNIQ_CLIENT_MESSAGE_ID_KEYIDX)
    }

    /// Sets the id.
    pub fn set_uniq_key(&mut self, id: impl Display) {
        self.insert_display(property::UNIQ_CLIENT_MESSAGE_ID_KEYIDX, id);
    }

    /// Returns whether the broker responds only when the message is stored as safely as it is configured for. True by
    /// default.
    #[must_use]
    pub fn wait_store_msg_ok(&self) -> bool {
        self.get(property::WAIT_STORE_MSG_OK).is_none_or(|wait| wait.eq_ignore_ascii_case("true"))
    }

    /// Sets whether the broker responds only when the message is stored safely.
    pub fn set_wait_store_msg_ok(&mut self, wait: bool) {
        self.insert_display(property::WAIT_STORE_MSG_OK, wait);
    }

    /// Returns the delay level, an index of the broker's list of delays that starts at 1. 0 means no delay.
    #[must_use]
    pub fn delay_time_level(&self) -> i32 {
        self.number(property::DELAY_TIME_LEVEL).unwrap_or(0)
    }

    /// Sets the delay level.
    pub fn set_delay_time_level(&mut self, level: i32) {
        self.insert_display(property::DELAY_TIME_LEVEL, level);
    }

    /// Returns the delay in seconds, if it is set. Since 5.0.
    #[must_use]
    pub fn delay_time_sec(&self) -> Option<i64> {
        self.number(property::TIMER_DELAY_SEC)
    }

    /// Sets the delay in seconds.
    pub fn set_delay_time_sec(&mut self, seconds: i64) {
        self.insert_display(property::TIMER_DELAY_SEC, seconds);
    }

    /// Returns the delay in milliseconds, if it is set. Since 5.0.
    #[must_use]
    pub fn delay_time_ms(&self) -> Option<i64> {
        self.number(property::TIMER_DELAY_MS)
    }

    /// Sets the delay in milliseconds.
    pub fn set_delay_time_ms(&mut self, milliseconds: i64) {
        self.insert_display(property::TIMER_DELAY_MS, milliseconds);
    }

    /// Returns the time of delivery in milliseconds since 1970, if it is set. Since 5.0.
    #[must_use]
    pub fn deliver_time_ms(&self) -> Option<i64> {
        self.number(property::TIMER_DELIVER_MS)
    }

    /// Sets the time of delivery in milliseconds since 1970.
    pub fn set_deliver_time_ms(&mut self, milliseconds: i64) {
        self.insert_display(property::TIMER_DELIVER_MS, milliseconds);
    }

    /// Returns the priority, or -1 if none is set. Since 5.4.
    #[must_use]
    pub fn priority(&self) -> i32 {
        self.number(property::PRIORITY).unwrap_or(-1)
    }

    /// Returns the text of the [`ExtraInfo`](crate::message::ExtraInfo) of a message that was received by POP, by
    /// which it is acknowledged.
    #[must_use]
    pub fn pop_ck(&self) -> Option<&str> {
        self.get(property::POP_CK)
    }

    /// Returns the key that orders messages of a FIFO topic.
    #[must_use]
    pub fn sharding_key(&self) -> Option<&str> {
        self.get(property::SHARDING_KEY)
    }

    /// Returns the group of the producer, which a transactional message has.
    #[must_use]
    pub fn producer_group(&self) -> Option<&str> {
        self.get(property::PRODUCER_GROUP)
    }

    /// Returns the topic that the message had before a broker moved it to a system topic or a retry topic.
    #[must_use]
    pub fn real_topic(&self) -> Option<&str> {
        self.get(property::REAL_TOPIC)
    }

    /// Sets a property to the text of a value.
    pub fn insert_display(&mut self, name: &str, value: impl Display) {
        self.insert(name, &value.to_string());
    }

    /// Returns a property as a number.
    fn number<T: FromStr>(&self, name: &str) -> Option<T> {
        self.get(name)?.parse().ok()
    }
}
