//! The errors of calls over remoting.

use remoting_rpc::RpcError;

use super::{Cause, Status};
use crate::code::Code;

/// Converts the error of a call. Its text becomes the message, and its source the source.
///
/// | error | code |
/// |---|---|
/// | [`Response`](RpcError::Response) | that of the response: see [`Status`] |
/// | [`Timeout`](RpcError::Timeout), the deadline of a layer of tower | `DEADLINE_EXCEEDED` |
/// | [`NoPermit`](RpcError::NoPermit) | `RESOURCE_EXHAUSTED` |
/// | [`Address`](RpcError::Address) | `INVALID_ARGUMENT` |
/// | [`Encode`](RpcError::Encode), [`Hook`](RpcError::Hook), [`UnreadableResponse`](RpcError::UnreadableResponse) | `INTERNAL` |
/// | all others: no connection, or it was closed | `UNAVAILABLE` |
impl From<RpcError> for Status {
    fn from(error: RpcError) -> Self {
        let code = match &error {
            RpcError::Response { .. } => return Self::of_response_error(error),
            error if error.is_timeout() => Code::DeadlineExceeded,
            RpcError::NoPermit { .. } => Code::ResourceExhausted,
            RpcError::Address(_) => Code::InvalidArgument,
            RpcError::Encode { .. } | RpcError::Hook { .. } | RpcError::UnreadableResponse { .. } => {
                Code::Internal
            }
            _ => Code::Unavailable,
        };
        let mut status = Self::new(code, error.to_string());
        status.0.may_have_been_sent = error.may_have_been_sent();
        status.0.cause = Cause::Rpc(error);
        status
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error;
    use std::time::Duration;

    use remoting_rpc::RemotingClient;
    use remoting_rpc::transport::protocol::{ErrorChain, RemotingCommand, RequestCode, ResponseCode};

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_status_keeps_whether_the_request_may_have_been_sent_and_says_each_cause_once() {
        let client = RemotingClient::builder().build().unwrap();
        let request = RemotingCommand::request(RequestCode(20_001));
        let call = client.invoke("memory:nobody-listens", request, Duration::from_secs(1));
        let error = call.await.unwrap_err();
        let text = ErrorChain(&error).to_string();
        let status = Status::from(error);
        assert_eq!((status.code(), status.may_have_been_sent()), (Code::Unavailable, false));
        assert!(status.rpc_error().unwrap().is_connect() && status.source().is_some());
        assert_eq!(ErrorChain(&status).to_string(), format!("UNAVAILABLE: {text}"));
    }

    #[test]
    fn the_error_of_a_response_has_the_status_of_the_response() {
        let response = RemotingCommand::response(ResponseCode::SYSTEM_BUSY).with_remark("later");
        let error = RpcError::from(response.into_success().unwrap_err());
        let status = Status::from(error);
        assert_eq!((status.code(), status.message()), (Code::ResourceExhausted, "later"));
        assert_eq!(status.response_code(), Some(ResponseCode::SYSTEM_BUSY));
        let success = RemotingCommand::response(ResponseCode::SUCCESS);
        assert_eq!(
            Status::from(RpcError::from(remoting_rpc::transport::protocol::ResponseError::from(success)))
                .code(),
            Code::Unknown
        );
    }
}
