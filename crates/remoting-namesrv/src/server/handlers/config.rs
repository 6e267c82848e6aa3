//! The configuration, read and changed by tools.

use remoting::model::body::PropertiesText;
use remoting::model::operation::{GetNamesrvConfig, UpdateNamesrvConfig};
use remoting::{Refusal, Request, ResponseCode};

use super::not_stored;
use crate::config::NameServerConfig;
use crate::server::configuration::UpdateError;
use crate::server::state::State;

impl State {
    pub(super) async fn update_namesrv_config(
        &self,
        request: Request<UpdateNamesrvConfig>,
    ) -> Result<(), Refusal> {
        tracing::info!(peer = %request.peer_addr(), "the configuration is changed by a tool");
        let current = || NameServerConfig::clone(&self.config());
        let updated = self.configuration.update(current, &request.body, |config| self.set_config(config));
        updated.map_err(|error| match error {
            UpdateError::BlackListed => Refusal::new(ResponseCode::NO_PERMISSION, error.to_string()),
            UpdateError::Setting(error) => Refusal::new(ResponseCode::SYSTEM_ERROR, error.to_string()),
            UpdateError::Server(error) => Refusal::new(ResponseCode::SYSTEM_ERROR, error.to_string()),
            UpdateError::Store(error) => not_stored("the configuration", &error),
        })
    }

    pub(super) async fn get_namesrv_config(
        &self,
        _request: Request<GetNamesrvConfig>,
    ) -> Result<PropertiesText, Refusal> {
        Ok(self.configuration.to_properties(&self.config()))
    }
}
