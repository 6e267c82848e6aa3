//! What the settings of servers and clients have in common.

mod endpoint;
mod properties;

use remoting_transport::{AddressError, OptionsError, SocksConfigError};
use tokio::sync::Semaphore;

pub(crate) use self::endpoint::{
    CLOSE_TIMEOUT, EndpointConfig, JavaKeys, NO_JAVA_KEY, endpoint_setters, not_zero, positive,
};
pub(crate) use self::properties::Properties;

/// Why the settings of a server or client are refused.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// With this at zero nothing could ever succeed.
    #[error("{setting} ({java}) must not be zero")]
    Zero {
        /// The setter.
        setting: &'static str,
        /// The Java key.
        java: &'static str,
    },
    /// The value is beyond what can be meant.
    #[error("{setting} ({java}) is {value}, more than {most}")]
    TooLarge {
        /// The setter.
        setting: &'static str,
        /// The Java key.
        java: &'static str,
        /// What was asked for.
        value: usize,
        /// The largest value that is accepted.
        most: usize,
    },
    /// A property has a value that cannot be read.
    #[error("{property}={value:?} is not {expected}")]
    Property {
        /// The Java property.
        property: &'static str,
        /// Its value.
        value: String,
        /// What it should be.
        expected: &'static str,
    },
    /// The setting needs a feature that this build has not.
    #[error("{setting} ({java}) needs the feature `{feature}` of the crate `remoting`, which is off")]
    FeatureOff {
        /// The setter.
        setting: &'static str,
        /// The Java key.
        java: &'static str,
        /// The feature.
        feature: &'static str,
    },
    /// The files of TLS cannot be watched for changes.
    #[cfg(feature = "tls")]
    #[error(transparent)]
    Tls(#[from] remoting_transport::tls::TlsError),
    /// The address of a name server is invalid.
    #[error(transparent)]
    Address(#[from] AddressError),
    /// The table of SOCKS proxies makes no sense.
    #[error(transparent)]
    Socks(#[from] SocksConfigError),
    /// The water marks contradict each other.
    #[error(transparent)]
    Options(#[from] OptionsError),
}

/// Checks a count that must be positive and at most `most`.
pub(crate) fn check_count(
    setting: &'static str,
    java: &'static str,
    value: usize,
    most: usize,
) -> Result<(), ConfigError> {
    match value {
        0 => Err(ConfigError::Zero { setting, java }),
        value if value > most => Err(ConfigError::TooLarge { setting, java, value, most }),
        _ => Ok(()),
    }
}

/// The largest number of permits of one kind.
pub(crate) const MAX_PERMITS: usize = Semaphore::MAX_PERMITS;
