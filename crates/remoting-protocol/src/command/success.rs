//! Conversion of a response into a `Result`.

use super::RemotingCommand;
use crate::ResponseError;

/// # Responses as results
impl RemotingCommand {
    /// Returns the response if its code is [`SUCCESS`](crate::ResponseCode::SUCCESS), otherwise an error that
    /// contains it.
    ///
    /// A call returns `Ok` for a response of any code. This method is for callers that treat every code except
    /// `SUCCESS` as a failure. If other codes are results too, such as those of a pull, or `FLUSH_DISK_TIMEOUT` of
    /// a stored message, match on [`response_code`](Self::response_code) instead.
    ///
    /// # Errors
    ///
    /// Returns a [`ResponseError`] if the code is not `SUCCESS`.
    ///
    /// ```
    /// use remoting_protocol::{RemotingCommand, ResponseCode};
    ///
    /// let response = RemotingCommand::response(ResponseCode::TOPIC_NOT_EXIST).with_remark("no route");
    /// let error = response.into_success().unwrap_err();
    /// assert_eq!(error.code(), ResponseCode::TOPIC_NOT_EXIST);
    /// assert_eq!(error.to_string(), "TOPIC_NOT_EXIST(17): no route");
    /// ```
    #[inline]
    pub fn into_success(self) -> Result<Self, ResponseError> {
        if self.response_code().is_success() { Ok(self) } else { Err(ResponseError::new(self)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ResponseCode;

    #[test]
    fn a_successful_response_is_returned_unchanged() {
        let response = RemotingCommand::response(ResponseCode::SUCCESS).with_body("route");
        assert_eq!(response.clone().into_success().unwrap(), response);
    }

    #[test]
    fn any_other_code_is_an_error_that_contains_the_response() {
        let response =
            RemotingCommand::response(ResponseCode::SYSTEM_BUSY).with_remark("later").with_body("why");
        let error = response.clone().into_success().unwrap_err();
        assert_eq!((error.code(), error.remark()), (ResponseCode::SYSTEM_BUSY, Some("later")));
        assert_eq!(error.response(), &response);
        assert_eq!(error.into_response(), response);
    }

    #[test]
    fn an_error_without_name_and_remark_displays_its_number() {
        let error = RemotingCommand::response(ResponseCode(20_001)).into_success().unwrap_err();
        assert_eq!(error.to_string(), format!("{}", ResponseCode(20_001)));
    }
}
