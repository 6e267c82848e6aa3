//! Headers of the requests that a name server answers or sends. Java: packages `header` and `header.namesrv`.

mod broker;
mod kv_config;
mod topic;

pub use self::broker::*;
pub use self::kv_config::*;
pub use self::topic::*;
