//! How a group consumes.

use serde::{Deserialize, Serialize};

/// How a consumer receives messages. Java's `ConsumeType`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum ConsumeType {
    /// The application pulls.
    ConsumeActively,
    /// The client pulls and calls the application.
    ConsumePassively,
    /// The broker assigns messages. Since 5.
    ConsumePop,
}

/// How the messages of a topic are spread over the consumers of a group. Java's `MessageModel`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum MessageModel {
    /// Each consumer receives every message.
    Broadcasting,
    /// Each message goes to one consumer.
    Clustering,
    /// Each consumer receives the messages of the lite topics it has chosen. Since 5.5.
    LiteSelective,
}

/// Where a new group starts. Java's `ConsumeFromWhere`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum ConsumeFromWhere {
    /// At the end of each queue.
    ConsumeFromLastOffset,
    /// Deprecated in Java, equivalent to `ConsumeFromLastOffset`.
    ConsumeFromLastOffsetAndFromMinWhenBootFirst,
    /// Deprecated in Java, equivalent to `ConsumeFromLastOffset`.
    ConsumeFromMinOffset,
    /// Deprecated in Java, equivalent to `ConsumeFromLastOffset`.
    ConsumeFromMaxOffset,
    /// At the beginning of each queue.
    ConsumeFromFirstOffset,
    /// At a time that the consumer has configured.
    ConsumeFromTimestamp,
}
