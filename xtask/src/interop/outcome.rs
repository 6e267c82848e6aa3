//! How a case ended.

/// The end of one case in one direction against one version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Outcome {
    Pass,
    Fail(String),
    /// The version, or the side that runs the case, does not have what the case is about.
    NotApplicable(String),
}

impl Outcome {
    pub(super) const fn word(&self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail(_) => "FAIL",
            Self::NotApplicable(_) => "n.a.",
        }
    }

    pub(super) fn reason(&self) -> Option<&str> {
        match self {
            Self::Pass => None,
            Self::Fail(reason) | Self::NotApplicable(reason) => Some(reason),
        }
    }
}

/// A case and its end.
#[derive(Debug, Clone)]
pub(super) struct CaseResult {
    pub(super) name: String,
    pub(super) outcome: Outcome,
}

impl CaseResult {
    /// Stands for all cases of a run that did not come to them.
    pub(super) fn run_failed(error: &anyhow::Error) -> Self {
        Self { name: "(run)".to_owned(), outcome: Outcome::Fail(format!("{error:#}")) }
    }
}
