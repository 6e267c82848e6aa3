//! Status codes and the response codes of RocketMQ.

use remoting_rpc::transport::protocol::ResponseCode;

use crate::code::Code;

/// Returns the response code that tells a Java peer about a failure.
pub(super) const fn response_code(code: Code) -> ResponseCode {
    match code {
        Code::Ok => ResponseCode::SUCCESS,
        Code::ResourceExhausted => ResponseCode::SYSTEM_BUSY,
        Code::Unimplemented => ResponseCode::REQUEST_CODE_NOT_SUPPORTED,
        Code::Unavailable => ResponseCode::SERVICE_NOT_AVAILABLE,
        Code::PermissionDenied | Code::Unauthenticated => ResponseCode::NO_PERMISSION,
        Code::InvalidArgument | Code::OutOfRange | Code::FailedPrecondition => {
            ResponseCode::INVALID_PARAMETER
        }
        Code::NotFound => ResponseCode::QUERY_NOT_FOUND,
        Code::Cancelled
        | Code::Unknown
        | Code::DeadlineExceeded
        | Code::AlreadyExists
        | Code::Aborted
        | Code::Internal
        | Code::DataLoss => ResponseCode::SYSTEM_ERROR,
    }
}

/// Returns the code of a failed response of a peer that sends no `grpc-status`.
pub(super) const fn code(response_code: ResponseCode) -> Code {
    match response_code {
        ResponseCode::SYSTEM_BUSY => Code::ResourceExhausted,
        ResponseCode::REQUEST_CODE_NOT_SUPPORTED | ResponseCode::VERSION_NOT_SUPPORTED => Code::Unimplemented,
        ResponseCode::SERVICE_NOT_AVAILABLE | ResponseCode::GO_AWAY => Code::Unavailable,
        ResponseCode::NO_PERMISSION => Code::PermissionDenied,
        ResponseCode::INVALID_PARAMETER | ResponseCode::MESSAGE_ILLEGAL => Code::InvalidArgument,
        ResponseCode::QUERY_NOT_FOUND
        | ResponseCode::TOPIC_NOT_EXIST
        | ResponseCode::SUBSCRIPTION_NOT_EXIST
        | ResponseCode::SUBSCRIPTION_GROUP_NOT_EXIST
        | ResponseCode::FILTER_DATA_NOT_EXIST
        | ResponseCode::BROKER_NOT_EXIST
        | ResponseCode::CONTROLLER_BROKER_METADATA_NOT_EXIST
        | ResponseCode::USER_NOT_EXIST
        | ResponseCode::POLICY_NOT_EXIST => Code::NotFound,
        _ => Code::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_java_peer_sees_every_failure_as_a_failure() {
        for failure in &Code::ALL[1..] {
            assert!(!response_code(*failure).is_success(), "{failure}");
        }
    }

    #[test]
    fn codes_that_a_java_peer_can_tell_apart_come_back_as_they_were() {
        let kept = Code::ALL.into_iter().filter(|sent| code(response_code(*sent)) == *sent);
        let expected = [
            Code::Unknown,
            Code::InvalidArgument,
            Code::NotFound,
            Code::PermissionDenied,
            Code::ResourceExhausted,
            Code::Unimplemented,
            Code::Unavailable,
        ];
        assert_eq!(kept.collect::<Vec<_>>(), expected);
    }
}
