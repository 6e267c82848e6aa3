//! Errors of the prologue.

use std::{io, time::Duration};

use thiserror::Error;

/// Why a connection did not get past the steps before its first frame.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum PrologueError {
    /// A step exceeded its deadline.
    #[error("prologue step {step} was not done after {after:?}{}", in_brackets(*setter))]
    #[non_exhaustive]
    Timeout {
        /// The step's name.
        step: &'static str,
        /// The step's deadline.
        after: Duration,
        /// The setter of the deadline, if there is one.
        setter: Option<&'static str>,
    },
    /// The steps together exceeded
    /// [`ListenerOptions::prologue_timeout`](crate::ListenerOptions::prologue_timeout).
    #[error("the steps before the first frame were not done after {after:?} (prologue_timeout)")]
    #[non_exhaustive]
    TooLong {
        /// The prologue time-out.
        after: Duration,
    },
    /// The peer closed the connection without sending a byte. Usually a health check.
    #[error("the connection was closed before prologue step {step} saw a byte of it")]
    #[non_exhaustive]
    Closed {
        /// The step's name.
        step: &'static str,
    },
    /// The peer kept the connection open without sending a byte.
    #[error("prologue step {step} saw no byte of the connection")]
    #[non_exhaustive]
    Silent {
        /// The step's name.
        step: &'static str,
    },
    /// A step panicked.
    #[error("prologue step {step} panicked: {text}")]
    #[non_exhaustive]
    Panicked {
        /// The step's name.
        step: &'static str,
        /// The panic message.
        text: Box<str>,
    },
    /// A step refused the connection.
    #[error("prologue step {step} refused the connection: {why}")]
    #[non_exhaustive]
    Refused {
        /// The step's name.
        step: &'static str,
        /// The reason.
        why: Box<str>,
    },
    /// The connection broke during a step.
    #[error("prologue step {step} failed")]
    #[non_exhaustive]
    Io {
        /// The step's name.
        step: &'static str,
        /// The I/O error.
        source: io::Error,
    },
}

fn in_brackets(setter: Option<&'static str>) -> String {
    setter.map(|setter| format!(" ({setter})")).unwrap_or_default()
}

impl PrologueError {
    /// Creates the error of a step that refuses a connection. `step` is the step's
    /// [name](crate::PrologueStep::name).
    pub fn refused(step: &'static str, why: impl Into<Box<str>>) -> Self {
        Self::Refused { step, why: why.into() }
    }

    /// Creates the error of a step whose connection broke. `step` is the step's [name](crate::PrologueStep::name).
    pub const fn io(step: &'static str, source: io::Error) -> Self {
        Self::Io { step, source }
    }

    /// Creates the error of a step whose peer closed the connection without sending a byte. A listener logs it at
    /// level DEBUG only. `step` is the step's [name](crate::PrologueStep::name).
    pub const fn closed(step: &'static str) -> Self {
        Self::Closed { step }
    }
}
