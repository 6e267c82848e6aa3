//! When a message is consumed again. Since 5.

use serde::{Deserialize, Serialize};

use super::known::known_or_default;

/// When a group consumes a message again. Java's `GroupRetryPolicy`. Since 5.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct GroupRetryPolicy {
    /// The policy if the type is `Customized`. The default policy if it is `None`.
    pub customized_retry_policy: Option<CustomizedRetryPolicy>,
    /// The policy if the type is `Exponential`. The default policy if it is `None`.
    pub exponential_retry_policy: Option<ExponentialRetryPolicy>,
    /// The type of the policy.
    #[serde(deserialize_with = "known_or_default")]
    pub r#type: GroupRetryPolicyType,
}

/// The type of a [`GroupRetryPolicy`]. Java's `GroupRetryPolicyType`. Since 5.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum GroupRetryPolicyType {
    /// The time between attempts grows by a factor.
    Exponential,
    /// The time between attempts is in a list.
    #[default]
    Customized,
}

/// The times between attempts. Java's `CustomizedRetryPolicy`. Since 5.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CustomizedRetryPolicy {
    /// The time before each attempt in milliseconds. By default 18 times from one second to two hours.
    pub next: Vec<i64>,
}

impl Default for CustomizedRetryPolicy {
    fn default() -> Self {
        Self { next: DEFAULT_DELAYS.to_vec() }
    }
}

const DEFAULT_DELAYS: [i64; 18] = [
    1_000, 5_000, 10_000, 30_000, 60_000, 120_000, 180_000, 240_000, 300_000, 360_000, 420_000, 480_000,
    540_000, 600_000, 1_200_000, 1_800_000, 3_600_000, 7_200_000,
];

/// A time between attempts that grows by a factor. Java's `ExponentialRetryPolicy`. Since 5.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ExponentialRetryPolicy {
    /// The time before the first attempt in milliseconds. By default 5 seconds.
    pub initial: i64,
    /// The longest time in milliseconds. By default two hours.
    pub max: i64,
    /// The factor. By default 2.
    pub multiplier: i64,
}

impl Default for ExponentialRetryPolicy {
    fn default() -> Self {
        Self { initial: 5_000, max: 7_200_000, multiplier: 2 }
    }
}
