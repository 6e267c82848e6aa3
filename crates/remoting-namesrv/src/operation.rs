//! Stand-ins until the table of operations is there.
use remoting::model::body::*;
use remoting::model::header::*;
use remoting::model::protocol::operation;
use remoting::protocol::RequestCode;

operation! { pub GetRouteInfo = RequestCode::GET_ROUTEINFO_BY_TOPIC, { header: GetRouteInfoRequestHeader } -> { body: TopicRouteData } }
operation! { pub RegisterBroker = RequestCode::REGISTER_BROKER, { header: RegisterBrokerRequestHeader, body: RegisterBrokerBody } -> { header: RegisterBrokerResponseHeader, body: KVTable } }
operation! { pub UnregisterBroker = RequestCode::UNREGISTER_BROKER, { header: UnRegisterBrokerRequestHeader } -> {} }
operation! { pub BrokerHeartbeat = RequestCode::BROKER_HEARTBEAT, { header: BrokerHeartbeatRequestHeader } -> {} }
operation! { pub QueryDataVersion = RequestCode::QUERY_DATA_VERSION, { header: QueryDataVersionRequestHeader, body: DataVersion } -> { header: QueryDataVersionResponseHeader, body: DataVersion } }
operation! { pub WipeWritePermOfBroker = RequestCode::WIPE_WRITE_PERM_OF_BROKER, { header: WipeWritePermOfBrokerRequestHeader } -> { header: WipeWritePermOfBrokerResponseHeader } }
operation! { pub AddWritePermOfBroker = RequestCode::ADD_WRITE_PERM_OF_BROKER, { header: AddWritePermOfBrokerRequestHeader } -> { header: AddWritePermOfBrokerResponseHeader } }
operation! { pub GetBrokerMemberGroup = RequestCode::GET_BROKER_MEMBER_GROUP, { header: GetBrokerMemberGroupRequestHeader } -> { body: GetBrokerMemberGroupResponseBody } }
operation! { pub GetBrokerClusterInfo = RequestCode::GET_BROKER_CLUSTER_INFO, {} -> { body: ClusterInfo } }
operation! { pub RegisterTopicInNamesrv = RequestCode::REGISTER_TOPIC_IN_NAMESRV, { header: RegisterTopicRequestHeader, body: TopicRouteData } -> {} }
operation! { pub DeleteTopicInNamesrv = RequestCode::DELETE_TOPIC_IN_NAMESRV, { header: DeleteTopicFromNamesrvRequestHeader } -> {} }
operation! { pub GetAllTopicListFromNameserver = RequestCode::GET_ALL_TOPIC_LIST_FROM_NAMESERVER, {} -> { body: TopicList } }
operation! { pub GetTopicsByCluster = RequestCode::GET_TOPICS_BY_CLUSTER, { header: GetTopicsByClusterRequestHeader } -> { body: TopicList } }
operation! { pub GetSystemTopicListFromNs = RequestCode::GET_SYSTEM_TOPIC_LIST_FROM_NS, {} -> { body: TopicList } }
operation! { pub GetUnitTopicList = RequestCode::GET_UNIT_TOPIC_LIST, {} -> { body: TopicList } }
operation! { pub GetHasUnitSubTopicList = RequestCode::GET_HAS_UNIT_SUB_TOPIC_LIST, {} -> { body: TopicList } }
operation! { pub GetHasUnitSubUnunitTopicList = RequestCode::GET_HAS_UNIT_SUB_UNUNIT_TOPIC_LIST, {} -> { body: TopicList } }
operation! { pub PutKVConfig = RequestCode::PUT_KV_CONFIG, { header: PutKVConfigRequestHeader } -> {} }
operation! { pub GetKVConfig = RequestCode::GET_KV_CONFIG, { header: GetKVConfigRequestHeader } -> { header: GetKVConfigResponseHeader } }
operation! { pub DeleteKVConfig = RequestCode::DELETE_KV_CONFIG, { header: DeleteKVConfigRequestHeader } -> {} }
operation! { pub GetKVListByNamespace = RequestCode::GET_KVLIST_BY_NAMESPACE, { header: GetKVListByNamespaceRequestHeader } -> { body: KVTable } }
operation! { pub UpdateNamesrvConfig = RequestCode::UPDATE_NAMESRV_CONFIG, { body: PropertiesText } -> {} }
operation! { pub GetNamesrvConfig = RequestCode::GET_NAMESRV_CONFIG, {} -> { body: PropertiesText } }
operation! { pub NotifyMinBrokerIdChange = RequestCode::NOTIFY_MIN_BROKER_ID_CHANGE, { header: NotifyMinBrokerIdChangeRequestHeader } -> {} }
