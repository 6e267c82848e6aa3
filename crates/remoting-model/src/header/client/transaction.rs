//! Headers of transactions.

#[cfg(doc)]
use remoting_protocol::RequestCode;

use crate::header::define::header;

header! {
    /// Commits or rolls back a transactional message.
    ///
    /// The header of a request with code [`END_TRANSACTION`](RequestCode::END_TRANSACTION).
    pub struct EndTransactionRequestHeader: RpcRequestHeader {
        /// The topic. Not in 4.9.
        pub topic: Option<String>,
        /// The producer group.
        pub producer_group: String,
        /// The queue offset of the half message.
        pub tran_state_table_offset: i64,
        /// The place of the half message in the commit log.
        pub commit_log_offset: i64,
        /// The decision: 0 unknown, 8 commit, 12 roll back. Java: `MessageSysFlag`.
        pub commit_or_rollback: i32,
        /// Whether the broker asked for the state before.
        #[serde(default)]
        pub from_transaction_check: bool,
        /// The unique key of the message.
        pub msg_id: String,
        /// The id of the transaction.
        pub transaction_id: Option<String>,
    }
}

header! {
    /// Answers the end of a transaction. It has no fields.
    ///
    /// The header of a response to [`END_TRANSACTION`](RequestCode::END_TRANSACTION).
    pub struct EndTransactionResponseHeader {}
}

header! {
    /// Asks a producer for the state of a transaction. Sent by a broker; the body is the half message.
    ///
    /// The header of a request with code [`CHECK_TRANSACTION_STATE`](RequestCode::CHECK_TRANSACTION_STATE).
    pub struct CheckTransactionStateRequestHeader: RpcRequestHeader {
        /// The topic. Not in 4.9.
        pub topic: Option<String>,
        /// The queue offset of the half message.
        pub tran_state_table_offset: i64,
        /// The place of the half message in the commit log.
        pub commit_log_offset: i64,
        /// The unique key of the message.
        pub msg_id: Option<String>,
        /// The id of the transaction.
        pub transaction_id: Option<String>,
        /// The id of the half message that contains its place.
        pub offset_msg_id: Option<String>,
    }
}

header! {
    /// Returns the state of a transaction. The official releases answer with [`EndTransactionRequestHeader`]
    /// instead.
    pub struct CheckTransactionStateResponseHeader {
        /// The producer group.
        #[serde(default)]
        pub producer_group: String,
        /// The queue offset of the half message.
        pub tran_state_table_offset: i64,
        /// The place of the half message in the commit log.
        pub commit_log_offset: i64,
        /// The decision: 0 unknown, 8 commit, 12 roll back. Java: `MessageSysFlag`.
        pub commit_or_rollback: i32,
    }
}
