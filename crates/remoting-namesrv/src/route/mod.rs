//! What routes consist of, in a form that is read without a lock.
//!
//! * [`Topics`]: the queues of each topic. A map of snapshots in shards; a change replaces the shards that it touches.
//! * [`BrokerGroups`]: the masters and slaves. One snapshot; a change replaces it.
//! * [`TopicRoute`]: a topic with its queues, and the JSON of its route, which is written at the first read after a change.

mod broker_group;
mod encoded;
mod json;
mod queue;
mod topic_route;
mod topics;
mod view;

pub(crate) use self::broker_group::{BrokerGroup, BrokerGroups, GroupId};
pub(crate) use self::encoded::{EncodedRoutes, JsonDialect};
pub(crate) use self::queue::Queues;
pub(crate) use self::topic_route::TopicRoute;
pub(crate) use self::topics::{TopicChanges, Topics};
pub(crate) use self::view::{RouteView, Zone};
