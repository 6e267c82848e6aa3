//! The responses of the dispatcher itself, with Java's exact remarks.

use remoting_transport::protocol::{RemotingCommand, RequestCode, ResponseCode};

use crate::request::Refusal;

const REJECTED: &str = "[REJECTREQUEST]system busy, start flow control for a while";
const OVERLOADED: &str = "[OVERLOAD]system busy, start flow control for a while";
const GO_AWAY: &str = "please go away";

/// Returns the response to a request that does not reach its processor.
pub(super) fn refused(refusal: Refusal, code: RequestCode) -> RemotingCommand {
    match refusal {
        // The leading blank is Java's.
        Refusal::NotSupported => RemotingCommand::response(ResponseCode::REQUEST_CODE_NOT_SUPPORTED)
            .with_remark(format!(" request type {} not supported", code.0)),
        Refusal::GoingAway => RemotingCommand::response(ResponseCode::GO_AWAY).with_remark(GO_AWAY),
        Refusal::Rejected => RemotingCommand::response(ResponseCode::SYSTEM_BUSY).with_remark(REJECTED),
        Refusal::Overloaded => RemotingCommand::response(ResponseCode::SYSTEM_BUSY).with_remark(OVERLOADED),
    }
}
