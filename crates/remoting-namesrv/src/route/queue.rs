use remoting::model::body::{QueueData, TopicConfig};

use super::GroupId;

/// The queues of a topic on the brokers of a group. Java's `QueueData`, with a number instead of the name: a cluster has
/// millions of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Queues {
    pub(crate) group: GroupId,
    pub(crate) perm: i32,
    pub(crate) read_queue_nums: i32,
    pub(crate) write_queue_nums: i32,
    pub(crate) topic_sys_flag: i32,
}

impl Queues {
    pub(crate) const fn of_config(group: GroupId, config: &TopicConfig) -> Self {
        Self {
            group,
            perm: config.perm,
            read_queue_nums: config.read_queue_nums,
            write_queue_nums: config.write_queue_nums,
            topic_sys_flag: config.topic_sys_flag,
        }
    }

    pub(crate) const fn of_data(group: GroupId, data: &QueueData) -> Self {
        Self {
            group,
            perm: data.perm,
            read_queue_nums: data.read_queue_nums,
            write_queue_nums: data.write_queue_nums,
            topic_sys_flag: data.topic_sys_flag,
        }
    }
}
