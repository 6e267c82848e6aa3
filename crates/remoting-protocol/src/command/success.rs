//! A response as a result.

use super::RemotingCommand;
use crate::ResponseError;

impl RemotingCommand {
    /// Returns the response if its code is [`SUCCESS`](crate::ResponseCode::SUCCESS), and otherwise an error that
    /// carries its code and remark.
    ///
    /// A peer's answer of any code is a response, so calls return it as `Ok`. This method is for callers that treat
    /// every code but `SUCCESS` as a failure. Where other codes are results too, as those of a pull or
    /// `FLUSH_DISK_TIMEOUT` of a stored message, match on [`response_code`](Self::response_code) instead.
    ///
    /// # Errors
    ///
    /// The response as a [`ResponseError`] if its code is not `SUCCESS`.
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
    fn a_response_of_success_is_itself() {
        let response = RemotingCommand::response(ResponseCode::SUCCESS).with_body("route");
        assert_eq!(response.clone().into_success().unwrap(), response);
    }

    #[test]
    fn any_other_code_is_an_error_that_keeps_the_response() {
        let response =
            RemotingCommand::response(ResponseCode::SYSTEM_BUSY).with_remark("later").with_body("why");
        let error = response.clone().into_success().unwrap_err();
        assert_eq!((error.code(), error.remark()), (ResponseCode::SYSTEM_BUSY, Some("later")));
        assert_eq!(error.response(), &response);
        assert_eq!(error.into_response(), response);
    }

    #[test]
    fn a_code_without_a_name_and_a_response_without_a_remark_have_a_text() {
        let error = RemotingCommand::response(ResponseCode(20_001)).into_success().unwrap_err();
        assert_eq!(error.to_string(), format!("{}", ResponseCode(20_001)));
    }
}
