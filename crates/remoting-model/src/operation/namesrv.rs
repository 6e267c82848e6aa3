//! Operations that a name server answers.

use super::define::operations;
use crate::body::{
    ClusterInfo, DataVersion, GetBrokerMemberGroupResponseBody, KVTable, PropertiesText, RegisterBrokerBody,
    TopicList, TopicRouteData,
};
use crate::header::{
    AddWritePermOfBrokerRequestHeader, AddWritePermOfBrokerResponseHeader, BrokerHeartbeatRequestHeader,
    DeleteKVConfigRequestHeader, DeleteTopicFromNamesrvRequestHeader, GetBrokerMemberGroupRequestHeader,
    GetKVConfigRequestHeader, GetKVConfigResponseHeader, GetKVListByNamespaceRequestHeader,
    GetRouteInfoRequestHeader, GetTopicsByClusterRequestHeader, NotifyMinBrokerIdChangeRequestHeader,
    PutKVConfigRequestHeader, QueryDataVersionRequestHeader, QueryDataVersionResponseHeader,
    RegisterBrokerRequestHeader, RegisterBrokerResponseHeader, RegisterTopicRequestHeader,
    UnRegisterBrokerRequestHeader, WipeWritePermOfBrokerRequestHeader, WipeWritePermOfBrokerResponseHeader,
};

operations! {
    NAMESRV;

    /// Sets a key in a namespace of the name server.
    PutKVConfig = PUT_KV_CONFIG, [Admin] -> [NameServer] "DefaultRequestProcessor",
        { header: PutKVConfigRequestHeader } -> {};

    /// Fetches the value of a key in a namespace of the name server.
    ///
    /// A missing key is refused with `QUERY_NOT_FOUND`.
    GetKVConfig = GET_KV_CONFIG, [Admin] -> [NameServer] "DefaultRequestProcessor",
        { header: GetKVConfigRequestHeader } -> { header: GetKVConfigResponseHeader };

    /// Deletes a key in a namespace of the name server.
    DeleteKVConfig = DELETE_KV_CONFIG, [Admin] -> [NameServer] "DefaultRequestProcessor",
        { header: DeleteKVConfigRequestHeader } -> {};

    /// Fetches all keys of a namespace of the name server.
    GetKVListByNamespace = GET_KVLIST_BY_NAMESPACE, [Admin] -> [NameServer] "DefaultRequestProcessor",
        { header: GetKVListByNamespaceRequestHeader } -> { body: KVTable };

    /// Registers the addresses and topics of a broker.
    ///
    /// The body of the response has the configuration of ordered topics; a name server that is set so omits it.
    RegisterBroker = REGISTER_BROKER, [Broker] -> [NameServer] "DefaultRequestProcessor",
        { header: RegisterBrokerRequestHeader, body: RegisterBrokerBody } -> { header: RegisterBrokerResponseHeader, body: Option<KVTable> };

    /// Removes a broker.
    UnregisterBroker = UNREGISTER_BROKER, [Broker] -> [NameServer] "DefaultRequestProcessor",
        { header: UnRegisterBrokerRequestHeader } -> {};

    /// The heartbeat of a broker.
    ///
    /// Brokers send it one-way.
    BrokerHeartbeat = BROKER_HEARTBEAT, [Broker] -> [NameServer, Controller] "DefaultRequestProcessor` and `ControllerRequestProcessor",
        { header: BrokerHeartbeatRequestHeader } -> {};

    /// Queries whether a name server has the latest topics of a broker.
    ///
    /// The response has no body if the name server does not know the broker.
    QueryDataVersion = QUERY_DATA_VERSION, [Broker] -> [NameServer] "DefaultRequestProcessor",
        { header: QueryDataVersionRequestHeader, body: DataVersion } -> { header: QueryDataVersionResponseHeader, body: Option<DataVersion> };

    /// Queries the brokers with one name.
    GetBrokerMemberGroup = GET_BROKER_MEMBER_GROUP, [Broker] -> [NameServer] "DefaultRequestProcessor",
        { header: GetBrokerMemberGroupRequestHeader } -> { body: GetBrokerMemberGroupResponseBody };

    /// Queries the brokers of a topic.
    ///
    /// A topic without a route is refused with `TOPIC_NOT_EXIST`.
    GetRouteInfo = GET_ROUTEINFO_BY_TOPIC, [Client, Admin, Broker] -> [NameServer] "ClientRequestProcessor",
        { header: GetRouteInfoRequestHeader } -> { body: TopicRouteData };

    /// Queries all clusters, brokers and addresses.
    GetBrokerClusterInfo = GET_BROKER_CLUSTER_INFO, [Admin, Broker] -> [NameServer] "DefaultRequestProcessor",
        {} -> { body: ClusterInfo };

    /// Removes the write permission of a broker.
    WipeWritePermOfBroker = WIPE_WRITE_PERM_OF_BROKER, [Admin] -> [NameServer] "DefaultRequestProcessor",
        { header: WipeWritePermOfBrokerRequestHeader } -> { header: WipeWritePermOfBrokerResponseHeader };

    /// Restores the write permission of a broker.
    AddWritePermOfBroker = ADD_WRITE_PERM_OF_BROKER, [Admin] -> [NameServer] "DefaultRequestProcessor",
        { header: AddWritePermOfBrokerRequestHeader } -> { header: AddWritePermOfBrokerResponseHeader };

    /// Queries all topics of a name server.
    GetAllTopicListFromNameserver = GET_ALL_TOPIC_LIST_FROM_NAMESERVER, [Admin] -> [NameServer] "DefaultRequestProcessor",
        {} -> { body: TopicList };

    /// Deletes a topic from a name server.
    DeleteTopicInNamesrv = DELETE_TOPIC_IN_NAMESRV, [Admin] -> [NameServer] "DefaultRequestProcessor",
        { header: DeleteTopicFromNamesrvRequestHeader } -> {};

    /// Registers a topic with a name server.
    RegisterTopicInNamesrv = REGISTER_TOPIC_IN_NAMESRV, [Broker] -> [NameServer] "DefaultRequestProcessor",
        { header: RegisterTopicRequestHeader, body: TopicRouteData } -> {};

    /// Queries the topics of a cluster.
    GetTopicsByCluster = GET_TOPICS_BY_CLUSTER, [Admin] -> [NameServer] "DefaultRequestProcessor",
        { header: GetTopicsByClusterRequestHeader } -> { body: TopicList };

    /// Queries the system topics of a name server.
    GetSystemTopicListFromNs = GET_SYSTEM_TOPIC_LIST_FROM_NS, [Admin] -> [NameServer] "DefaultRequestProcessor",
        {} -> { body: TopicList };

    /// Queries the topics of units.
    GetUnitTopicList = GET_UNIT_TOPIC_LIST, [Admin] -> [NameServer] "DefaultRequestProcessor",
        {} -> { body: TopicList };

    /// Queries the topics that units consume.
    GetHasUnitSubTopicList = GET_HAS_UNIT_SUB_TOPIC_LIST, [Admin] -> [NameServer] "DefaultRequestProcessor",
        {} -> { body: TopicList };

    /// Queries the topics outside units that units consume.
    GetHasUnitSubUnunitTopicList = GET_HAS_UNIT_SUB_UNUNIT_TOPIC_LIST, [Admin] -> [NameServer] "DefaultRequestProcessor",
        {} -> { body: TopicList };

    /// Changes a name server's properties.
    UpdateNamesrvConfig = UPDATE_NAMESRV_CONFIG, [Admin] -> [NameServer] "DefaultRequestProcessor",
        { body: PropertiesText } -> {};

    /// Fetches a name server's properties.
    GetNamesrvConfig = GET_NAMESRV_CONFIG, [Admin] -> [NameServer] "DefaultRequestProcessor",
        {} -> { body: PropertiesText };

    /// Notifies the brokers of one name of a new lowest broker id.
    ///
    /// Name servers send it one-way.
    NotifyMinBrokerIdChange = NOTIFY_MIN_BROKER_ID_CHANGE, [NameServer] -> [Broker] "AdminBrokerProcessor",
        { header: NotifyMinBrokerIdChangeRequestHeader } -> {};
}
