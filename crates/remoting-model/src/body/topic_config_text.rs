//! The text form of a topic's configuration, which compressed registrations contain.

use std::collections::BTreeMap;

use remoting_protocol::BodyError;
use remoting_protocol::body::{from_json, to_json};
use thiserror::Error;

use super::{TopicConfig, TopicFilterType};

/// The error of [`TopicConfig::from_text`].
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{text:?} is not the text of a topic: {reason}")]
pub struct TopicConfigTextError {
    /// The text, at most 64 characters of it.
    text: String,
    reason: &'static str,
}

impl TopicConfig {
    /// Returns the text `name readQueueNums writeQueueNums perm topicFilterType attributes`, such as
    /// `orders 8 8 6 SINGLE_TAG {}`. Java: `TopicConfig.encode`.
    ///
    /// The text has neither `order` nor `topic_sys_flag`.
    ///
    /// # Errors
    ///
    /// Returns [`BodyError::Write`] if the name is empty or contains a blank: no peer could read the text.
    pub fn to_text(&self) -> Result<String, BodyError> {
        if self.topic_name.is_empty() || self.topic_name.contains(' ') {
            return Err(BodyError::write::<Self>(format!("{:?} is no name of a topic", self.topic_name)));
        }
        let filter = match self.topic_filter_type {
            TopicFilterType::SingleTag => "SINGLE_TAG",
            TopicFilterType::MultiTag => "MULTI_TAG",
        };
        let attributes = to_json(&self.attributes)?;
        Ok(format!(
            "{} {} {} {} {filter} {}",
            self.topic_name,
            self.read_queue_nums,
            self.write_queue_nums,
            self.perm,
            String::from_utf8_lossy(&attributes)
        ))
    }

    /// Reads the text that [`to_text`](Self::to_text) or a Java broker has written. 4.9 writes no attributes. Java:
    /// `TopicConfig.decode`.
    ///
    /// Attributes that cannot be read are skipped, as in Java. Unlike Java, this method reads attributes with blanks.
    ///
    /// # Errors
    ///
    /// Returns a [`TopicConfigTextError`] if there are fewer than five parts, a number is malformed, or the filter type
    /// is unknown.
    pub fn from_text(text: &str) -> Result<Self, TopicConfigTextError> {
        let error = |reason| TopicConfigTextError { text: text.chars().take(64).collect(), reason };
        let mut parts = text.splitn(6, ' ');
        let mut part = || parts.next().ok_or_else(|| error("it has fewer than five parts"));
        let topic_name = part()?.to_owned();
        let mut number = || part()?.parse().map_err(|_| error("a number is malformed"));
        let (read_queue_nums, write_queue_nums, perm) = (number()?, number()?, number()?);
        let topic_filter_type = match part()? {
            "SINGLE_TAG" => TopicFilterType::SingleTag,
            "MULTI_TAG" => TopicFilterType::MultiTag,
            _ => return Err(error("the filter type is neither SINGLE_TAG nor MULTI_TAG")),
        };
        let attributes: BTreeMap<String, String> =
            parts.next().and_then(|json| from_json(json.as_bytes()).ok()).unwrap_or_default();
        Ok(Self {
            attributes,
            perm,
            read_queue_nums,
            topic_filter_type,
            topic_name,
            write_queue_nums,
            ..Self::default()
        })
    }
}
