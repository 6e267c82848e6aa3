//! Operations that a controller answers or sends.

use remoting_protocol::operation::Json;

use super::define::operations;
use crate::body::{BrokerReplicasInfo, ElectMasterResponseBody, PropertiesText, SyncStateSet};
use crate::header::{
    AlterSyncStateSetRequestHeader, AlterSyncStateSetResponseHeader, ApplyBrokerIdRequestHeader,
    ApplyBrokerIdResponseHeader, CleanControllerBrokerDataRequestHeader, ElectMasterRequestHeader,
    ElectMasterResponseHeader, GetMetaDataResponseHeader, GetNextBrokerIdRequestHeader,
    GetNextBrokerIdResponseHeader, GetReplicaInfoRequestHeader, GetReplicaInfoResponseHeader,
    NotifyBrokerRoleChangedRequestHeader, RegisterBrokerToControllerRequestHeader,
    RegisterBrokerToControllerResponseHeader,
};

operations! {
    CONTROLLER;

    /// Changes the set of replicas in sync; sent by a master.
    ControllerAlterSyncStateSet = CONTROLLER_ALTER_SYNC_STATE_SET, [Broker] -> [Controller] "ControllerRequestProcessor",
        { header: AlterSyncStateSetRequestHeader, body: SyncStateSet } -> { header: AlterSyncStateSetResponseHeader, body: SyncStateSet };

    /// Elects a master.
    ControllerElectMaster = CONTROLLER_ELECT_MASTER, [Broker, Admin] -> [Controller] "ControllerRequestProcessor",
        { header: ElectMasterRequestHeader } -> { header: ElectMasterResponseHeader, body: ElectMasterResponseBody }
            or CONTROLLER_MASTER_STILL_EXIST;

    /// Registers a broker with the controller.
    ControllerRegisterBroker = CONTROLLER_REGISTER_BROKER, [Broker] -> [Controller] "ControllerRequestProcessor",
        { header: RegisterBrokerToControllerRequestHeader } -> { header: RegisterBrokerToControllerResponseHeader, body: SyncStateSet };

    /// Queries the replicas of a broker.
    ControllerGetReplicaInfo = CONTROLLER_GET_REPLICA_INFO, [Broker] -> [Controller] "ControllerRequestProcessor",
        { header: GetReplicaInfoRequestHeader } -> { header: GetReplicaInfoResponseHeader, body: SyncStateSet };

    /// Queries the leader and the members of the controllers.
    ControllerGetMetadataInfo = CONTROLLER_GET_METADATA_INFO, [Broker, Admin] -> [Controller] "ControllerRequestProcessor",
        {} -> { header: GetMetaDataResponseHeader };

    /// Queries the replicas in sync of several brokers.
    ///
    /// The body of the request lists the names of brokers.
    ControllerGetSyncStateData = CONTROLLER_GET_SYNC_STATE_DATA, [Admin] -> [Controller] "ControllerRequestProcessor",
        { body: Json<Vec<String>> } -> { body: BrokerReplicasInfo };

    /// Queries the next free broker id.
    ControllerGetNextBrokerId = CONTROLLER_GET_NEXT_BROKER_ID, [Broker] -> [Controller] "ControllerRequestProcessor",
        { header: GetNextBrokerIdRequestHeader } -> { header: GetNextBrokerIdResponseHeader };

    /// Reserves a broker id.
    ControllerApplyBrokerId = CONTROLLER_APPLY_BROKER_ID, [Broker] -> [Controller] "ControllerRequestProcessor",
        { header: ApplyBrokerIdRequestHeader } -> { header: ApplyBrokerIdResponseHeader };

    /// Notifies a broker of its new role.
    NotifyBrokerRoleChanged = NOTIFY_BROKER_ROLE_CHANGED, [Controller] -> [Broker] "AdminBrokerProcessor",
        { header: NotifyBrokerRoleChangedRequestHeader, body: SyncStateSet } -> {};

    /// Changes a controller's properties.
    UpdateControllerConfig = UPDATE_CONTROLLER_CONFIG, [Admin] -> [Controller] "ControllerRequestProcessor",
        { body: PropertiesText } -> {};

    /// Fetches a controller's properties.
    GetControllerConfig = GET_CONTROLLER_CONFIG, [Admin] -> [Controller] "ControllerRequestProcessor",
        {} -> { body: PropertiesText };

    /// Deletes the data of a broker from the controller.
    CleanBrokerData = CLEAN_BROKER_DATA, [Admin] -> [Controller] "ControllerRequestProcessor",
        { header: CleanControllerBrokerDataRequestHeader } -> {};
}
