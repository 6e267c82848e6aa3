use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use arc_swap::{ArcSwap, Guard};
use remoting::model::body::TopicRouteData;
use remoting::model::constants::NAMESPACE_ORDER_TOPIC_CONFIG;
use remoting::protocol::bytes::Bytes;
use remoting::{AttributeKey, Channel, ChannelEvent, ChannelEventKind, ChannelId};
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::configuration::Configuration;
use super::statistics::{Counters, NameServerStatistics};
use crate::config::NameServerConfig;
use crate::kv::KvConfig;
use crate::registry::{MinBrokerIdChange, Registry};
use crate::route::{JsonDialect, RouteView, TopicRoute, Zone};

/// Marks the channels over which brokers have registered.
const BROKER: AttributeKey<()> = AttributeKey::new("remoting-namesrv.broker");

/// The state of the handlers.
#[derive(Debug)]
pub(super) struct State {
    pub(super) registry: Registry,
    pub(super) kv: KvConfig,
    pub(super) configuration: Configuration,
    pub(super) started: Instant,
    pub(super) counters: Counters,
    config: ArcSwap<NameServerConfig>,
    /// The closed channels of brokers. Without a bound of its own: each has a registered broker, which is removed when
    /// the channel is handled.
    closed: mpsc::UnboundedSender<ChannelId>,
    notices: mpsc::Sender<MinBrokerIdChange>,
    shutting_down: AtomicBool,
}

impl State {
    pub(super) fn new(
        config: NameServerConfig,
        configuration: Configuration,
        kv: KvConfig,
        closed: mpsc::UnboundedSender<ChannelId>,
        notices: mpsc::Sender<MinBrokerIdChange>,
    ) -> Self {
        Self {
            registry: Registry::new(config.max_encoded_routes),
            kv,
            configuration,
            started: Instant::now(),
            counters: Counters::default(),
            config: ArcSwap::from_pointee(config),
            closed,
            notices,
            shutting_down: AtomicBool::new(false),
        }
    }

    pub(super) fn config(&self) -> Guard<Arc<NameServerConfig>> {
        self.config.load()
    }

    /// Replaces the configuration. Routes may look different after that.
    pub(super) fn set_config(&self, config: NameServerConfig) {
        self.config.store(Arc::new(config));
        self.registry.encoded().outdate();
    }

    /// Returns the JSON of a route, or `None` if the topic has no route.
    pub(super) fn route_json(
        &self,
        topic: &str,
        dialect: JsonDialect,
        zone: Option<Zone<'_>>,
    ) -> Option<Bytes> {
        let route = self.registry.topic(topic)?;
        match zone {
            None => self
                .registry
                .encoded()
                .get(&route, dialect, || self.with_view(&route, |view| view.to_json(dialect))),
            Some(zone) => self.with_view(&route, |mut view| {
                view.retain_zone(zone);
                view.to_json(dialect)
            }),
        }
    }

    pub(super) fn route_data(&self, topic: &str) -> Option<TopicRouteData> {
        let route = self.registry.topic(topic)?;
        self.with_view(&route, |view| view.to_data())
    }

    fn with_view<T>(&self, route: &TopicRoute, read: impl FnOnce(RouteView<'_>) -> T) -> Option<T> {
        let (groups, config) = (self.registry.groups(), self.config());
        let order =
            config.order_message_enable.then(|| self.kv.get(NAMESPACE_ORDER_TOPIC_CONFIG, &route.topic));
        let order = order.flatten();
        RouteView::new(route, &groups, config.support_acting_master, order.as_deref()).map(read)
    }

    /// Handles an event of a connection: a broker whose channel is closed leaves.
    pub(super) fn on_event(&self, event: &ChannelEvent) {
        if matches!(event.kind, ChannelEventKind::Close(_))
            && event.channel.attributes().get(&BROKER).is_some()
        {
            self.channel_closed(event.channel.id());
        }
    }

    /// Marks the channel of a broker that is about to register.
    pub(super) fn mark_broker(channel: &Channel) {
        channel.attributes().set(&BROKER, ());
    }

    /// Removes the brokers of a channel, soon.
    pub(super) fn channel_closed(&self, channel: ChannelId) {
        if !self.shutting_down.load(Ordering::Relaxed) {
            // Fails only if the housekeeping has ended, and the name server with it.
            let _ = self.closed.send(channel);
        }
    }

    /// Notifies the brokers of a group, soon.
    pub(super) fn notify(&self, notices: impl IntoIterator<Item = MinBrokerIdChange>) {
        for notice in notices {
            let (name, id) = (notice.broker_name.clone(), notice.min_broker_id());
            if self.notices.try_send(notice).is_err() {
                tracing::warn!(
                    name,
                    id,
                    "the brokers of a group are not notified of their lowest id: too many notices wait"
                );
            }
        }
    }

    pub(super) fn begin_shutdown(&self) {
        self.shutting_down.store(true, Ordering::Relaxed);
    }

    pub(super) fn statistics(&self) -> NameServerStatistics {
        self.counters.snapshot(&self.registry, &self.kv)
    }
}
