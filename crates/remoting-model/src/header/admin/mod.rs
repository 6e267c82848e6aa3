//! Headers by which brokers, groups and topics are administered. Java: packages `header`, `header.namesrv`
//! and, in 4.9, `header.filtersrv`.

mod broker;
mod client;
mod filter_server;
mod group;
mod ha;
mod progress;
mod topic;

pub use self::broker::*;
pub use self::client::*;
pub use self::filter_server::*;
pub use self::group::*;
pub use self::ha::*;
pub use self::progress::*;
pub use self::topic::*;
