//! Runs cases one after the other, each within a time of its own.

use std::future::Future;
use std::time::Duration;

use tokio::time::timeout;

use crate::interop::outcome::{CaseResult, Outcome};

const CASE_TIMEOUT: Duration = Duration::from_secs(20);

/// What a case returns that says nothing about this version.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct NotApplicable(pub(super) &'static str);

pub(super) struct Cases<'a> {
    only: &'a str,
    results: Vec<CaseResult>,
}

impl<'a> Cases<'a> {
    pub(super) const fn new(only: &'a str) -> Self {
        Self { only, results: Vec::new() }
    }

    /// Awaits a case, unless its name is not among those asked for.
    pub(super) async fn run(
        &mut self,
        name: impl Into<String>,
        case: impl Future<Output = anyhow::Result<()>>,
    ) {
        let name = name.into();
        if !name.contains(self.only) {
            return;
        }
        let outcome = match timeout(CASE_TIMEOUT, case).await {
            Ok(Ok(())) => Outcome::Pass,
            Ok(Err(error)) => match error.downcast_ref::<NotApplicable>() {
                Some(reason) => Outcome::NotApplicable(reason.to_string()),
                None => Outcome::failed(format_args!("{error:#}")),
            },
            Err(_elapsed) => Outcome::failed(format_args!("not over after {CASE_TIMEOUT:?}")),
        };
        self.results.push(CaseResult { name, outcome });
    }

    pub(super) fn into_results(self) -> Vec<CaseResult> {
        self.results
    }
}
