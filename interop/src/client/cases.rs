//! Runs cases one after the other, each with its own time limit.

use std::future::Future;
use std::time::Duration;

use tokio::time::timeout;

use crate::outcome::{CaseResult, Outcome};

const CASE_TIMEOUT: Duration = Duration::from_secs(20);

/// The error of a case that does not apply to this version.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct NotApplicable(pub(crate) &'static str);

/// The error of a case whose program is not installed.
#[derive(Debug, thiserror::Error)]
#[error("{0} is missing")]
pub(crate) struct Missing(pub(crate) &'static str);

pub(crate) struct Cases<'a> {
    only: &'a str,
    results: Vec<CaseResult>,
}

impl<'a> Cases<'a> {
    pub(crate) const fn new(only: &'a str) -> Self {
        Self { only, results: Vec::new() }
    }

    /// Runs a case if its name is selected.
    pub(crate) async fn run(
        &mut self,
        name: impl Into<String>,
        case: impl Future<Output = anyhow::Result<()>>,
    ) {
        self.run_within(CASE_TIMEOUT, name, case).await;
    }

    /// Runs a case that may take longer, if its name is selected.
    pub(crate) async fn run_within(
        &mut self,
        limit: Duration,
        name: impl Into<String>,
        case: impl Future<Output = anyhow::Result<()>>,
    ) {
        let name = name.into();
        if !name.contains(self.only) {
            return;
        }
        let outcome = match timeout(limit, case).await {
            Ok(Ok(())) => Outcome::Pass,
            Ok(Err(error)) => not_passed(&error),
            Err(_elapsed) => Outcome::failed(format_args!("not over after {limit:?}")),
        };
        self.results.push(CaseResult { name, outcome });
    }

    pub(crate) fn into_results(self) -> Vec<CaseResult> {
        self.results
    }
}

fn not_passed(error: &anyhow::Error) -> Outcome {
    if let Some(reason) = error.downcast_ref::<NotApplicable>() {
        Outcome::NotApplicable(reason.to_string())
    } else if let Some(missing) = error.downcast_ref::<Missing>() {
        Outcome::Skipped(missing.to_string())
    } else {
        Outcome::failed(format_args!("{error:#}"))
    }
}
