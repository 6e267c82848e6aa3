//! The error of the reader, with its position.

use std::fmt;

use serde::de;

use crate::json::Fault;

#[derive(Debug)]
pub(super) struct ReadError {
    pub(super) reason: String,
    /// The position in bytes. `None` until the failed value adds it.
    pub(super) offset: Option<usize>,
}

impl ReadError {
    pub(super) fn at(offset: usize, reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), offset: Some(offset) }
    }

    /// Adds the position, unless an inner value added its own.
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
