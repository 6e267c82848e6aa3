//! The settings that servers and clients share, and the errors of all settings.

mod endpoint;
mod properties;

use remoting_transport::{AddressError, OptionsError, SocksConfigError};
use tokio::sync::Semaphore;

pub(crate) use self::endpoint::{
    CLOSE_TIMEOUT, EndpointConfig, JavaKeys, NO_JAVA_KEY, endpoint_setters, not_zero, positive,
};
pub(crate) use self::properties::Properties;

/// The reason why the settings of a server or client are invalid.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// The setting is zero, with which nothing could succeed.
    #[error("{setting} ({java}) must not be zero")]
    #[non_exhaustive]
    Zero {
        /// The setter.
        setting: &'static str,
        /// The Java key.
        java: &'static str,
    },
    /// The value exceeds its limit.
    #[error("{setting} ({java}) is {value}, more than {most}")]
    #[non_exhaustive]
    TooLarge {
        /// The setter.
        setting: &'static str,
        /// The Java key.
        java: &'static str,
        /// The value.
        value: usize,
        /// The largest value that is accepted.
        most: usize,
    },
    /// The value of a property cannot be parsed.
    #[error("{property}={value:?} is not {expected}")]
    #[non_exhaustive]
    Property {
        /// The Java property.
        property: &'static str,
        /// The value.
        value: String,
        /// The expected kind of value.
        expected: &'static str,
    },
    /// The setting needs a feature that this build does not have.
    #[error("{setting} ({java}) needs the feature `{feature}` of the crate `remoting`, which is off")]
    #[non_exhaustive]
    FeatureOff {
        /// The setter.
        setting: &'static str,
        /// The Java key.
        java: &'static str,
        /// The name of the feature.
        feature: &'static str,
    },
    /// The TLS files cannot be watched for changes.
    #[cfg(feature = "tls")]
    #[error(transparent)]
    Tls(#[from] remoting_transport::tls::TlsError),
    /// The address of a name server is invalid.
    #[error(transparent)]
    Address(#[from] AddressError),
    /// The table of SOCKS proxies is invalid.
    #[error(transparent)]
    Socks(#[from] SocksConfigError),
    /// The water marks contradict each other.
    #[error(transparent)]
    Options(#[from] OptionsError),
}

/// Checks that a count is positive and at most `most`.
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
