use remoting_transport::{Address, BoundListener, Listener, ListenerOptions, Network};

use crate::server::error::ServerError;

/// Where a port listens.
#[derive(Debug)]
pub(in crate::server) enum Bind {
    Address(Address),
    Listener(BoundListener),
}

impl Bind {
    pub(super) async fn listen(
        self,
        network: &dyn Network,
        options: ListenerOptions,
    ) -> Result<Listener, ServerError> {
        Ok(match self {
            Self::Address(address) => Listener::bind_on(network, &address, options).await?,
            Self::Listener(listener) => Listener::from_bound(listener, options)?,
        })
    }
}
