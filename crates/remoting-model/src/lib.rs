//! The vocabulary of Apache RocketMQ: headers, bodies, messages and operations as types.
//!
//! * [`header`] has the typed headers under the names of Java's classes.
//! * [`body`] has the JSON bodies.
//! * [`message`] reads and writes stored messages and batches.
//! * [`constants`] has permissions, flags, and the names of topics and groups.
//! * [`operation`] ties each request code to its header, its body and its response.
//!
//! # Features
//!
//! All features are additive and off by default.
//!
//! * `zlib`: message bodies and registrations of brokers that are zlib streams.
//! * `lz4`, `zstd`: message bodies in these compressions.

#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))] // docs.rs shows the feature of an item

pub mod body;
pub mod constants;
pub mod header;
pub mod message;
pub mod operation;
mod probe;

pub use remoting_protocol as protocol;
