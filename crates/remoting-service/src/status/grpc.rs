//! Conversions to and from tonic's status.

use std::error::Error;
use std::sync::Arc;

use bytes::Bytes;

use super::{Cause, Status};
use crate::code::Code;
use crate::metadata::Metadata;

/// Keeps code, message, details, metadata and source.
impl From<Status> for tonic::Status {
    fn from(status: Status) -> Self {
        let code = tonic::Code::from_i32(status.code().number());
        let (message, details) = (status.message().to_owned(), status.details().clone());
        let mut converted =
            Self::with_details_and_metadata(code, message, details, status.metadata().to_map());
        if !matches!(status.0.cause, Cause::None) {
            converted.set_source(Arc::new(status));
        }
        converted
    }
}

/// Keeps code, message, details, metadata and source. tonic's status of a call whose time ran out on this side is
/// `CANCELLED`, and becomes `DEADLINE_EXCEEDED`, which is what other peers call it.
impl From<tonic::Status> for Status {
    fn from(status: tonic::Status) -> Self {
        let timed_out = is_caused_by::<tonic::TimeoutExpired>(&status);
        let code = if timed_out {
            Code::DeadlineExceeded
        } else {
            Code::from_number(i32::from(status.code())).unwrap_or(Code::Unknown)
        };
        let mut converted = Self::new(code, status.message().to_owned());
        converted.0.details = Bytes::copy_from_slice(status.details());
        converted.0.metadata = Metadata::of_map(status.metadata());
        converted.0.may_have_been_sent = !is_caused_by::<tonic::ConnectError>(&status);
        if status.source().is_some() {
            converted.0.cause = Cause::Grpc(Arc::new(status));
        }
        converted
    }
}

fn is_caused_by<E: Error + 'static>(status: &tonic::Status) -> bool {
    std::iter::successors(status.source(), |error: &&(dyn Error + 'static)| (*error).source())
        .any(|error| error.is::<E>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_of_any_code_is_the_same_after_a_way_through_tonic() {
        for code in &Code::ALL[1..] {
            let mut metadata = Metadata::new();
            metadata.insert("why", "because").unwrap();
            let status = Status::new(*code, "a message, ü").with_details(vec![9, 0]).with_metadata(metadata);
            let after = Status::from(tonic::Status::from(status.clone()));
            assert_eq!((after.code(), after.message()), (*code, "a message, ü"));
            assert_eq!((after.details(), after.metadata()), (status.details(), status.metadata()));
            assert!(after.may_have_been_sent());
        }
    }

    #[test]
    fn a_call_without_a_connection_was_not_sent_and_one_out_of_time_has_exceeded_its_deadline() {
        let no_connection = tonic::ConnectError("refused".into());
        let status = Status::from(tonic::Status::from_error(Box::new(no_connection)));
        assert_eq!((status.code(), status.may_have_been_sent()), (Code::Unavailable, false));
        let status = Status::from(tonic::Status::from_error(Box::new(tonic::TimeoutExpired(()))));
        assert_eq!((status.code(), status.may_have_been_sent()), (Code::DeadlineExceeded, true));
    }

    #[test]
    fn a_source_stays_the_source() {
        let status = Status::internal("broken").with_source("the disk");
        let converted = tonic::Status::from(status);
        assert!(converted.source().is_some());
        let back = Status::from(converted);
        assert_eq!(back.message(), "broken");
        assert!(back.source().is_some());
    }
}
