//! A RocketMQ name server.

#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))] // docs.rs shows the feature of an item
