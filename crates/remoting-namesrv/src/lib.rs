//! A RocketMQ name server: brokers register their topics with it, and clients ask it for routes.
//!
//! The program `remoting-namesrv` serves clusters of RocketMQ 4.9 to 5.5 in place of Java's `mqnamesrv`. The library embeds
//! a name server into a program or a unit test:
//!
//! ```
//! use remoting_namesrv::NameServer;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let name_server = NameServer::builder().bind("memory:name-server").start().await?;
//! assert!(name_server.route("orders").is_none());
//! name_server.shutdown().await;
//! # Ok(())
//! # }
//! ```
//!
//! # What it keeps
//!
//! Routes are in memory: brokers register again every 30 s, so a restarted name server knows them soon. Only the KV
//! configuration, such as the order of ordered topics, is kept in a file, which is replaced as a whole.
//!
//! A broker leaves when it unregisters, when its channel is closed, or when its heartbeats stop: after the time that it
//! registered with, or 120 s.
//!
//! # Speed
//!
//! A route is read without a lock: topics and brokers are snapshots, and the JSON of a route is kept until something in it
//! changes. Changes are made by one writer at a time, on threads of their own, so registrations do not delay reads.
//!
//! # Metrics
//!
//! With the feature `metrics`, the name server records through the [`metrics`](https://docs.rs/metrics/0.24) facade, besides
//! the [latency of its requests](remoting::LATENCY_BUCKETS). Install the recorder of an exporter before the name server
//! starts. Values are at most a second old. Several name servers in one process share them, so give each a process.
//!
//! | metric | kind | is |
//! |---|---|---|
//! | `rocketmq_namesrv_brokers` | gauge | registered brokers |
//! | `rocketmq_namesrv_broker_groups` | gauge | groups of a master and its slaves |
//! | `rocketmq_namesrv_topics` | gauge | topics |
//! | `rocketmq_namesrv_kv_keys` | gauge | keys of the KV configuration |
//! | `rocketmq_namesrv_encoded_route_bytes` | gauge | JSON of routes that is kept |
//! | `rocketmq_namesrv_routes_total` | counter | route requests, by `result`: `found`, `not_found` |
//! | `rocketmq_namesrv_registrations_total` | counter | registrations of brokers that were applied |
//! | `rocketmq_namesrv_brokers_lost_total` | counter | brokers that were removed without having unregistered, by `cause`: `expired`, `disconnected` |
//!
//! Without the feature, [`NameServer::statistics`] has the same numbers.

#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))] // docs.rs shows the feature of an item

mod atomic_file;
mod config;
mod kv;
mod registry;
mod route;
mod server;
#[cfg(feature = "testing")]
pub mod testing;

pub use self::config::{JavaConfig, JavaConfigError, NameServerConfig, SettingError};
pub use self::kv::KvConfigError;
pub use self::server::{NameServer, NameServerBuilder, NameServerStatistics, StartError};

/// The README's example, as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
