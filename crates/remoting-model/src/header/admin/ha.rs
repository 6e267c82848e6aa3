//! Headers about replication between brokers.

#[cfg(doc)]
use remoting_protocol::RequestCode;

use crate::header::define::header;

header! {
    /// Exchanges the state of replication between a master and a slave.
    ///
    /// The header of a request with code [`EXCHANGE_BROKER_HA_INFO`](RequestCode::EXCHANGE_BROKER_HA_INFO).
    /// Not in 4.9.
    pub struct ExchangeHAInfoRequestHeader {
        /// The address at which the master serves replication.
        pub master_ha_address: Option<String>,
        /// The offset up to which the master has flushed.
        pub master_flush_offset: Option<i64>,
        /// The address of the master.
        pub master_address: Option<String>,
    }
}

header! {
    /// Returns the state of replication of a master.
    ///
    /// The header of a response to [`EXCHANGE_BROKER_HA_INFO`](RequestCode::EXCHANGE_BROKER_HA_INFO). Not in
    /// 4.9.
    pub struct ExchangeHAInfoResponseHeader {
        /// The address at which the master serves replication.
        pub master_ha_address: Option<String>,
        /// The offset up to which the master has flushed.
        pub master_flush_offset: Option<i64>,
        /// The address of the master.
        pub master_address: Option<String>,
    }
}

header! {
    /// Tells a broker how far its master has flushed.
    ///
    /// The header of a request with code
    /// [`RESET_MASTER_FLUSH_OFFSET`](RequestCode::RESET_MASTER_FLUSH_OFFSET). Not in 4.9.
    pub struct ResetMasterFlushOffsetHeader {
        /// The offset up to which the master has flushed.
        pub master_flush_offset: i64,
    }
}
