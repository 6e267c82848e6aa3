//! The settings of a name server, under Java's keys too.

mod java;
mod setting;

use std::path::PathBuf;
use std::time::Duration;

pub use self::java::{JavaConfig, JavaConfigError};
pub(crate) use self::java::{all_properties, is_known, server_config, with_defaults};
pub use self::setting::SettingError;
use self::setting::settings;

settings! {
    /// The configuration of a [`NameServer`](crate::NameServer). Java: `NamesrvConfig`.
    ///
    /// `UPDATE_NAMESRV_CONFIG` changes it at run time, except for the keys in [`config_black_list`](Self::config_black_list);
    /// the four settings of executors, and the keys of Java's `NettyServerConfig`, then apply at the next start.
    ///
    /// ```
    /// use remoting_namesrv::NameServerConfig;
    ///
    /// let config = NameServerConfig::new().support_acting_master(true);
    /// assert_eq!(config.get("supportActingMaster").as_deref(), Some("true"));
    /// ```
    pub struct NameServerConfig {
        /// Sets the file of the KV configuration. Default: `None`, it is lost at the end of the process. Java:
        /// `~/namesrv/kvConfig.json`.
        kv_config_path("kvConfigPath"): Option<PathBuf> = None, path;

        /// Sets the file to which `UPDATE_NAMESRV_CONFIG` writes the configuration. Default: `None`. Java:
        /// `~/namesrv/namesrv.properties`, or the file that it was started with.
        config_store_path("configStorePath"): Option<PathBuf> = None, path;

        /// Sets whether routes have the order configuration of their topic. Default: false.
        order_message_enable("orderMessageEnable"): bool = false, parse;

        /// Sets whether a broker that registers gets the order configuration. Default: true.
        return_order_topic_config_to_broker("returnOrderTopicConfigToBroker"): bool = true, parse;

        /// Sets how many route requests may wait, if they have to. Default: 50 000.
        client_request_thread_pool_queue_capacity("clientRequestThreadPoolQueueCapacity"): usize = 50_000, parse;

        /// Sets how many threads handle the requests of brokers and tools. Default: 2. Java: 16; the threads write to
        /// the same tables, so more of them only wait for each other.
        default_thread_pool_nums("defaultThreadPoolNums"): usize = 2, parse;

        /// Sets how many requests of brokers and tools may wait. Default: 10 000.
        default_thread_pool_queue_capacity("defaultThreadPoolQueueCapacity"): usize = 10_000, parse;

        /// Sets how often to look for brokers whose heartbeats have stopped. Default: 5 s.
        scan_not_active_broker_interval("scanNotActiveBrokerInterval"): Duration = Duration::from_secs(5), millis;

        /// Sets whether routes show the slave with the lowest id as the master of a group without one. The group's brokers
        /// must have registered with `enableActingMaster`. Default: false. Since 5.0.
        support_acting_master("supportActingMaster"): bool = false, parse;

        /// Sets whether `GET_ALL_TOPIC_LIST_FROM_NAMESERVER` is answered. Default: true.
        enable_all_topic_list("enableAllTopicList"): bool = true, parse;

        /// Sets whether the lists of topics by cluster and of unit topics are answered. Default: true.
        enable_topic_list("enableTopicList"): bool = true, parse;

        /// Sets whether the brokers of a group are notified when their lowest id changes. Default: false. Since 5.0.
        notify_min_broker_id_changed("notifyMinBrokerIdChanged"): bool = false, parse;

        /// Sets whether routes are refused for [`wait_seconds_for_service`](Self::wait_seconds_for_service) after the start,
        /// so that clients do not see a part of the brokers only. Default: false. Since 5.0.
        need_wait_for_service("needWaitForService"): bool = false, parse;

        /// Sets how long routes are refused after the start. Default: 45 s.
        wait_seconds_for_service("waitSecondsForService"): Duration = Duration::from_secs(45), seconds;

        /// Sets whether a registration removes topics of the broker that it does not contain. Brokers must then have
        /// `enableSingleTopicRegister`. Not for brokers with static topics. Default: false. Since 5.1.
        delete_topic_with_broker_registration("deleteTopicWithBrokerRegistration"): bool = false, parse;

        /// Sets the keys that `UPDATE_NAMESRV_CONFIG` must not change, separated by semicolons. `configBlackList`,
        /// `configStorePath`, `kvConfigPath` and `rocketmqHome` are always among them. Default: the first three.
        config_black_list("configBlackList"): String = "configBlackList;configStorePath;kvConfigPath".to_owned(), parse;

        /// Sets how many brokers may be registered. Further ones are refused. Default: 10 000. Java has no such limit.
        max_brokers("maxBrokers"): usize = 10_000, parse;

        /// Sets how many topics may be registered. A registration that would add more is refused. Default: 1 000 000. Java
        /// has no such limit.
        max_topics("maxTopics"): usize = 1_000_000, parse;

        /// Sets how many bytes the file of the KV configuration may have. Default: 16 MiB. Java has no such limit.
        max_kv_config_bytes("maxKvConfigBytes"): usize = 16 << 20, parse;

        /// Sets how many bytes of JSON are kept, so that routes need not be written for each read. Beyond that, they are.
        /// It applies at the next start. Default: 256 MiB. Java writes each route.
        max_encoded_routes("maxEncodedRoutes"): usize = 256 << 20, parse;
    }
}

impl NameServerConfig {
    /// Returns the default configuration. It is Java's, except for the paths and the number of threads.
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns whether `UPDATE_NAMESRV_CONFIG` must not change this key.
    pub(crate) fn is_black_listed(&self, key: &str) -> bool {
        const ALWAYS: [&str; 4] = ["configBlackList", "configStorePath", "kvConfigPath", "rocketmqHome"];
        ALWAYS.contains(&key) || self.config_black_list.split(';').any(|listed| listed == key)
    }
}
