//! RocketMQ's operations: each request code with the types of its request and its response.
//!
//! An operation is the request as a value. Its page lists the code, the content of request and response, who sends it and
//! who answers it. [`Operation`](remoting_protocol::operation::Operation) turns it into a command and back, and the typed
//! calls and handlers of `remoting-rpc` do so for a caller and a server.
//!
//! ```
//! use remoting_model::header::GetMaxOffsetResponseHeader;
//! use remoting_model::operation::{GetMaxOffset, GetRouteInfo};
//! use remoting_protocol::operation::Operation;
//! use remoting_protocol::{RemotingCommand, RequestCode, ResponseCode};
//!
//! let request = GetRouteInfo::topic("orders").into_request()?;
//! assert_eq!(request.request_code(), RequestCode::GET_ROUTEINFO_BY_TOPIC);
//! assert_eq!(GetRouteInfo::from_request(&request)?.header.topic, "orders");
//!
//! let mut response = RemotingCommand::response(ResponseCode::SUCCESS);
//! GetMaxOffset::write_response(GetMaxOffsetResponseHeader { offset: 7 }, &mut response)?;
//! assert_eq!(GetMaxOffset::read_response(&response)?.offset, 7);
//! # Ok::<(), remoting_protocol::operation::ContentError>(())
//! ```
//!
//! # The table at run time
//!
//! [`OPERATIONS`] has a row for each operation, and [`info`] finds one by its code: names of types, the fields of
//! headers, who sends and who answers.
//!
//! ```
//! use remoting_model::operation;
//! use remoting_protocol::RequestCode;
//!
//! let pull = operation::info(RequestCode::PULL_MESSAGE).ok_or("known")?;
//! assert_eq!(pull.name, "PullMessage");
//! assert_eq!(pull.response.to_string(), "PullMessageResponseHeader and MessageList");
//! # Ok::<(), &str>(())
//! ```
//!
//! # Codes without an operation
//!
//! [`WITHOUT_OPERATION`] lists them: constants that no Java release sends or answers, and those inside a JRaft group.

mod auth;
mod broker;
mod constructors;
mod consume;
mod controller;
mod define;
mod group;
mod info;
mod lite;
mod namesrv;
mod offset;
mod own_header;
mod pop;
mod send;
mod slave;
mod topic;

use remoting_protocol::RequestCode;

pub use self::auth::*;
pub use self::broker::*;
pub use self::consume::*;
pub use self::controller::*;
pub use self::group::*;
pub use self::info::{ContentInfo, HeaderInfo, OperationInfo, Role};
pub use self::lite::*;
pub use self::namesrv::*;
pub use self::offset::*;
pub use self::own_header::{
    HeartbeatResponseHeader, SetCommitlogReadModeRequestHeader, SwitchTimerEngineRequestHeader,
};
pub use self::pop::*;
pub use self::send::*;
pub use self::slave::*;
pub use self::topic::*;

const LISTS: [&[OperationInfo]; 12] =
    [SEND, CONSUME, OFFSET, POP, LITE, NAMESRV, TOPIC, GROUP, BROKER, SLAVE, CONTROLLER, AUTH];

/// All operations, in groups.
pub static OPERATIONS: &[OperationInfo] = &ROWS;

static ROWS: [OperationInfo; COUNT] = rows();

const COUNT: usize = {
    let (mut count, mut list) = (0, 0);
    while list < LISTS.len() {
        count += LISTS[list].len();
        list += 1;
    }
    count
};

const fn rows() -> [OperationInfo; COUNT] {
    let mut rows = [LISTS[0][0]; COUNT];
    let (mut count, mut list) = (0, 0);
    while list < LISTS.len() {
        let mut row = 0;
        while row < LISTS[list].len() {
            rows[count] = LISTS[list][row];
            count += 1;
            row += 1;
        }
        list += 1;
    }
    rows
}

/// Returns the operation of a code. Takes time in proportion to the number of operations.
#[must_use]
pub fn info(code: RequestCode) -> Option<&'static OperationInfo> {
    OPERATIONS.iter().find(|operation| operation.code == code)
}

/// The codes without an operation. No release from 4.9.8 to 5.5.1 sends or answers the first of them over a connection,
/// though Java has constants; those from 1014 to 1018 number the entries of a JRaft log.
pub const WITHOUT_OPERATION: &[RequestCode] = &[
    RequestCode::QUERY_BROKER_OFFSET,
    RequestCode::GET_TOPIC_CONFIG_LIST,
    RequestCode::GET_TOPIC_NAME_LIST,
    RequestCode::TRIGGER_DELETE_FILES,
    RequestCode::GET_CLIENT_CONFIG,
    RequestCode::SUSPEND_CONSUMER,
    RequestCode::RESUME_CONSUMER,
    RequestCode::RESET_CONSUMER_OFFSET_IN_CONSUMER,
    RequestCode::RESET_CONSUMER_OFFSET_IN_BROKER,
    RequestCode::ADJUST_CONSUMER_THREAD_POOL,
    RequestCode::WHO_CONSUME_THE_MESSAGE,
    RequestCode::REGISTER_FILTER_SERVER,
    RequestCode::REGISTER_MESSAGE_FILTER_CLASS,
    RequestCode::ACK_LITE_MESSAGE,
    RequestCode::BROKER_CLOSE_CHANNEL_REQUEST,
    RequestCode::CHECK_NOT_ACTIVE_BROKER_REQUEST,
    RequestCode::GET_BROKER_LIVE_INFO_REQUEST,
    RequestCode::GET_SYNC_STATE_DATA_REQUEST,
    RequestCode::RAFT_BROKER_HEART_BEAT_EVENT_REQUEST,
];
