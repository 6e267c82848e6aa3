//! The typed header and the JSON body of the suite: `InteropHeader.java`, `NumberedBody.java`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A field of every type that `RemotingCommand` can carry.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct InteropHeader {
    topic: String,
    absent: Option<String>,
    queue_id: i32,
    retries: i32,
    offset: Option<i64>,
    timestamp: i64,
    ordered: bool,
    unit: Option<bool>,
    ratio: f64,
    load: f64,
}

impl InteropHeader {
    pub(super) fn sample() -> Self {
        Self {
            topic: "T主题".to_owned(),
            absent: None,
            queue_id: i32::MIN,
            retries: 3,
            offset: Some(i64::MAX - 1),
            timestamp: -1,
            ordered: true,
            unit: Some(false),
            ratio: 0.5,
            load: -2.25,
        }
    }

    /// Returns this header with every field changed, so that an unread field is detected.
    pub(super) fn answer(&self) -> Self {
        Self {
            topic: format!("{}!", self.topic),
            absent: self.absent.clone(),
            queue_id: self.queue_id.wrapping_add(1),
            retries: self.retries.wrapping_add(1),
            offset: self.offset.map(|offset| offset.wrapping_add(1)),
            timestamp: self.timestamp.wrapping_add(1),
            ordered: !self.ordered,
            unit: self.unit.map(|unit| !unit),
            ratio: self.ratio * 2.0,
            load: self.load * 2.0,
        }
    }
}

/// A JSON body whose map has integer keys, which Java writes without quotes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct NumberedBody {
    name: String,
    offsets: BTreeMap<i32, i64>,
}

impl NumberedBody {
    pub(super) fn sample() -> Self {
        let offsets = BTreeMap::from([(-1, 0), (0, 7), (12, 9_007_199_254_740_993)]);
        Self { name: "主题 \"quoted\"".to_owned(), offsets }
    }

    pub(super) fn one_higher(&self) -> Self {
        let offsets = self.offsets.iter().map(|(queue, offset)| (*queue, offset.wrapping_add(1))).collect();
        Self { name: self.name.clone(), offsets }
    }
}
