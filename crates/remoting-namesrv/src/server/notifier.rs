//! The task that notifies the brokers of a group when their lowest id changes.

use std::time::Duration;

use remoting::RemotingClient;
use remoting::model::operation::NotifyMinBrokerIdChange;
use tokio::sync::mpsc::Receiver;
use tokio::task::JoinSet;

use crate::registry::MinBrokerIdChange;

/// How many notices may wait.
pub(super) const MAX_NOTICES: usize = 1024;

/// The time to reach a broker. Java has 300 ms.
const TIMEOUT: Duration = Duration::from_secs(1);

/// Runs until it is aborted. Notices are sent in order, and to all brokers of a group at once.
pub(super) async fn notify_brokers(client: RemotingClient, mut notices: Receiver<MinBrokerIdChange>) {
    while let Some(notice) = notices.recv().await {
        let recipients: Vec<_> = notice.recipients().map(ToOwned::to_owned).collect();
        tracing::info!(
            name = notice.broker_name,
            id = notice.min_broker_id(),
            offline = notice.offline_addr,
            ?recipients,
            "the lowest broker id of a group has changed"
        );
        let mut calls = JoinSet::new();
        for addr in recipients {
            let notice = NotifyMinBrokerIdChange::from(notice.header());
            let client = client.clone();
            calls.spawn(async move {
                if let Err(error) = client.call_oneway(addr.as_str(), notice, TIMEOUT).await {
                    tracing::warn!(addr, %error, "a broker is not notified of the lowest id of its group");
                }
            });
        }
        while calls.join_next().await.is_some() {}
    }
}
