//! Bodies: JSON as Java writes it, protobuf, raw bytes, files.
//!
//! # JSON
//!
//! RocketMQ's JSON bodies are not always JSON: fastjson writes `{0:"192.168.0.47:10911"}`, uses objects as
//! keys, and fastjson 1 replaces repeated objects with `$ref`. `serde_json` fails on these. Use
//! [`json_body`](crate::RemotingCommand::json_body) and
//! [`with_json_body`](crate::RemotingCommand::with_json_body), which read what every Java release writes and
//! write what every Java release reads:
//!
//! ```
//! use std::collections::BTreeMap;
//! use remoting::prelude::*;
//! use serde::{Deserialize, Serialize};
//!
//! #[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
//! #[serde(rename_all = "camelCase", default)]
//! struct BrokerData {
//!     broker_name: String,
//!     broker_addrs: BTreeMap<i64, String>,
//!     zone_name: Option<String>,
//! }
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let response = RemotingCommand::response(ResponseCode::SUCCESS)
//!     .with_body(r#"{"brokerAddrs":{0:"10.0.0.1:10911"},"brokerName":"a"}"#);
//! let data: BrokerData = response.json_body()?;
//! assert_eq!(data.broker_addrs[&0], "10.0.0.1:10911");
//! assert_eq!(data.zone_name, None);
//!
//! let code = RequestCode::REGISTER_BROKER;
//! let request = RemotingCommand::request(code).with_json_body(&data)?;
//! assert_eq!(
//!     request.body(),
//!     br#"{"brokerName":"a","brokerAddrs":{"0":"10.0.0.1:10911"}}"#
//! );
//! # Ok(())
//! # }
//! ```
//!
//! Java leaves null members out. Put `#[serde(default)]` on structs, or use `Option`, so that absent members
//! are accepted. Numbers convert to strings, and strings that contain numbers to numbers, as in Java.
//!
//! # Protobuf
//!
//! With the feature `prost`, `with_proto_body` and `proto_body` write and read [prost](https://docs.rs/prost)
//! messages. RocketMQ's own requests have no protobuf bodies; use them for codes of your own.
//!
//! # Bytes and files
//!
//! [`with_body`](crate::RemotingCommand::with_body) takes bytes and texts; `Bytes`, `String` and `Vec<u8>`
//! are not copied. [`body`](crate::RemotingCommand::body) returns a slice, and
//! [`into_body`](crate::RemotingCommand::into_body) the body as `Bytes`, without a copy.
//!
//! A [`FileRegion`](crate::FileRegion) is a body that stays in its file: over plain TCP on Linux the kernel
//! moves it to the socket. The example `file_region` answers pulls with it. Other bodies that are not in
//! memory implement [`ExternalBody`](crate::protocol::ExternalBody).
//!
//! Functions for bodies outside of a command are in the module [`body`](crate::body). The example
//! `json_bodies` reads and writes a cluster's brokers.
