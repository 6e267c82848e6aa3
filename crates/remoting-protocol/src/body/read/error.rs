//! An error that knows where in the text it arose.

use std::fmt;

use serde::de;

use crate::json::Fault;

#[derive(Debug)]
pub(super) struct ReadError {
    pub(super) reason: String,
    /// Unknown until the value whose reading failed adds it.
    pub(super) offset: Option<usize>,
}

impl ReadError {
    pub(super) fn at(offset: usize, reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), offset: Some(offset) }
    }

    /// Adds the place, unless a value further inside did.
    pub(super) fn or_at(mut self, offset: usize) -> Self {
        self.offset.get_or_insert(offset);
        self
    }
}

impl From<Fault> for ReadError {
    fn from(fault: Fault) -> Self {
        Self::at(fault.at, fault.what)
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl std::error::Error for ReadError {}

impl de::Error for ReadError {
    fn custom<T: fmt::Display>(reason: T) -> Self {
        Self { reason: reason.to_string(), offset: None }
    }
}
