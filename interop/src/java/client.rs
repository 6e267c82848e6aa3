//! The Java client.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::bail;
use tokio::process::Command;
use tokio::time::{Instant, timeout_at};

use super::Drivers;
use super::process::JavaProcess;
use crate::contract::ServerAddrs;
use crate::outcome::{CaseResult, Outcome};

/// The time limit for all cases together.
const RUN_TIMEOUT: Duration = Duration::from_secs(180);

/// Runs the `ClientDriver` against these servers and collects the outcome of each case.
pub(crate) async fn run_client(
    drivers: &Drivers,
    servers: &ServerAddrs,
    forwarder: SocketAddr,
    only: &str,
) -> anyhow::Result<Vec<CaseResult>> {
    let mut command = drivers.command("client.ClientDriver");
    for (option, addr) in [
        ("--main", servers.main),
        ("--idle", servers.idle),
        ("--drain", servers.drain),
        ("--forward", forwarder),
    ] {
        command.args([option, &addr.to_string()]);
    }
    command.args(["--only", only]);
    let results = run_cases(command, RUN_TIMEOUT).await?;
    if results.is_empty() && only.is_empty() {
        bail!("the Java client ran no case");
    }
    Ok(results)
}

/// Runs a driver that prints the outcome of each case, and collects these.
pub(crate) async fn run_cases(command: Command, limit: Duration) -> anyhow::Result<Vec<CaseResult>> {
    let mut process = JavaProcess::spawn(command)?;
    let deadline = Instant::now() + limit;
    let mut results = Vec::new();
    loop {
        match timeout_at(deadline, process.line()).await {
            Ok(Ok(Some(line))) => results.extend(parse(&line)),
            Ok(Ok(None)) => break,
            Ok(Err(error)) => return Err(error),
            Err(_elapsed) => bail!("the driver was not done after {limit:?}\n{}", process.complaint()),
        }
    }
    if let Err(error) = process.exited().await {
        results.push(CaseResult::run_failed(&error));
    }
    Ok(results)
}

/// Reads `CASE name PASS|FAIL|NA reason`; ignores other lines.
fn parse(line: &str) -> Option<CaseResult> {
    let mut words = line.strip_prefix("CASE ")?.splitn(3, ' ');
    let name = words.next()?.to_owned();
    let outcome = words.next()?;
    let reason = words.next().unwrap_or_default().to_owned();
    let outcome = match outcome {
        "PASS" => Outcome::Pass,
        "NA" => Outcome::NotApplicable(reason),
        _ => Outcome::failed(reason),
    };
    Some(CaseResult { name, outcome })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_line_gives_name_outcome_and_reason() {
        let parsed = |line: &str| parse(line).map(|result| (result.name, result.outcome));
        assert_eq!(parsed("CASE sync/json PASS"), Some(("sync/json".to_owned(), Outcome::Pass)));
        let refused = Outcome::Fail("expected 1, got 2".to_owned());
        assert_eq!(parsed("CASE push FAIL expected 1, got 2"), Some(("push".to_owned(), refused)));
        let absent = Outcome::NotApplicable("not in 4.9".to_owned());
        assert_eq!(parsed("CASE go-away NA not in 4.9"), Some(("go-away".to_owned(), absent)));
        assert_eq!(parsed("RocketMQLog:WARN no logger"), None);
    }
}
