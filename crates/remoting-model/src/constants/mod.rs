//! Constants of RocketMQ: permissions, flags, broker ids, and the names and prefixes of topics and groups.
//!
//! Numbers in headers and bodies are plain integers. [`Perm`], [`TopicSysFlag`], [`SubscriptionSysFlag`] and
//! [`PullSysFlag`] say what their bits mean:
//!
//! ```
//! use remoting_model::constants::{Perm, PullSysFlag, topic};
//!
//! assert!(Perm(6).is_readable() && Perm(6).is_writeable());
//! assert_eq!(Perm(6).to_string(), "RW-");
//! assert_eq!((PullSysFlag::SUSPEND | PullSysFlag::SUBSCRIPTION).0, 6);
//! assert_eq!(topic::retry_topic("orders-group"), "%RETRY%orders-group");
//! ```

mod broker;
pub mod group;
pub mod namespace;
mod perm;
pub mod pop;
mod sys_flag;
pub mod topic;

pub use remoting_protocol::ext_fields::key::{ZONE_MODE, ZONE_NAME};

pub use self::broker::{
    FIRST_SLAVE_ID, LOGICAL_QUEUE_MOCK_BROKER_PREFIX, MASTER_ID, NAMESPACE_ORDER_TOPIC_CONFIG,
};
pub use self::perm::Perm;
pub use self::sys_flag::{PullSysFlag, SubscriptionSysFlag, TopicSysFlag};
