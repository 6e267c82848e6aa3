//! The outcome of a case.

/// The outcome of one case in one direction against one version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Outcome {
    Pass,
    Fail(String),
    /// The version, or the side that runs the case, lacks the tested feature.
    NotApplicable(String),
    /// A program that the case needs is not installed.
    Skipped(String),
}

impl Outcome {
    pub(super) fn failed(reason: impl std::fmt::Display) -> Self {
        Self::Fail(printable(&reason.to_string()))
    }

    pub(super) const fn word(&self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail(_) => "FAIL",
            Self::NotApplicable(_) => "n.a.",
            Self::Skipped(_) => "skip",
        }
    }

    pub(super) fn reason(&self) -> Option<&str> {
        match self {
            Self::Pass => None,
            Self::Fail(reason) | Self::NotApplicable(reason) | Self::Skipped(reason) => Some(reason),
        }
    }
}

/// The longest reason, in characters, because compared texts may be long.
const MAX_REASON: usize = 800;

/// Returns the text on one line, without control characters.
fn printable(text: &str) -> String {
    let mut line = String::new();
    for character in text.trim_end().chars().take(MAX_REASON) {
        if character.is_control() {
            line.extend(character.escape_default());
        } else {
            line.push(character);
        }
    }
    line
}

/// A case and its outcome.
#[derive(Debug, Clone)]
pub(super) struct CaseResult {
    pub(super) name: String,
    pub(super) outcome: Outcome,
}

impl CaseResult {
    /// Represents all cases of a run that failed before its first case.
    pub(super) fn run_failed(error: &anyhow::Error) -> Self {
        Self { name: "(run)".to_owned(), outcome: Outcome::failed(format_args!("{error:#}")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_one_printable_line() {
        assert_eq!(Outcome::failed("a\nb\0 é\n").reason(), Some("a\\nb\\u{0} é"));
    }
}
