use std::error::Error;
use std::fmt;

use remoting_transport::protocol::{ErrorChain, ResponseCode};

/// A response code and remark that replace the processor's response. Java: `AbortProcessException`.
///
/// Hooks, the request pipeline and processors return it, usually with `?`. A refusal is a response, not a
/// failure: it is not logged. See [`ProcessorError`] for when to use it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {remark}")]
pub struct Refusal {
    /// The code of the response.
    pub code: ResponseCode,
    /// The remark of the response.
    pub remark: String,
}

impl Refusal {
    /// Creates a refusal with a code and a remark.
    pub fn new(code: ResponseCode, remark: impl Into<String>) -> Self {
        Self { code, remark: remark.into() }
    }
}

/// The error of a processor, hook or request pipeline. Every error converts into it with `?`.
///
/// | a processor returns | the peer gets | the log has |
/// |---|---|---|
/// | `Ok(response)` with a code other than `SUCCESS` | the response | nothing |
/// | `Err` of a [`Refusal`] | its code and remark | nothing |
/// | `Err` of anything else | `SYSTEM_ERROR` (1) and the error's text, followed by the texts of its sources | the error, at a bounded rate |
///
/// The first two are equal on the wire. Return a response if a negative response is a result of the request,
/// such as `TOPIC_NOT_EXIST` or `PULL_NOT_FOUND`, or if it has ext fields or a body. Refuse if the request
/// ends early: in a function that does not create the response, in a hook, in a pipeline. One-way requests
/// get no response. Unlike Java's remark, the remark names no source line.
///
/// `?` converts every type that converts into a `Box<dyn Error + Send + Sync>`: all errors, such a box,
/// `anyhow::Error`, and strings. Like `anyhow::Error`, this type does not implement [`Error`] itself, which
/// would conflict with that conversion. A `Refusal` that is wrapped in another error is
/// a failure.
///
/// ```
/// use remoting_rpc::transport::protocol::{RemotingCommand, ResponseCode};
/// use remoting_rpc::{ProcessorError, Refusal, RequestContext};
///
/// fn capacity(text: &str) -> Result<u32, Box<dyn std::error::Error + Send + Sync>> {
///     Ok(text.parse()?)
/// }
///
/// async fn resize(_ctx: RequestContext, request: RemotingCommand) -> Result<RemotingCommand, ProcessorError> {
///     let Some(text) = request.ext_field("capacity") else {
///         return Err(Refusal::new(ResponseCode::SYSTEM_ERROR, "capacity is missing").into());
///     };
///     let capacity = capacity(text)?;
///     if capacity == 0 {
///         return Err("capacity is zero".into());
///     }
///     Ok(RemotingCommand::response_to(&request, ResponseCode::SUCCESS))
/// }
/// ```
pub struct ProcessorError(Box<dyn Error + Send + Sync + 'static>);

/// The largest remark made from an error, in bytes. Longer remarks are truncated.
const MAX_REMARK: usize = 4096;

impl ProcessorError {
    /// Creates an error from another error, which keeps its sources, or from a string. `?` and `into()` do
    /// the same.
    pub fn new(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self(error.into())
    }

    /// Returns the error before its conversion.
    #[must_use]
    pub fn as_error(&self) -> &(dyn Error + Send + Sync + 'static) {
        &*self.0
    }

    pub(crate) fn as_refusal(&self) -> Option<&Refusal> {
        self.0.downcast_ref()
    }

    pub(crate) fn is_refusal(&self) -> bool {
        self.as_refusal().is_some()
    }

    /// Returns the remark of the response: the error and its sources, each once.
    pub(crate) fn remark(&self) -> String {
        let mut text = ErrorChain(self.as_error()).to_string();
        let end = (0..=MAX_REMARK.min(text.len())).rev().find(|&end| text.is_char_boundary(end));
        text.truncate(end.unwrap_or(0));
        text
    }

    pub(crate) fn into_inner(self) -> Box<dyn Error + Send + Sync + 'static> {
        self.0
    }
}

impl<E: Into<Box<dyn Error + Send + Sync>>> From<E> for ProcessorError {
    fn from(error: E) -> Self {
        Self::new(error)
    }
}

impl fmt::Display for ProcessorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Debug for ProcessorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("store is read-only")]
    struct StoreError(#[source] std::io::Error);

    #[test]
    fn the_remark_of_an_error_has_its_sources_and_no_source_line() {
        let error = ProcessorError::from(StoreError(std::io::Error::other("disk full")));
        assert_eq!(error.remark(), "store is read-only: disk full");
    }

    #[test]
    fn question_marks_convert_boxed_errors_anyhow_errors_and_strings_with_their_sources() {
        fn boxed() -> Result<(), ProcessorError> {
            let error: Box<dyn Error + Send + Sync> = StoreError(std::io::Error::other("disk full")).into();
            Err(error)?
        }
        fn anyhows() -> Result<(), ProcessorError> {
            Err(anyhow::Error::new(std::io::Error::other("disk full")).context("store is read-only"))?
        }
        fn text() -> Result<(), ProcessorError> {
            Err("store is read-only: disk full")?
        }
        for result in [boxed(), anyhows(), text()] {
            assert_eq!(result.unwrap_err().remark(), "store is read-only: disk full");
        }
    }

    #[test]
    fn a_refusal_converted_into_an_error_is_still_a_refusal() {
        let refusal = Refusal::new(ResponseCode(16), "denied");
        assert_eq!(ProcessorError::from(refusal.clone()).as_refusal(), Some(&refusal));
    }

    #[test]
    fn a_very_long_error_is_truncated_at_a_character() {
        let remark = ProcessorError::new("é".repeat(MAX_REMARK) + "x").remark();
        assert_eq!(remark.len(), MAX_REMARK);
        let remark = ProcessorError::new("x".to_owned() + &"é".repeat(MAX_REMARK)).remark();
        assert_eq!(remark.len(), MAX_REMARK - 1);
    }
}
