//! The message codec beside Java's: random messages, batches, ids and texts of POP, written by one side and read by the
//! other.

#[path = "../../../../crates/remoting-model/tests/messages/describe.rs"]
mod describe;
mod ids;
mod java_messages;
mod lists;
mod pop;
#[path = "../../../../crates/remoting-model/tests/messages/random.rs"]
mod random;

use std::future::Future;

use self::java_messages::JavaMessages;
use super::PREFIX;
use crate::java::Drivers;
use crate::outcome::{CaseResult, Outcome};

/// The number of messages in one list or batch.
const CHUNK: usize = 5_000;

/// Runs all cases, with this number of messages in each direction.
pub(super) async fn run(drivers: &Drivers, messages: usize) -> Vec<CaseResult> {
    let mut java = match JavaMessages::start(drivers) {
        Ok(java) => java,
        Err(error) => return vec![CaseResult::run_failed(&error)],
    };
    let chunks: Vec<(u64, usize)> =
        (0..messages).step_by(CHUNK).map(|start| (start as u64, CHUNK.min(messages - start))).collect();
    let mut results = vec![
        case("written-by-us", lists::written_by_us(&mut java, &chunks)).await,
        case("written-by-java", lists::written_by_java(&mut java, &chunks)).await,
        case("batches-written-by-us", lists::batches_written_by_us(&mut java, &chunks)).await,
        case("batches-written-by-java", lists::batches_written_by_java(&mut java, &chunks)).await,
        case("ids", ids::compare(&mut java)).await,
    ];
    if java.is_v5() {
        results.push(case("pop", pop::compare(&mut java)).await);
    }
    java.end().await;
    results
}

async fn case(name: &str, case: impl Future<Output = anyhow::Result<()>>) -> CaseResult {
    let outcome = match case.await {
        Ok(()) => Outcome::Pass,
        Err(error) => Outcome::failed(format_args!("{error:#}")),
    };
    CaseResult { name: format!("{PREFIX}messages-{name}"), outcome }
}
