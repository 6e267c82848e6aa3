//! The outcome of a run.

use std::process::ExitCode;

/// A later variant overrides an earlier one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Verdict {
    Passed,
    /// A program is missing, so some cases did not run.
    Incomplete,
    Failed,
}

impl Verdict {
    pub(crate) fn of(failed: usize, missing: usize) -> Self {
        match (failed, missing) {
            (0, 0) => Self::Passed,
            (0, _) => Self::Incomplete,
            (_, _) => Self::Failed,
        }
    }
}

impl From<Verdict> for ExitCode {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Passed => Self::SUCCESS,
            Verdict::Failed => Self::FAILURE,
            Verdict::Incomplete => Self::from(3),
        }
    }
}
