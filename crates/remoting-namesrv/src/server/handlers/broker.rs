//! What brokers ask for.

use remoting::model::body::DataVersion;
use remoting::model::body::KVTable;
use remoting::model::constants::{NAMESPACE_ORDER_TOPIC_CONFIG, ZONE_NAME};
use remoting::model::header::{QueryDataVersionResponseHeader, RegisterBrokerResponseHeader};
use remoting::model::operation::{BrokerHeartbeat, QueryDataVersion, RegisterBroker, UnregisterBroker};
use remoting::{Refusal, Request, ResponseCode};

use crate::registry::{BrokerKey, Departure, Registration};
use crate::server::state::State;

impl State {
    pub(super) async fn register_broker(
        &self,
        request: Request<RegisterBroker>,
    ) -> Result<(RegisterBrokerResponseHeader, Option<KVTable>), Refusal> {
        let config = self.config();
        let (RegisterBroker { header, body }, ctx, command) = request.into_parts();
        let channel = ctx.channel().channel();
        let registration = Registration {
            header,
            body,
            zone: command.ext_field(ZONE_NAME).map(ToOwned::to_owned),
            channel: channel.clone(),
        };
        Self::mark_broker(channel);
        let registered = self.registry.register(registration, &config);
        if !channel.is_open() {
            // Its CLOSE may have come before it was marked.
            self.channel_closed(channel.id());
        }
        let registered =
            registered.map_err(|error| Refusal::new(ResponseCode::SYSTEM_ERROR, error.to_string()))?;
        self.counters.registration();
        self.notify(registered.notice);

        let (ha_server_addr, master_addr) = registered.master.unzip();
        let order = config
            .return_order_topic_config_to_broker
            .then(|| self.kv.namespace(NAMESPACE_ORDER_TOPIC_CONFIG));
        let body = order.flatten().map(|table| KVTable { table });
        Ok((RegisterBrokerResponseHeader { ha_server_addr, master_addr }, body))
    }

    pub(super) async fn unregister_broker(&self, request: Request<UnregisterBroker>) {
        let header = request.into_operation().header;
        let departure = Departure {
            key: BrokerKey { cluster: header.cluster_name, addr: header.broker_addr },
            broker_name: header.broker_name,
            broker_id: header.broker_id,
        };
        self.notify(self.registry.unregister(&[departure], &self.config()));
    }

    pub(super) async fn broker_heartbeat(&self, request: Request<BrokerHeartbeat>) {
        let header = request.into_operation().header;
        self.registry.touch(&BrokerKey { cluster: header.cluster_name, addr: header.broker_addr });
    }

    /// Compares the version of a broker's topics with the registered one. It counts as a heartbeat.
    pub(super) async fn query_data_version(
        &self,
        request: Request<QueryDataVersion>,
    ) -> Result<(QueryDataVersionResponseHeader, Option<DataVersion>), Refusal> {
        let QueryDataVersion { header, body } = request.into_operation();
        let key = BrokerKey { cluster: header.cluster_name, addr: header.broker_addr };
        let known = self.registry.data_version(&key);
        self.registry.touch(&key);
        let changed = known.as_ref() != Some(&body);
        Ok((QueryDataVersionResponseHeader { changed }, known))
    }
}
