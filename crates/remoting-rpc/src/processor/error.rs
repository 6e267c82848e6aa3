use std::error::Error;
use std::fmt;

use remoting_transport::protocol::{ErrorChain, ResponseCode};

/// Ends the processing of a request with a response of this code and remark. Java: `AbortProcessException`.
///
/// Hooks, the request pipeline and processors return it, usually with `?`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {remark}")]
pub struct AbortProcess {
    /// The code of the response.
    pub code: ResponseCode,
    /// The remark of the response.
    pub remark: String,
}

/// Why a processor, hook or request pipeline gives up on a request. Any error converts into it with `?`.
///
/// The peer gets an answer unless its request was one-way: an [`AbortProcess`] its own code and remark, any
/// other error `SYSTEM_ERROR` (1) with the error's text, followed by the texts of its sources. Unlike Java's
/// remark, ours names no source line.
///
/// Like `anyhow::Error`, it does not implement [`Error`] itself, so that `?` can convert from everything that does.
pub struct ProcessorError(Box<dyn Error + Send + Sync + 'static>);

/// Remarks made from errors are cut to so many bytes.
const MAX_REMARK: usize = 4096;

impl ProcessorError {
    /// An error with just a text.
    pub fn msg(text: impl Into<String>) -> Self {
        Self(Box::<dyn Error + Send + Sync>::from(text.into()))
    }

    /// Answers the request with this code and remark.
    pub fn abort(code: ResponseCode, remark: impl Into<String>) -> Self {
        Self(Box::new(AbortProcess { code, remark: remark.into() }))
    }

    /// The error as it was before its conversion.
    #[must_use]
    pub fn as_error(&self) -> &(dyn Error + Send + Sync + 'static) {
        &*self.0
    }

    pub(crate) fn as_abort(&self) -> Option<&AbortProcess> {
        self.0.downcast_ref()
    }

    pub(crate) fn is_abort(&self) -> bool {
        self.as_abort().is_some()
    }

    /// The remark to answer with: the error and its sources, each once.
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

impl<E: Error + Send + Sync + 'static> From<E> for ProcessorError {
    fn from(error: E) -> Self {
        Self(Box::new(error))
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
    fn the_remark_of_an_error_tells_its_sources_and_no_source_line() {
        let error = ProcessorError::from(StoreError(std::io::Error::other("disk full")));
        assert_eq!(error.remark(), "store is read-only: disk full");
    }

    #[test]
    fn an_abort_is_found_in_the_error_that_it_became() {
        let abort = AbortProcess { code: ResponseCode(16), remark: "denied".to_owned() };
        assert_eq!(ProcessorError::from(abort.clone()).as_abort(), Some(&abort));
    }

    #[test]
    fn a_very_long_error_is_cut_at_a_character() {
        let remark = ProcessorError::msg("é".repeat(MAX_REMARK) + "x").remark();
        assert_eq!(remark.len(), MAX_REMARK);
        let remark = ProcessorError::msg("x".to_owned() + &"é".repeat(MAX_REMARK)).remark();
        assert_eq!(remark.len(), MAX_REMARK - 1);
    }
}
