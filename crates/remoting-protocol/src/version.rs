//! The release numbers of `org.apache.rocketmq.common.MQVersion`.

use std::fmt;
use std::str::FromStr;

use crate::name::{self, UnknownName};

/// The RocketMQ release of the sender of a command: an ordinal of Java's `MQVersion.Version`.
///
/// Each release has two ordinals: one for its snapshot, and the next for the release. `Display` and `Debug` print
/// the name and the number, or the number alone. `FromStr` reads these forms, a name, or a number. Versions are
/// ordered like releases, and peers compare them to choose their behaviour:
///
/// ```
/// use remoting_protocol::MqVersion;
///
/// assert!(MqVersion::CURRENT > MqVersion::V5_3_1); // so a server that shuts down sends GO_AWAY
/// assert_eq!(MqVersion(479).to_string(), "V5_3_3(479)");
/// assert_eq!(MqVersion(478).to_string(), "V5_3_3_SNAPSHOT(478)");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MqVersion(pub i32);

impl MqVersion {
    /// The first release whose brokers register with a body.
    pub const V3_0_11: Self = Self(37);
    /// Release 3.4.9.
    pub const V3_4_9: Self = Self(121);
    /// The first Apache release.
    pub const V4_0_0: Self = Self(213);
    /// The first release of 4.9.
    pub const V4_9_0: Self = Self(393);
    /// The first release whose name servers respond to route queries in standard JSON.
    pub const V4_9_4: Self = Self(401);
    /// The newest release of 4.9.
    pub const V4_9_8: Self = Self(409);
    /// The first release whose brokers register with a section for static topics.
    pub const V5_0_0: Self = Self(413);
    /// The first release of 5.1.
    pub const V5_1_0: Self = Self(433);
    /// The first release of 5.2.
    pub const V5_2_0: Self = Self(453);
    /// The first release of 5.3.
    pub const V5_3_0: Self = Self(473);
    /// The last release that does not understand `GO_AWAY`.
    pub const V5_3_1: Self = Self(475);
    /// Release 5.3.2.
    pub const V5_3_2: Self = Self(477);
    /// Release 5.3.3.
    pub const V5_3_3: Self = Self(479);
    /// The first release that writes JSON with fastjson 2.
    pub const V5_4_0: Self = Self(493);
    /// Release 5.5.0.
    pub const V5_5_0: Self = Self(513);
    /// The newest release with a constant here.
    pub const V5_5_1: Self = Self(515);
    /// The end of Java's table. All higher numbers have the same name.
    pub const HIGHER_VERSION: Self = Self(612);

    /// The version of a new command: [`V5_5_0`](Self::V5_5_0). No peer treats 5.5.1 differently, and older peers
    /// would take it for a later release than their own.
    pub const CURRENT: Self = Self::V5_5_0;

    /// Returns the name of the Java constant, such as `V5_3_3` or `V5_4_0_SNAPSHOT`, or `None` for a negative
    /// number.
    ///
    /// A number beyond the table is `HIGHER_VERSION`, as in `MQVersion.getVersionDesc`.
    #[must_use]
    pub fn name(self) -> Option<String> {
        let name = match self.0 {
            ..0 => return None,
            ordinal @ 0..16 => OLDEST[ordinal as usize].to_owned(),
            ordinal @ 16..46 => release(3, 0, 1, ordinal - 16),
            // Ten releases per minor version.
            ordinal @ 46..86 => release(3, 1 + (ordinal - 46) / 20, 0, (ordinal - 46) % 20),
            // Nine per minor version from 3.3 to 3.9, starting at patch 1.
            ordinal @ 86..212 => release(3, 3 + (ordinal - 86) / 18, 1, (ordinal - 86) % 18),
            // Ten again.
            ordinal @ 212..612 => {
                let minors = (ordinal - 212) / 20;
                release(4 + minors / 10, minors % 10, 0, (ordinal - 212) % 20)
            }
            _ => "HIGHER_VERSION".to_owned(),
        };
        Some(name)
    }
}

/// The names before the first regular release, by ordinal.
const OLDEST: [&str; 16] = [
    "V3_0_0_SNAPSHOT",
    "V3_0_0_ALPHA1",
    "V3_0_0_BETA1",
    "V3_0_0_BETA2",
    "V3_0_0_BETA3",
    "V3_0_0_BETA4",
    "V3_0_0_BETA5",
    "V3_0_0_BETA6_SNAPSHOT",
    "V3_0_0_BETA6",
    "V3_0_0_BETA7_SNAPSHOT",
    "V3_0_0_BETA7",
    "V3_0_0_BETA8_SNAPSHOT",
    "V3_0_0_BETA8",
    "V3_0_0_BETA9_SNAPSHOT",
    "V3_0_0_BETA9",
    "V3_0_0_FINAL",
];

/// Returns the name at `index` in a minor version, in which snapshots and releases alternate.
fn release(major: i32, minor: i32, first_patch: i32, index: i32) -> String {
    let suffix = if index % 2 == 0 { "_SNAPSHOT" } else { "" };
    format!("V{major}_{minor}_{}{suffix}", first_patch + index / 2)
}

/// Writes the name and the number, as in `V5_5_0(513)`, or the number alone.
impl fmt::Display for MqVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        name::show(f, self.name().as_deref(), self.0)
    }
}

impl fmt::Debug for MqVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Reads a name, a number, or the output of `Display`.
impl FromStr for MqVersion {
    type Err = UnknownName;

    fn from_str(text: &str) -> Result<Self, UnknownName> {
        // All numbers from 612 up share one name.
        let number = text.strip_prefix("HIGHER_VERSION(").and_then(|rest| rest.strip_suffix(')'));
        if let Some(Ok(number @ 612..)) = number.map(str::parse) {
            return Ok(Self(number));
        }
        name::parse(text, "version", |name| {
            (0..=Self::HIGHER_VERSION.0).find(|ordinal| Self(*ordinal).name().as_deref() == Some(name))
        })
        .map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::MqVersion;

    #[test]
    fn each_constant_has_the_ordinal_of_its_name() {
        for (version, name) in [
            (MqVersion(0), "V3_0_0_SNAPSHOT"),
            (MqVersion(15), "V3_0_0_FINAL"),
            (MqVersion(16), "V3_0_1_SNAPSHOT"),
            (MqVersion::V3_0_11, "V3_0_11"),
            (MqVersion(45), "V3_0_15"),
            (MqVersion(46), "V3_1_0_SNAPSHOT"),
            (MqVersion(85), "V3_2_9"),
            (MqVersion(86), "V3_3_1_SNAPSHOT"),
            (MqVersion::V3_4_9, "V3_4_9"),
            (MqVersion(211), "V3_9_9"),
            (MqVersion::V4_0_0, "V4_0_0"),
            (MqVersion::V4_9_0, "V4_9_0"),
            (MqVersion::V4_9_4, "V4_9_4"),
            (MqVersion::V4_9_8, "V4_9_8"),
            (MqVersion::V5_0_0, "V5_0_0"),
            (MqVersion::V5_1_0, "V5_1_0"),
            (MqVersion::V5_2_0, "V5_2_0"),
            (MqVersion::V5_3_0, "V5_3_0"),
            (MqVersion::V5_3_1, "V5_3_1"),
            (MqVersion::V5_3_2, "V5_3_2"),
            (MqVersion::V5_3_3, "V5_3_3"),
            (MqVersion::V5_4_0, "V5_4_0"),
            (MqVersion::CURRENT, "V5_5_0"),
            (MqVersion::V5_5_1, "V5_5_1"),
            (MqVersion(611), "V5_9_9"),
            (MqVersion::HIGHER_VERSION, "HIGHER_VERSION"),
            (MqVersion(613), "HIGHER_VERSION"),
            (MqVersion(i32::MAX), "HIGHER_VERSION"),
        ] {
            assert_eq!(version.name().as_deref(), Some(name));
        }
    }

    #[test]
    fn a_negative_version_displays_its_number() {
        assert_eq!(MqVersion(-1).name(), None);
        assert_eq!(MqVersion(i32::MIN).to_string(), "-2147483648");
    }
}
