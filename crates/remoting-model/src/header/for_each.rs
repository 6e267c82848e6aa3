//! The list of all headers.

/// Calls a macro with the names of all headers in [`header`](crate::header), for what is done with each of them.
///
/// ```
/// use remoting_model::header;
/// use remoting_model::header::schema::{HeaderSchema, SchemaError};
///
/// fn schema(class: &str) -> Option<Result<HeaderSchema, SchemaError>> {
///     macro_rules! find {
///         ($($header:ident)*) => {
///             match class {
///                 $(stringify!($header) => Some(HeaderSchema::of::<header::$header>()),)*
///                 _ => None,
///             }
///         };
///     }
///     remoting_model::for_each_header!(find)
/// }
///
/// assert_eq!(schema("QueryMessageRequestHeader").unwrap()?.fields[0].key, "topic");
/// # Ok::<(), SchemaError>(())
/// ```
#[macro_export]
macro_rules! for_each_header {
    ($callback:ident) => {
        $callback! {
            AckMessageRequestHeader AddBrokerRequestHeader AddWritePermOfBrokerRequestHeader
            AddWritePermOfBrokerResponseHeader AlterSyncStateSetRequestHeader
            AlterSyncStateSetResponseHeader ApplyBrokerIdRequestHeader ApplyBrokerIdResponseHeader
            BrokerHeartbeatRequestHeader ChangeInvisibleTimeRequestHeader
            ChangeInvisibleTimeResponseHeader CheckRocksdbCqWriteProgressRequestHeader
            CheckTransactionStateRequestHeader CheckTransactionStateResponseHeader
            CleanControllerBrokerDataRequestHeader CloneGroupOffsetRequestHeader
            ConsumeMessageDirectlyResultRequestHeader ConsumerSendMsgBackRequestHeader
            CreateAccessConfigRequestHeader CreateAclRequestHeader CreateTopicListRequestHeader
            CreateTopicRequestHeader CreateUserRequestHeader DeleteAccessConfigRequestHeader
            DeleteAclRequestHeader DeleteKVConfigRequestHeader DeleteSubscriptionGroupRequestHeader
            DeleteTopicFromNamesrvRequestHeader DeleteTopicRequestHeader DeleteUserRequestHeader
            ElectMasterRequestHeader ElectMasterResponseHeader EndTransactionRequestHeader
            EndTransactionResponseHeader ExchangeHAInfoRequestHeader ExchangeHAInfoResponseHeader
            ExportRocksDBConfigToJsonRequestHeader GetAclRequestHeader
            GetAllProducerInfoRequestHeader GetAllSubscriptionGroupRequestHeader
            GetAllSubscriptionGroupResponseHeader GetAllTopicConfigRequestHeader
            GetAllTopicConfigResponseHeader GetBrokerAclConfigResponseHeader
            GetBrokerConfigResponseHeader GetBrokerMemberGroupRequestHeader
            GetConsumeStatsInBrokerHeader GetConsumeStatsRequestHeader
            GetConsumerConnectionListRequestHeader GetConsumerListByGroupRequestHeader
            GetConsumerListByGroupResponseHeader GetConsumerRunningInfoRequestHeader
            GetConsumerStatusRequestHeader GetEarliestMsgStoretimeRequestHeader
            GetEarliestMsgStoretimeResponseHeader GetKVConfigRequestHeader GetKVConfigResponseHeader
            GetKVListByNamespaceRequestHeader GetLiteClientInfoRequestHeader
            GetLiteGroupInfoRequestHeader GetLiteTopicInfoRequestHeader GetMaxOffsetRequestHeader
            GetMaxOffsetResponseHeader GetMetaDataResponseHeader GetMinOffsetRequestHeader
            GetMinOffsetResponseHeader GetNextBrokerIdRequestHeader GetNextBrokerIdResponseHeader
            GetParentTopicInfoRequestHeader GetProducerConnectionListRequestHeader
            GetReplicaInfoRequestHeader GetReplicaInfoResponseHeader GetRouteInfoRequestHeader
            GetSubscriptionGroupConfigRequestHeader GetTopicConfigRequestHeader
            GetTopicStatsInfoRequestHeader GetTopicsByClusterRequestHeader GetUserRequestHeader
            HeartbeatRequestHeader InitConsumerOffsetRequestHeader ListAclsRequestHeader
            ListUsersRequestHeader LiteSubscriptionCtlRequestHeader LockBatchMqRequestHeader
            NotificationRequestHeader NotificationResponseHeader
            NotifyBrokerRoleChangedRequestHeader NotifyConsumerIdsChangedRequestHeader
            NotifyMinBrokerIdChangeRequestHeader NotifyUnsubscribeLiteRequestHeader
            PeekMessageRequestHeader PollingInfoRequestHeader PollingInfoResponseHeader
            PopLiteMessageRequestHeader PopLiteMessageResponseHeader PopMessageRequestHeader
            PopMessageResponseHeader PullMessageRequestHeader PullMessageResponseHeader
            PutKVConfigRequestHeader QueryConsumeQueueRequestHeader
            QueryConsumeTimeSpanRequestHeader QueryConsumerOffsetRequestHeader
            QueryConsumerOffsetResponseHeader QueryCorrectionOffsetHeader
            QueryDataVersionRequestHeader QueryDataVersionResponseHeader QueryMessageRequestHeader
            QueryMessageResponseHeader QuerySubscriptionByConsumerRequestHeader
            QueryTopicConsumeByWhoRequestHeader QueryTopicsByConsumerRequestHeader
            RecallMessageRequestHeader RecallMessageResponseHeader RegisterBrokerRequestHeader
            RegisterBrokerResponseHeader RegisterBrokerToControllerRequestHeader
            RegisterBrokerToControllerResponseHeader RegisterFilterServerRequestHeader
            RegisterFilterServerResponseHeader RegisterMessageFilterClassRequestHeader
            RegisterOrderTopicRequestHeader RegisterTopicRequestHeader RemoveBrokerRequestHeader
            ReplyMessageRequestHeader ResetMasterFlushOffsetHeader ResetOffsetRequestHeader
            ResumeCheckHalfMessageRequestHeader SearchOffsetRequestHeader SearchOffsetResponseHeader
            SendMessageRequestHeader SendMessageRequestHeaderV2 SendMessageResponseHeader
            StatisticsMessagesRequestHeader TriggerLiteDispatchRequestHeader
            UnRegisterBrokerRequestHeader UnlockBatchMqRequestHeader UnregisterClientRequestHeader
            UnregisterClientResponseHeader UpdateAclRequestHeader UpdateConsumerOffsetRequestHeader
            UpdateConsumerOffsetResponseHeader UpdateGlobalWhiteAddrsConfigRequestHeader
            UpdateGroupForbiddenRequestHeader UpdateUserRequestHeader
            ViewBrokerStatsDataRequestHeader ViewMessageRequestHeader ViewMessageResponseHeader
            WipeWritePermOfBrokerRequestHeader WipeWritePermOfBrokerResponseHeader
        }
    };
}
