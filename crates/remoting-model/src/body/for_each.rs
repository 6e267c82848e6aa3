//! The list of all bodies.

/// Calls a macro with the names of all structs in [`body`](crate::body) that are Java's beans, for what is done with each
/// of them.
///
/// ```
/// use remoting_model::body::schema::BodySchema;
///
/// fn fields(class: &str) -> Option<usize> {
///     macro_rules! find {
///         ($($body:ident)*) => {
///             match class {
///                 $(stringify!($body) => BodySchema::of::<remoting_model::body::$body>().ok().map(|body| body.fields.len()),)*
///                 _ => None,
///             }
///         };
///     }
///     remoting_model::for_each_body!(find)
/// }
///
/// assert_eq!(fields("QueueData"), Some(5));
/// ```
#[macro_export]
macro_rules! for_each_body {
    ($callback:ident) => {
        $callback! {
            AccAndTimeStamp AclInfo BatchAck BatchAckMessageRequestBody BrokerData BrokerMemberGroup BrokerReplicasInfo
            BrokerStatsData BrokerStatsItem BrokerSyncInfo CheckClientRequestBody CheckRocksdbCqWriteResult
            ClientGroup ClusterAclVersionInfo ClusterInfo Connection ConsumeByWho ConsumeMessageDirectlyResult
            ConsumeQueueData ConsumeStats ConsumeStatsList ConsumeStatus ConsumerConnection ConsumerData
            ConsumerOffsetSerializeWrapper ConsumerRunningInfo CreateTopicListRequestBody CustomizedRetryPolicy
            DataVersion DelayOffsetSerializeWrapper DeleteSubscriptionGroupListRequestBody DeleteTopicListRequestBody ElectMasterResponseBody
            EpochEntry EpochEntryCache ExponentialRetryPolicy GetBrokerLiteInfoResponseBody
            GetBrokerMemberGroupResponseBody GetConsumerListByGroupResponseBody GetConsumerStatusBody
            GetLiteClientInfoResponseBody GetLiteGroupInfoResponseBody GetLiteTopicInfoResponseBody
            GetParentTopicInfoResponseBody GroupForbidden GroupList GroupRetryPolicy HAClientRuntimeInfo
            HAConnectionRuntimeInfo HARuntimeInfo HeartbeatData KVTable LiteLagInfo LiteSubscriptionCtlRequestBody
            LiteSubscriptionDTO LockBatchRequestBody LockBatchResponseBody LogicQueueMappingItem MessageQueue
            MessageQueueAssignment MessageQueueForC MessageRequestModeSerializeWrapper Metric OffsetMovedEvent
            OffsetOption OffsetWrapper PolicyEntryInfo PolicyInfo PopProcessQueueInfo ProcessQueueInfo
            ProducerConnection ProducerData ProducerInfo ProducerTableInfo QueryAssignmentRequestBody
            QueryAssignmentResponseBody QueryConsumeQueueResponseBody QueryConsumeTimeSpanBody
            QueryCorrectionOffsetBody QuerySubscriptionResponseBody QueueData QueueTimeSpan RegisterBrokerBody
            ReplicaIdentity ReplicasInfo ResetOffsetBody ResetOffsetBodyForC RollbackStats
            SetMessageRequestModeRequestBody SimpleSubscriptionData SubscriptionData SubscriptionGroupConfig
            SubscriptionGroupList SubscriptionGroupWrapper SyncStateSet TimerMetricsSerializeWrapper TopicConfig
            TopicConfigAndMappingSerializeWrapper TopicConfigAndQueueMapping TopicConfigSerializeWrapper TopicList
            TopicOffset TopicQueueMappingDetail TopicQueueMappingInfo TopicQueueMappingSerializeWrapper
            TopicRemappingDetailWrapper TopicRouteData TopicStatsTable UnlockBatchRequestBody UserInfo
        }
    };
}
