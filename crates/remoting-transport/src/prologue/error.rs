//! Why a connection did not get past its prologue.

use std::{io, time::Duration};

use thiserror::Error;

/// Why a connection did not get past the steps before its first frame.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum PrologueError {
    /// A step took longer than it may.
    #[error("prologue step {step} was not done after {after:?}")]
    Timeout {
        /// The step's name.
        step: &'static str,
        /// The time it was given.
        after: Duration,
    },
    /// The steps together took longer than they may.
    #[error("the steps before the first frame were not done after {after:?}")]
    TooLong {
        /// The time they were given: [`ListenerOptions::prologue_timeout`](crate::ListenerOptions::prologue_timeout).
        after: Duration,
    },
    /// The peer closed the connection without a byte: a health check, most likely.
    #[error("the connection was closed before prologue step {step} saw a byte of it")]
    Closed {
        /// The step's name.
        step: &'static str,
    },
    /// The peer let the connection lie without a byte.
    #[error("prologue step {step} saw no byte of the connection")]
    Silent {
        /// The step's name.
        step: &'static str,
    },
    /// A step panicked.
    #[error("prologue step {step} panicked: {text}")]
    Panicked {
        /// The step's name.
        step: &'static str,
        /// The text of the panic.
        text: Box<str>,
    },
    /// A step refused the connection.
    #[error("prologue step {step} refused the connection: {why}")]
    Refused {
        /// The step's name.
        step: &'static str,
        /// What it did not like.
        why: Box<str>,
    },
    /// The connection broke in a step.
    #[error("prologue step {step} failed")]
    Io {
        /// The step's name.
        step: &'static str,
        /// What the system said.
        source: io::Error,
    },
}
