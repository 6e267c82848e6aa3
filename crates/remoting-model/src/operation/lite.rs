//! Operations of LITE topics.

use super::define::operations;
use crate::body::{
    GetBrokerLiteInfoResponseBody, GetLiteClientInfoResponseBody, GetLiteGroupInfoResponseBody,
    GetLiteTopicInfoResponseBody, GetParentTopicInfoResponseBody, LiteSubscriptionCtlRequestBody,
};
use crate::header::{
    GetLiteClientInfoRequestHeader, GetLiteGroupInfoRequestHeader, GetLiteTopicInfoRequestHeader,
    GetParentTopicInfoRequestHeader, LiteSubscriptionCtlRequestHeader, NotifyUnsubscribeLiteRequestHeader,
    PopLiteMessageRequestHeader, PopLiteMessageResponseHeader, TriggerLiteDispatchRequestHeader,
};
use crate::message::MessageList;

operations! {
    LITE;

    /// Pops messages of LITE topics.
    ///
    /// Only `SUCCESS` has messages. `into_response` of a typed call returns the code.
    PopLiteMessage = POP_LITE_MESSAGE, [Client] -> [Broker] "PopLiteMessageProcessor",
        { header: PopLiteMessageRequestHeader } -> { header: PopLiteMessageResponseHeader, body: MessageList }
            or POLLING_FULL | POLLING_TIMEOUT | PULL_NOT_FOUND;

    /// Changes the subscriptions of a client to LITE topics.
    LiteSubscriptionCtl = LITE_SUBSCRIPTION_CTL, [Client] -> [Broker] "LiteSubscriptionCtlProcessor",
        { header: LiteSubscriptionCtlRequestHeader, body: LiteSubscriptionCtlRequestBody } -> {};

    /// Notifies a client that its subscription has ended; sent by a broker.
    ///
    /// Brokers send it one-way.
    NotifyUnsubscribeLite = NOTIFY_UNSUBSCRIBE_LITE, [Broker] -> [Client] "ClientRemotingProcessor",
        { header: NotifyUnsubscribeLiteRequestHeader } -> {};

    /// Queries statistics of a broker about LITE topics.
    GetBrokerLiteInfo = GET_BROKER_LITE_INFO, [Admin] -> [Broker] "LiteManagerProcessor",
        {} -> { body: GetBrokerLiteInfoResponseBody };

    /// Queries a parent topic and its groups.
    GetParentTopicInfo = GET_PARENT_TOPIC_INFO, [Admin] -> [Broker] "LiteManagerProcessor",
        { header: GetParentTopicInfoRequestHeader } -> { body: GetParentTopicInfoResponseBody };

    /// Queries a LITE topic and its subscribers.
    GetLiteTopicInfo = GET_LITE_TOPIC_INFO, [Admin] -> [Broker] "LiteManagerProcessor",
        { header: GetLiteTopicInfoRequestHeader } -> { body: GetLiteTopicInfoResponseBody };

    /// Queries the LITE topics of a client.
    GetLiteClientInfo = GET_LITE_CLIENT_INFO, [Admin] -> [Broker] "LiteManagerProcessor",
        { header: GetLiteClientInfoRequestHeader } -> { body: GetLiteClientInfoResponseBody };

    /// Queries the lag of a group on LITE topics.
    GetLiteGroupInfo = GET_LITE_GROUP_INFO, [Admin] -> [Broker] "LiteManagerProcessor",
        { header: GetLiteGroupInfoRequestHeader } -> { body: GetLiteGroupInfoResponseBody };

    /// Dispatches waiting messages of LITE topics now.
    TriggerLiteDispatch = TRIGGER_LITE_DISPATCH, [Admin] -> [Broker] "LiteManagerProcessor",
        { header: TriggerLiteDispatchRequestHeader } -> {};
}
