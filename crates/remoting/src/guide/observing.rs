//! Logs, statistics, metrics and connection events.
//!
//! # Logs
//!
//! The crates log through [`tracing`](https://docs.rs/tracing). Targets are module paths, so filter by crate,
//! for example with `RUST_LOG=remoting_rpc=info,remoting_transport=warn`.
//!
//! | level | meaning | examples |
//! |---|---|---|
//! | ERROR | your code or the system fails | a processor, handler, callback or event listener panics; a listener cannot accept; a response cannot be encoded; TLS files cannot be reloaded |
//! | WARN | a peer misbehaves, or something is lost | a connection or request is refused; a processor returns an error; a channel is closed for what its peer sent; a connection event is dropped; calls fail because their client shuts down |
//! | INFO | a server or client changes its state | listening, shut down, name server list replaced, TLS files reloaded |
//! | DEBUG | everything about single connections and requests | connected, dial failed, channel closed, a response for which no call waits |
//!
//! A peer cannot flood the log. There are four limited kinds of events: refused connections, refused requests,
//! failed requests and slow peers. A server logs at most ten events of each kind in ten seconds, and then one
//! event with the number of suppressed events. At DEBUG every event is logged. Fields contain `peer`,
//! `channel`, `code` and `opaque` where these are known.
//!
//! # Statistics
//!
//! Counters are always on. A method returns a snapshot:
//!
//! | method | returns |
//! |---|---|
//! | [`RemotingServer::statistics`](crate::RemotingServer::statistics) | calls in flight, channels, tasks, and [`requests`](crate::RequestStatistics): in flight, refused, failed, panicked, abandoned |
//! | [`RemotingServer::listener_statistics`](crate::RemotingServer::listener_statistics) | connections accepted and refused, by cause |
//! | [`RemotingServer::traffic`](crate::RemotingServer::traffic) | requests and responses by code |
//! | [`RemotingClient::statistics`](crate::RemotingClient::statistics) | calls in flight, addresses, channels, tasks, and the requests of servers |
//! | [`Executor::in_flight`](crate::Executor::in_flight), [`limit`](crate::Executor::limit) | how full an executor is |
//!
//! # Metrics
//!
//! With the feature `metrics` the answering side records each response in the histogram
//! `rocketmq_rpc_latency_milliseconds`, with the labels of Java's exporter: `protocol_type`, `request_code`,
//! `response_code`, `is_long_polling`, `result`. The exporter must be built for the same version of the
//! [`metrics`](https://docs.rs/metrics/0.24) facade as this crate, 0.24. Give it Java's buckets,
//! [`LATENCY_BUCKETS`](crate::LATENCY_BUCKETS), so that RocketMQ's dashboards read the histogram:
//!
//! ```text
//! PrometheusBuilder::new().set_buckets_for_metric(
//!     Matcher::Full("rocketmq_rpc_latency_milliseconds".into()),
//!     &remoting::LATENCY_BUCKETS,
//! )?
//! ```
//!
//! For latencies of the calling side, measure around `invoke`.
//!
//! # Connection events
//!
//! `on_event` on both builders adds a listener for the events CONNECT, ACTIVE (of clients), IDLE, EXCEPTION
//! and CLOSE of channels. Listeners run on one task per server or client, in the order of the events of each
//! channel. While a slow listener keeps [`event_queue`](crate::ServerConfig::event_queue) full (10 000 events
//! by default), new connections are rejected and other events are dropped and counted, but never a CLOSE.
