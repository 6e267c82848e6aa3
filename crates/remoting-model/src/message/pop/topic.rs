//! The topic or retry topic that a message comes from.

use std::fmt;
use std::str::FromStr;

use super::BadPopInfo;

/// The start of the name of a retry topic.
const RETRY_PREFIX: &str = "%RETRY%";

/// Whether a message comes from the topic that was asked for, or from a retry topic of it.
///
/// The text form is 0, 1 or 2.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PopTopic {
    /// The topic itself.
    #[default]
    Normal,
    /// The retry topic `%RETRY%group_topic`.
    Retry,
    /// The retry topic `%RETRY%group+topic`. Since 5.2.
    RetryV2,
}

impl PopTopic {
    /// Returns what a topic is by its name.
    #[must_use]
    pub fn of(topic: &str) -> Self {
        match topic.strip_prefix(RETRY_PREFIX) {
            None => Self::Normal,
            Some(name) if name.contains('+') => Self::RetryV2,
            Some(_) => Self::Retry,
        }
    }

    /// Returns the name of the topic that the message comes from. `topic` is the topic that was asked for. Equivalent
    /// of Java's `ExtraInfoUtil.getRealTopic`.
    ///
    /// ```
    /// use remoting_model::message::PopTopic;
    ///
    /// assert_eq!(PopTopic::RetryV2.real_topic("orders", "kitchen"), "%RETRY%kitchen+orders");
    /// ```
    #[must_use]
    pub fn real_topic(self, topic: &str, group: &str) -> String {
        match self {
            Self::Normal => topic.to_owned(),
            Self::Retry => format!("{RETRY_PREFIX}{group}_{topic}"),
            Self::RetryV2 => format!("{RETRY_PREFIX}{group}+{topic}"),
        }
    }
}

impl fmt::Display for PopTopic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Normal => "0",
            Self::Retry => "1",
            Self::RetryV2 => "2",
        })
    }
}

impl FromStr for PopTopic {
    type Err = BadPopInfo;

    fn from_str(text: &str) -> Result<Self, BadPopInfo> {
        match text {
            "0" => Ok(Self::Normal),
            "1" => Ok(Self::Retry),
            "2" => Ok(Self::RetryV2),
            _ => Err(BadPopInfo::Malformed { part: "the kind of topic" }),
        }
    }
}
