//! The services of `examples/greeter`, called by Java over remoting and by `grpcurl` over gRPC.

mod grpcurl;

use std::time::Duration;

use anyhow::{Context, anyhow};

pub(super) use self::grpcurl::run as run_grpcurl;
use crate::java::{Drivers, run_cases};
use crate::outcome::CaseResult;

/// The time limit for all cases of a Java client.
const RUN_TIMEOUT: Duration = Duration::from_secs(60);

/// Runs the cases of a Java client.
pub(super) async fn run(drivers: &Drivers, only: &str) -> anyhow::Result<Vec<CaseResult>> {
    let server = greeter::serve("127.0.0.1:0").await.map_err(|error| anyhow!(error))?;
    let descriptors = std::env::temp_dir().join(format!(
        "remoting-greeter-{}-{}.bin",
        std::process::id(),
        drivers.version()
    ));
    std::fs::write(&descriptors, greeter::helloworld::FILE_DESCRIPTOR_SET)
        .with_context(|| format!("cannot write {}", descriptors.display()))?;
    let mut command = drivers.command("client.ServiceDriver");
    command.arg(server.local_addr().to_string()).arg(&descriptors).arg(only);
    let results = run_cases(command, RUN_TIMEOUT).await;
    server.shutdown().await;
    // At worst the file stays in the directory for temporary files.
    let _ = std::fs::remove_file(&descriptors);
    results
}
