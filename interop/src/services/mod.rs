//! The services of `examples/greeter`: called by Java over remoting and by `grpcurl` over gRPC, and served by Java.

mod descriptors;
mod grpcurl;
mod java_server;

use std::time::Duration;

use anyhow::anyhow;

use self::descriptors::Descriptors;
pub(super) use self::grpcurl::run as run_grpcurl;
pub(super) use self::java_server::run as call_java;
use crate::java::{Drivers, run_cases};
use crate::outcome::CaseResult;

/// The time limit for all cases of a Java client.
const RUN_TIMEOUT: Duration = Duration::from_secs(60);

/// Runs the cases of a Java client.
pub(super) async fn run(drivers: &Drivers, only: &str) -> anyhow::Result<Vec<CaseResult>> {
    let descriptors = Descriptors::write(drivers)?;
    let server = greeter::serve("127.0.0.1:0").await.map_err(|error| anyhow!(error))?;
    let mut command = drivers.command("client.ServiceDriver");
    command.arg(server.local_addr().to_string()).arg(descriptors.path()).arg(only);
    let results = run_cases(command, RUN_TIMEOUT).await;
    server.shutdown().await;
    results
}
