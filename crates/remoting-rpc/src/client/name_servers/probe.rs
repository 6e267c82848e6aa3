//! The probe of name servers (Java: `scanAvailableNameSrv`, which reports unreachable ones as available).

use std::sync::Arc;

use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::call::Budget;
use crate::client::drain::Retired;
use crate::client::shared::Shared;
use crate::transport::protocol::ErrorChain;

/// Connects to every name server of the list, again and again, until it is dropped. The connections are kept
/// for later calls.
pub(in crate::client) async fn probe(shared: Arc<Shared>) {
    loop {
        let listed = shared.name_servers.lock().addresses();
        if listed.is_empty() {
            shared.name_servers_changed.notified().await;
            continue;
        }
        let mut round = JoinSet::new();
        for addr in &*listed {
            let (shared, addr) = (Arc::clone(&shared), addr.clone());
            round.spawn(async move {
                let budget = Budget::start(shared.config.connect_timeout);
                let reached = shared.channel(&addr, budget.deadline(), &budget).await;
                if let Err(error) = &reached {
                    tracing::debug!(error = %ErrorChain(error), "name server not available");
                }
                let is_listed = {
                    let mut name_servers = shared.name_servers.lock();
                    name_servers.probed(&addr, reached.is_ok());
                    name_servers.contains(&addr)
                };
                if let (Ok(channel), false) = (&reached, is_listed) {
                    shared.retire(channel, Retired::Unlisted);
                }
            });
        }
        while round.join_next().await.is_some() {}
        tokio::select! {
            biased;
            () = shared.name_servers_changed.notified() => {}
            () = sleep(shared.config.connect_timeout) => {}
        }
    }
}
