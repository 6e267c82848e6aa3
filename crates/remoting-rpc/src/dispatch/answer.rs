//! The responses of the dispatcher itself, with Java's exact remarks.

use remoting_transport::protocol::{RemotingCommand, RequestCode, ResponseCode};

use crate::request::DispatchError;

const REJECTED: &str = "[REJECTREQUEST]system busy, start flow control for a while";
const OVERLOADED: &str = "[OVERLOAD]system busy, start flow control for a while";
const GO_AWAY: &str = "please go away";

/// Returns the response to a request that does not reach its processor.
pub(super) fn refused(error: DispatchError, code: RequestCode) -> RemotingCommand {
    match error {
        // The leading blank is Java's.
        DispatchError::NotSupported => RemotingCommand::response(ResponseCode::REQUEST_CODE_NOT_SUPPORTED)
            .with_remark(format!(" request type {} not supported", code.0)),
        DispatchError::GoingAway => RemotingCommand::response(ResponseCode::GO_AWAY).with_remark(GO_AWAY),
        DispatchError::Rejected => RemotingCommand::response(ResponseCode::SYSTEM_BUSY).with_remark(REJECTED),
        DispatchError::Overloaded => {
            RemotingCommand::response(ResponseCode::SYSTEM_BUSY).with_remark(OVERLOADED)
        }
    }
}
