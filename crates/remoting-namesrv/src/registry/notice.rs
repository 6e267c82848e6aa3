use std::collections::BTreeMap;

use remoting::model::constants::MASTER_ID;
use remoting::model::header::NotifyMinBrokerIdChangeRequestHeader;

/// The lowest id of a broker group has changed, of which its brokers are notified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MinBrokerIdChange {
    pub(crate) broker_name: String,
    /// The brokers after the change.
    pub(crate) addrs: BTreeMap<i64, String>,
    /// The broker that has left, if one has.
    pub(crate) offline_addr: Option<String>,
    /// The replication address of the broker that has joined, if one has.
    pub(crate) ha_addr: Option<String>,
}

impl MinBrokerIdChange {
    /// Returns the header of the notice.
    pub(crate) fn header(&self) -> NotifyMinBrokerIdChangeRequestHeader {
        let min = self.addrs.first_key_value();
        NotifyMinBrokerIdChangeRequestHeader {
            min_broker_id: min.map(|(id, _)| *id),
            broker_name: Some(self.broker_name.clone()),
            min_broker_addr: min.map(|(_, addr)| addr.clone()),
            offline_broker_addr: self.offline_addr.clone(),
            ha_broker_addr: self.ha_addr.clone(),
        }
    }

    /// Returns whom to notify. The broker that has just joined knows. Java: `chooseBrokerAddrsToNotify`.
    pub(crate) fn recipients(&self) -> impl Iterator<Item = &str> {
        let all = self.offline_addr.is_some() || self.addrs.len() == 1;
        self.addrs.values().skip(usize::from(!all)).map(String::as_str)
    }

    /// Returns the lowest id, for the log.
    pub(crate) fn min_broker_id(&self) -> i64 {
        self.addrs.first_key_value().map_or(MASTER_ID, |(id, _)| *id)
    }
}
