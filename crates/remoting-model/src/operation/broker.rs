//! Operations on a broker as a whole.

use super::define::operations;
use super::own_header::{SetCommitlogReadModeRequestHeader, SwitchTimerEngineRequestHeader};
use crate::body::{BrokerStatsData, CheckRocksdbCqWriteResult, ColdDataFlowCtrInfo, KVTable, PropertiesText};
use crate::header::{
    AddBrokerRequestHeader, CheckRocksdbCqWriteProgressRequestHeader, CreateAccessConfigRequestHeader,
    DeleteAccessConfigRequestHeader, ExportRocksDBConfigToJsonRequestHeader,
    GetBrokerAclConfigResponseHeader, GetBrokerConfigResponseHeader, RemoveBrokerRequestHeader,
    ResumeCheckHalfMessageRequestHeader, UpdateGlobalWhiteAddrsConfigRequestHeader,
    ViewBrokerStatsDataRequestHeader,
};

operations! {
    BROKER;

    /// Changes a broker's properties.
    UpdateBrokerConfig = UPDATE_BROKER_CONFIG, [Admin] -> [Broker] "AdminBrokerProcessor",
        { body: PropertiesText } -> {};

    /// Fetches a broker's properties.
    GetBrokerConfig = GET_BROKER_CONFIG, [Admin] -> [Broker] "AdminBrokerProcessor",
        {} -> { header: GetBrokerConfigResponseHeader, body: PropertiesText };

    /// Fetches runtime statistics of a broker.
    GetBrokerRuntimeInfo = GET_BROKER_RUNTIME_INFO, [Admin] -> [Broker] "AdminBrokerProcessor",
        {} -> { body: KVTable };

    /// Fetches a statistic of a broker.
    ViewBrokerStatsData = VIEW_BROKER_STATS_DATA, [Admin] -> [Broker] "AdminBrokerProcessor",
        { header: ViewBrokerStatsDataRequestHeader } -> { body: BrokerStatsData };

    /// Deletes expired files of the commit log.
    DeleteExpiredCommitLog = DELETE_EXPIRED_COMMITLOG, [Admin] -> [Broker] "AdminBrokerProcessor",
        {} -> {};

    /// Resumes checks of a discarded transactional message.
    ResumeCheckHalfMessage = RESUME_CHECK_HALF_MESSAGE, [Admin] -> [Broker] "AdminBrokerProcessor",
        { header: ResumeCheckHalfMessageRequestHeader } -> {};

    /// Compares the consume queues in files and in RocksDB.
    CheckRocksdbCqWriteProgress = CHECK_ROCKSDB_CQ_WRITE_PROGRESS, [Admin] -> [Broker] "AdminBrokerProcessor",
        { header: CheckRocksdbCqWriteProgressRequestHeader } -> { body: CheckRocksdbCqWriteResult };

    /// Exports settings from RocksDB as JSON.
    ExportRocksDBConfigToJson = EXPORT_ROCKSDB_CONFIG_TO_JSON, [Admin] -> [Broker] "AdminBrokerProcessor",
        { header: ExportRocksDBConfigToJsonRequestHeader } -> {};

    /// Limits the rate at which a group reads cold data.
    ///
    /// A key is a consumer group, its value the number of bytes a second.
    UpdateColdDataFlowCtrConfig = UPDATE_COLD_DATA_FLOW_CTR_CONFIG, [Admin] -> [Broker] "AdminBrokerProcessor",
        { body: PropertiesText } -> {};

    /// Removes the limit for cold data of a group.
    ///
    /// The body is the name of the consumer group.
    RemoveColdDataFlowCtrConfig = REMOVE_COLD_DATA_FLOW_CTR_CONFIG, [Admin] -> [Broker] "AdminBrokerProcessor",
        { body: String } -> {};

    /// Queries all limits for cold data.
    GetColdDataFlowCtrInfo = GET_COLD_DATA_FLOW_CTR_INFO, [Admin] -> [Broker] "AdminBrokerProcessor",
        {} -> { body: ColdDataFlowCtrInfo };

    /// Sets the read-ahead mode of the commit log.
    SetCommitlogReadMode = SET_COMMITLOG_READ_MODE, [Admin] -> [Broker] "AdminBrokerProcessor",
        { header: SetCommitlogReadModeRequestHeader } -> {};

    /// Selects the store of timer messages: RocksDB or a file wheel.
    SwitchTimerEngine = SWITCH_TIMER_ENGINE, [Admin] -> [Broker] "AdminBrokerProcessor",
        { header: SwitchTimerEngineRequestHeader } -> {};

    /// Creates or changes the permissions of an access key. Only 4.9.
    UpdateAndCreateAclConfig = UPDATE_AND_CREATE_ACL_CONFIG, [Admin] -> [Broker] "AdminBrokerProcessor",
        { header: CreateAccessConfigRequestHeader } -> {};

    /// Deletes the permissions of an access key. Only 4.9.
    DeleteAclConfig = DELETE_ACL_CONFIG, [Admin] -> [Broker] "AdminBrokerProcessor",
        { header: DeleteAccessConfigRequestHeader } -> {};

    /// Queries the version of the permissions of a broker. Only 4.9.
    GetBrokerClusterAclInfo = GET_BROKER_CLUSTER_ACL_INFO, [Admin] -> [Broker] "AdminBrokerProcessor",
        {} -> { header: GetBrokerAclConfigResponseHeader };

    /// Sets the addresses that need no access key. Only 4.9.
    UpdateGlobalWhiteAddrsConfig = UPDATE_GLOBAL_WHITE_ADDRS_CONFIG, [Admin] -> [Broker] "AdminBrokerProcessor",
        { header: UpdateGlobalWhiteAddrsConfigRequestHeader } -> {};

    /// Adds a broker to a container.
    AddBroker = ADD_BROKER, [Admin] -> [BrokerContainer] "BrokerContainerProcessor",
        { header: AddBrokerRequestHeader } -> {};

    /// Removes a broker from a container.
    RemoveBroker = REMOVE_BROKER, [Admin] -> [BrokerContainer] "BrokerContainerProcessor",
        { header: RemoveBrokerRequestHeader } -> {};
}
