//! `grpcurl` lists and calls the services, by gRPC's reflection, on the port of a remoting server.

use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, anyhow, ensure};
use tokio::process::Command;
use tokio::time::timeout;

use crate::verdict::Verdict;

/// The time limit of a call.
const CALL_TIMEOUT: Duration = Duration::from_secs(30);

/// A call that succeeds.
struct Case {
    name: &'static str,
    options: &'static [&'static str],
    /// What follows the address.
    verb: &'static [&'static str],
    /// Texts in the output.
    expected: &'static [&'static str],
}

const CASES: [Case; 6] = [
    Case {
        name: "list",
        options: &[],
        verb: &["list"],
        expected: &["helloworld.Greeter\n", "grpc.health.v1.Health\n"],
    },
    Case {
        name: "describe",
        options: &[],
        verb: &["describe", "helloworld.Greeter.SayHello"],
        expected: &["rpc SayHello ( .helloworld.HelloRequest )", "20001"],
    },
    Case {
        name: "call",
        options: &["-d", r#"{"name": "grpcurl"}"#],
        verb: &["helloworld.Greeter/SayHello"],
        expected: &[r#""message": "Hello, grpcurl!""#],
    },
    Case {
        name: "call with metadata",
        options: &["-H", "greeting: Bonjour", "-d", r#"{"name": "grpcurl"}"#],
        verb: &["helloworld.Greeter/SayHello"],
        expected: &[r#""message": "Bonjour, grpcurl!""#],
    },
    Case {
        name: "stream",
        options: &["-d", r#"{"name": "grpcurl"}"#],
        verb: &["helloworld.Greeter/SayManyHellos"],
        expected: &["Hello, grpcurl!", "Bonjour, grpcurl!", "Ni hao, grpcurl!"],
    },
    Case {
        name: "health",
        options: &["-d", r#"{"service": "helloworld.Greeter"}"#],
        verb: &["grpc.health.v1.Health/Check"],
        expected: &[r#""status": "SERVING""#],
    },
];

/// Runs all cases and prints one line for each.
pub(crate) async fn run() -> Verdict {
    let found = std::process::Command::new("grpcurl").arg("-version").stdin(Stdio::null()).output().is_ok();
    if !found {
        eprintln!("grpcurl is missing: go install github.com/fullstorydev/grpcurl/cmd/grpcurl@latest");
        return Verdict::Incomplete;
    }
    let server = match greeter::serve("127.0.0.1:0").await {
        Ok(server) => server,
        Err(error) => {
            println!("FAIL  grpcurl: {error}");
            return Verdict::Failed;
        }
    };
    let address = server.local_addr().to_string();
    let mut failed = 0;
    let mut report = |case: &str, result: anyhow::Result<()>| match result {
        Ok(()) => println!("pass  grpcurl {case}"),
        Err(error) => {
            failed += 1;
            println!("FAIL  grpcurl {case}: {error:#}");
        }
    };
    for case in CASES {
        report(case.name, succeeds(&case, &address).await);
    }
    report("status", fails(&address).await);
    server.shutdown().await;
    Verdict::of(failed, 0)
}

async fn succeeds(case: &Case, address: &str) -> anyhow::Result<()> {
    let output = grpcurl(case.options, address, case.verb).await?;
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    ensure!(output.status.success(), "{}: {}", output.status, stderr.trim_end());
    for text in case.expected {
        ensure!(stdout.contains(text), "no {text:?} in {stdout:?}");
    }
    Ok(())
}

/// Calls without a name, and checks that the error is that of the method.
async fn fails(address: &str) -> anyhow::Result<()> {
    let output = grpcurl(&[], address, &["helloworld.Greeter/SayHello"]).await?;
    let stderr = String::from_utf8_lossy(&output.stderr);
    ensure!(!output.status.success(), "a request without a name was served");
    for text in ["Code: InvalidArgument", "Message: the request has no name"] {
        ensure!(stderr.contains(text), "no {text:?} in {stderr:?}");
    }
    Ok(())
}

async fn grpcurl(options: &[&str], address: &str, verb: &[&str]) -> anyhow::Result<std::process::Output> {
    let mut command = Command::new("grpcurl");
    command.arg("-plaintext").args(options).arg(address).args(verb).stdin(Stdio::null()).kill_on_drop(true);
    let output = timeout(CALL_TIMEOUT, command.output()).await;
    output.map_err(|_elapsed| anyhow!("not done after {CALL_TIMEOUT:?}"))?.context("starting grpcurl")
}
