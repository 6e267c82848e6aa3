//! Headers about topics and their routes.

#[cfg(doc)]
use remoting_protocol::RequestCode;

use crate::header::define::header;

header! {
    /// Names a topic whose route is queried: the brokers that have it, and their queues.
    ///
    /// The header of a request with code [`GET_ROUTEINFO_BY_TOPIC`](RequestCode::GET_ROUTEINFO_BY_TOPIC).
    pub struct GetRouteInfoRequestHeader: TopicRequestHeader {
        /// The topic.
        pub topic: String,
        /// Whether the body of the response must be standard JSON. If not, Java writes integer keys without
        /// quotes.
        pub accept_standard_json_only: Option<bool>,
    }
}

header! {
    /// Registers a topic at a name server. The body has its queues.
    ///
    /// The header of a request with code
    /// [`REGISTER_TOPIC_IN_NAMESRV`](RequestCode::REGISTER_TOPIC_IN_NAMESRV). Not in 4.9.
    pub struct RegisterTopicRequestHeader: TopicRequestHeader {
        /// The topic.
        pub topic: String,
    }
}

header! {
    /// Deletes a topic from a name server.
    ///
    /// The header of a request with code [`DELETE_TOPIC_IN_NAMESRV`](RequestCode::DELETE_TOPIC_IN_NAMESRV).
    pub struct DeleteTopicFromNamesrvRequestHeader: TopicRequestHeader {
        /// The topic.
        pub topic: String,
        /// The cluster whose brokers lose the topic; all clusters if absent.
        pub cluster_name: Option<String>,
    }
}

header! {
    /// Names a cluster whose topics are queried.
    ///
    /// The header of a request with code [`GET_TOPICS_BY_CLUSTER`](RequestCode::GET_TOPICS_BY_CLUSTER).
    pub struct GetTopicsByClusterRequestHeader {
        /// The name of the cluster.
        pub cluster: String,
    }
}

header! {
    /// Sets the order configuration of a topic. No request of the official releases uses it.
    pub struct RegisterOrderTopicRequestHeader {
        /// The topic.
        pub topic: String,
        /// The order configuration, as in `broker-a:4;broker-b:4`.
        pub order_topic_string: String,
    }
}
