use remoting_transport::protocol::RemotingCommand;
use remoting_transport::protocol::ext_fields::key::{ZONE_MODE, ZONE_NAME};

use super::{HookContext, RpcHook};
use crate::error::ProcessorError;
use crate::java_property::java_property_from_env;

/// Adds the zone of the sender to each request, so that a name server returns nearby brokers. Java:
/// `DynamicalExtFieldRPCHook`, which every Java client registers.
///
/// It sets the ext fields `__ZONE_NAME` and `__ZONE_MODE`.
///
/// ```
/// use remoting_rpc::{RemotingClient, ZoneHook};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), remoting_rpc::ConfigError> {
/// let client = RemotingClient::builder().hook(ZoneHook::new("eu-central-1a").with_mode("true")).build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ZoneHook {
    name: Option<String>,
    mode: Option<String>,
}

impl ZoneHook {
    /// Creates a hook for the zone `name`. A blank name disables it.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: not_blank(name.into()), mode: None }
    }

    /// Sets the mode. A name server filters its response if the mode is `true`. A blank mode is not sent.
    #[must_use]
    pub fn with_mode(mut self, mode: impl Into<String>) -> Self {
        self.mode = not_blank(mode.into());
        self
    }

    /// Creates a hook from the environment. It reads `rocketmq.zone` and `rocketmq.zone.mode` (Java's system properties; also
    /// with underscores for dots), otherwise `ROCKETMQ_ZONE` and `ROCKETMQ_ZONE_MODE`. If none is set, the hook does
    /// nothing. This method reads the variables once; Java reads them for each request.
    #[must_use]
    pub fn from_env() -> Self {
        Self::from_properties(java_property_from_env)
    }

    /// Creates a hook like [`from_env`](Self::from_env), with `lookup` in place of the environment.
    #[must_use]
    pub fn from_properties(lookup: impl Fn(&str) -> Option<String>) -> Self {
        let read = |property, variable| lookup(property).or_else(|| lookup(variable)).and_then(not_blank);
        Self {
            name: read("rocketmq.zone", "ROCKETMQ_ZONE"),
            mode: read("rocketmq.zone.mode", "ROCKETMQ_ZONE_MODE"),
        }
    }
}

impl RpcHook for ZoneHook {
    fn before_request(
        &self,
        _ctx: &mut HookContext<'_>,
        request: &mut RemotingCommand,
    ) -> Result<(), ProcessorError> {
        for (key, value) in [(ZONE_NAME, &self.name), (ZONE_MODE, &self.mode)] {
            if let Some(value) = value {
                request.set_ext_field(key, value)?;
            }
        }
        Ok(())
    }
}

/// Java: `StringUtils.isNotBlank`.
fn not_blank(text: String) -> Option<String> {
    Some(text).filter(|text| !text.trim().is_empty())
}
