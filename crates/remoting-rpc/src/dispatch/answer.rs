//! The answers that the dispatcher gives by itself, word for word as Java's.

use remoting_transport::protocol::{RemotingCommand, ResponseCode};

use crate::processor::{ProcessorError, Reply};

const REJECTED: &str = "[REJECTREQUEST]system busy, start flow control for a while";
const OVERLOADED: &str = "[OVERLOAD]system busy, start flow control for a while";
const GO_AWAY: &str = "please go away";

pub(super) fn not_supported(code: i32) -> RemotingCommand {
    // The leading blank is Java's.
    RemotingCommand::response(ResponseCode::REQUEST_CODE_NOT_SUPPORTED)
        .with_remark(format!(" request type {code} not supported"))
}

pub(super) fn go_away() -> RemotingCommand {
    RemotingCommand::response(ResponseCode::GO_AWAY).with_remark(GO_AWAY)
}

pub(super) fn rejected() -> RemotingCommand {
    RemotingCommand::response(ResponseCode::SYSTEM_BUSY).with_remark(REJECTED)
}

pub(super) fn overloaded() -> RemotingCommand {
    RemotingCommand::response(ResponseCode::SYSTEM_BUSY).with_remark(OVERLOADED)
}

pub(super) fn system_error(remark: impl Into<String>) -> RemotingCommand {
    RemotingCommand::response(ResponseCode::SYSTEM_ERROR).with_remark(remark.into())
}

/// The answer to a request that a hook, the pipeline or the processor gave up on.
#[cold]
pub(super) fn failed(error: ProcessorError) -> Reply {
    let (code, remark) = error.answer();
    RemotingCommand::response(code).with_remark(remark).into()
}
