//! The program: it starts, serves, and ends when it is told to.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]
#![cfg(all(unix, feature = "bin"))]

use std::io::{BufRead as _, BufReader};
use std::os::unix::net::UnixDatagram;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use remoting::RemotingClient;

use remoting::model::operation::GetBrokerClusterInfo;
use tempfile::TempDir;

const MINUTE: Duration = Duration::from_secs(60);

fn command(folder: &TempDir) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_remoting-namesrv"));
    command.env("HOME", folder.path()).env_remove("NOTIFY_SOCKET");
    command
}

/// Waits for the line that says that the program is ready, and returns its addresses.
fn addresses(program: &mut Child) -> Vec<String> {
    let mut line = String::new();
    BufReader::new(program.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let addresses = line.trim_end().strip_prefix("remoting-namesrv listening on ").unwrap();
    addresses.split(", ").map(ToOwned::to_owned).collect()
}

fn signal(program: &Child, name: &str) {
    let status = Command::new("kill").args(["-s", name, &program.id().to_string()]).status().unwrap();
    assert!(status.success());
}

#[tokio::test]
async fn it_serves_on_all_addresses_and_ends_at_a_signal_with_success() {
    for name in ["TERM", "INT"] {
        let folder = tempfile::tempdir().unwrap();
        let notified = UnixDatagram::bind(folder.path().join("notify")).unwrap();
        notified.set_read_timeout(Some(MINUTE)).unwrap();
        let mut program = command(&folder)
            .args(["--listen", "127.0.0.1:0", "--listen", "127.0.0.1:0"])
            .env("NOTIFY_SOCKET", folder.path().join("notify"))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let addresses = addresses(&mut program);
        assert_eq!(addresses.len(), 2);
        let client = RemotingClient::builder().build().unwrap();
        for address in addresses {
            let info = client.call(address.as_str(), GetBrokerClusterInfo, MINUTE).await.unwrap();
            assert!(info.broker_addr_table.is_empty());
        }
        client.shutdown().await;
        signal(&program, name);
        assert!(program.wait().unwrap().success());
        let mut state = [0; 32];
        for expected in ["READY=1", "STOPPING=1"] {
            let length = notified.recv(&mut state).unwrap();
            assert_eq!(&state[..length], expected.as_bytes());
        }
    }
}

#[test]
fn it_prints_its_configuration() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("namesrv.conf");
    std::fs::write(&file, "listenPort=9877\norderMessageEnable=true\nlistenprot=1\n").unwrap();
    let output = command(&folder).arg("--print-config").arg("--config").arg(&file).output().unwrap();
    assert!(output.status.success());
    let printed = String::from_utf8(output.stdout).unwrap();
    let kv_config = folder.path().join("namesrv").join("kvConfig.json");
    for line in
        ["listenPort=9877", "orderMessageEnable=true", &format!("kvConfigPath={}", kv_config.display())]
    {
        assert!(printed.lines().any(|printed| printed == line), "{line} in {printed}");
    }
    let log = String::from_utf8(output.stderr).unwrap();
    assert!(log.contains("listenprot"), "an unknown key is named: {log}");
}

#[test]
fn a_wrong_configuration_is_an_error_that_names_the_file_and_the_key() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("namesrv.conf");
    std::fs::write(&file, "orderMessageEnable=yes\n").unwrap();
    let output = command(&folder).arg("--config").arg(&file).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let log = String::from_utf8(output.stderr).unwrap();
    for part in ["namesrv.conf", "orderMessageEnable", "true or false"] {
        assert!(log.contains(part), "{part} in {log}");
    }
}
