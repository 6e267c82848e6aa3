use thiserror::Error;

use crate::{BodyError, HeaderError};

/// The error of reading or writing the content of a command: its typed header or its body.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ContentError {
    /// The typed header cannot be read or written.
    #[error(transparent)]
    Header(#[from] HeaderError),
    /// The body cannot be read or written.
    #[error(transparent)]
    Body(#[from] BodyError),
}
