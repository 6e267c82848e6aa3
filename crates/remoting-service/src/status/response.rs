//! A status as a response over remoting.

use remoting_rpc::RpcError;
use remoting_rpc::transport::protocol::ext_fields::key::GRPC_STATUS;
use remoting_rpc::transport::protocol::{HeaderError, RemotingCommand, ResponseCode};

use super::response_code::{code, response_code};
use super::{Cause, Status};
use crate::code::Code;
use crate::metadata::{Metadata, decode, encode};

/// The ext field of the details, in base64.
const GRPC_STATUS_DETAILS: &str = "grpc-status-details-bin";

impl Status {
    /// Returns the response of a method that failed with this status.
    pub(crate) fn into_response(self) -> RemotingCommand {
        self.response().unwrap_or_else(|error| {
            let status = Self::internal(format!("the status of the method cannot be written: {error}"));
            // Its fields are short.
            status.response().unwrap_or_else(|_| RemotingCommand::response(ResponseCode::SYSTEM_ERROR))
        })
    }

    fn response(&self) -> Result<RemotingCommand, HeaderError> {
        let mut response = RemotingCommand::response(response_code(self.code()));
        if !self.message().is_empty() {
            response.set_remark(Some(self.message()));
        }
        response.set_ext_field(GRPC_STATUS, &self.code().number().to_string())?;
        if !self.details().is_empty() {
            response.set_ext_field(GRPC_STATUS_DETAILS, &encode(self.details()))?;
        }
        self.metadata().write_to(&mut response)?;
        Ok(response)
    }

    /// Returns the status of a response, or `None` if it says success.
    #[inline]
    pub(crate) fn of_response(response: &RemotingCommand) -> Option<Self> {
        match response.ext_field(GRPC_STATUS) {
            None if response.response_code().is_success() => None,
            number => Self::of_failure(response, number),
        }
    }

    #[cold]
    fn of_failure(response: &RemotingCommand, number: Option<&str>) -> Option<Self> {
        let code = match number {
            Some(number) => number.parse().ok().and_then(Code::from_number).unwrap_or(Code::Unknown),
            None => code(response.response_code()),
        };
        if code == Code::Ok && response.response_code().is_success() {
            return None;
        }
        let message = match response.remark() {
            Some(remark) => remark.to_owned(),
            // A peer of this crate has no message then. Of others the code says most.
            None if number.is_some() => String::new(),
            None => response.response_code().to_string(),
        };
        let mut status = Self::new(code, message);
        status.0.response_code = Some(response.response_code());
        status.0.may_have_been_sent = number.is_some() || !was_refused(response);
        status.0.metadata = Metadata::of_command(response);
        if let Some(details) = response.ext_field(GRPC_STATUS_DETAILS).and_then(decode) {
            status.0.details = details.into();
        }
        Some(status)
    }

    /// Returns the status of a call that ended with a response or an error of its own.
    pub(super) fn of_response_error(error: RpcError) -> Self {
        let status = error.response().and_then(|response| Self::of_response(response.response()));
        status.unwrap_or_else(|| {
            let mut status = Self::unknown(error.to_string());
            status.0.cause = Cause::Rpc(error);
            status
        })
    }
}

/// Returns whether a server refused the request before any method ran. Java: the texts of `NettyRemotingAbstract`.
fn was_refused(response: &RemotingCommand) -> bool {
    let remark = response.remark().unwrap_or_default();
    match response.response_code() {
        ResponseCode::GO_AWAY | ResponseCode::REQUEST_CODE_NOT_SUPPORTED => true,
        ResponseCode::SYSTEM_BUSY => {
            remark.starts_with("[OVERLOAD]") || remark.starts_with("[REJECTREQUEST]")
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use remoting_rpc::transport::protocol::RequestCode;

    use super::*;

    fn arrived(status: &Status) -> Status {
        Status::of_response(&status.clone().into_response()).unwrap()
    }

    #[test]
    fn a_status_of_any_code_arrives_as_it_was_sent() {
        for code in &Code::ALL[1..] {
            let mut metadata = Metadata::new();
            metadata.insert("why", "because").unwrap();
            metadata.insert_bin("x-bin", vec![0, 200]).unwrap();
            let sent =
                Status::new(*code, "a message, ü").with_details(vec![9, 0, 255]).with_metadata(metadata);
            let status = arrived(&sent);
            assert_eq!((status.code(), status.message()), (*code, "a message, ü"));
            assert_eq!((status.details(), status.metadata()), (sent.details(), sent.metadata()));
            assert_eq!(status.response_code(), Some(response_code(*code)));
            assert!(status.may_have_been_sent());
        }
        let empty = arrived(&Status::aborted(""));
        assert_eq!((empty.message(), empty.details().len(), empty.metadata().len()), ("", 0, 0));
    }

    #[test]
    fn a_response_of_java_has_the_code_of_its_response_code_and_its_remark_as_message() {
        let status = |code, remark: Option<&str>| {
            let mut response = RemotingCommand::response(code);
            response.set_remark(remark);
            Status::of_response(&response).map(|status| (status.code(), status.message().to_owned()))
        };
        assert_eq!(status(ResponseCode::SUCCESS, Some("ok")), None);
        let busy = status(ResponseCode::SYSTEM_BUSY, Some("[OVERLOAD]"));
        assert_eq!(busy, Some((Code::ResourceExhausted, "[OVERLOAD]".to_owned())));
        let no_topic = status(ResponseCode::TOPIC_NOT_EXIST, None);
        assert_eq!(no_topic, Some((Code::NotFound, "TOPIC_NOT_EXIST(17)".to_owned())));
        assert_eq!(status(ResponseCode(20_001), Some("own")), Some((Code::Unknown, "own".to_owned())));
    }

    #[test]
    fn the_field_wins_over_the_response_code_and_a_contradiction_is_a_failure() {
        let status = |code, number: &str| {
            let response = RemotingCommand::response(code).with_ext_field(GRPC_STATUS, number).unwrap();
            Status::of_response(&response).map(|status| status.code())
        };
        assert_eq!(status(ResponseCode::SUCCESS, "0"), None);
        assert_eq!(status(ResponseCode::SUCCESS, "5"), Some(Code::NotFound));
        assert_eq!(status(ResponseCode::SYSTEM_ERROR, "10"), Some(Code::Aborted));
        assert_eq!(status(ResponseCode::SYSTEM_ERROR, "0"), Some(Code::Unknown));
        for number in ["17", "-1", "x", "99999999999"] {
            assert_eq!(status(ResponseCode::SYSTEM_BUSY, number), Some(Code::Unknown));
        }
    }

    #[test]
    fn what_a_server_refuses_before_a_method_runs_may_be_repeated() {
        let status = |code, remark: &str| {
            Status::of_response(&RemotingCommand::response(code).with_remark(remark)).unwrap()
        };
        for (code, remark, expected) in [
            (ResponseCode::GO_AWAY, "please go away", Code::Unavailable),
            (ResponseCode::SYSTEM_BUSY, "[OVERLOAD]system busy", Code::ResourceExhausted),
            (ResponseCode::SYSTEM_BUSY, "[REJECTREQUEST]system busy", Code::ResourceExhausted),
            (ResponseCode::REQUEST_CODE_NOT_SUPPORTED, " request type 1 not supported", Code::Unimplemented),
        ] {
            let status = status(code, remark);
            assert_eq!((status.code(), status.may_have_been_sent()), (expected, false));
        }
        assert!(status(ResponseCode::SYSTEM_BUSY, "[PCBUSY_CLEAN_QUEUE]broker busy").may_have_been_sent());
        assert!(arrived(&Status::resource_exhausted("[OVERLOAD] of mine")).may_have_been_sent());
        assert!(Status::of_response(&RemotingCommand::request(RequestCode(0))).is_none());
    }
}
