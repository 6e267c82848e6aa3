//! The program's TLS, signed requests and PROXY protocol.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]
#![cfg(all(unix, feature = "bin", feature = "tls"))]

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use remoting::acl::{AclClientHook, SessionCredentials};
use remoting::model::header::WipeWritePermOfBrokerRequestHeader;
use remoting::model::operation::{GetBrokerClusterInfo, WipeWritePermOfBroker};
use remoting::tls::{ClientTls, ClientTlsConfig, TrustRoots};
use remoting::transport::{ProxyHeader, SendProxyHeader};
use remoting::{RemotingClient, RemotingClientBuilder, RpcError};
use tempfile::TempDir;

const MINUTE: Duration = Duration::from_secs(60);

/// The program, which is killed at the end of a test.
struct Program {
    process: Child,
    address: String,
    folder: TempDir,
}

impl Program {
    fn start(folder: TempDir, arguments: &[&str]) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_remoting-namesrv"))
            .args(["--listen", "127.0.0.1:0"])
            .args(arguments)
            .env("HOME", folder.path())
            .env("RUST_LOG", "info")
            .env_remove("NOTIFY_SOCKET")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim_end().strip_prefix("remoting-namesrv listening on ").unwrap().to_owned();
        Self { process, address, folder }
    }

    /// Asks for the brokers, as a client with these settings.
    async fn ask(&self, client: RemotingClientBuilder) -> Result<(), RpcError> {
        let client = client.build().unwrap();
        let answer = client.call(self.address.as_str(), GetBrokerClusterInfo, MINUTE).await;
        client.shutdown().await;
        answer.map(drop)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Ends the program, and returns its log.
    fn into_log(mut self) -> String {
        self.process.kill().unwrap();
        let mut log = String::new();
        self.process.stderr.take().unwrap().read_to_string(&mut log).unwrap();
        log
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn text(path: &Path) -> String {
    path.display().to_string()
}

/// Writes `certificate.pem` and `key.pem`.
fn write_certificate(folder: &TempDir) -> (String, String) {
    let made = rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap();
    let (certificate, key) = (folder.path().join("certificate.pem"), folder.path().join("key.pem"));
    fs::write(&certificate, made.cert.pem()).unwrap();
    fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    (text(&certificate), text(&key))
}

fn over_tls(program: &Program) -> RemotingClientBuilder {
    let roots = TrustRoots::file(program.file("certificate.pem"));
    RemotingClient::builder().tls(ClientTls::new(ClientTlsConfig::new(roots)).unwrap())
}

#[tokio::test]
async fn with_a_certificate_it_accepts_tls_alone_and_in_permissive_mode_plaintext_too() {
    for (mode, accepts_plaintext) in [("enforcing", false), ("permissive", true)] {
        let folder = tempfile::tempdir().unwrap();
        let (certificate, key) = write_certificate(&folder);
        let arguments = ["--tls-cert", &certificate, "--tls-key", &key, "--tls-mode", mode];
        let program = Program::start(folder, &arguments);
        program.ask(over_tls(&program)).await.unwrap();
        let plaintext = program.ask(RemotingClient::builder()).await;
        assert_eq!(plaintext.is_ok(), accepts_plaintext, "{mode}: {plaintext:?}");
    }
}

#[tokio::test]
async fn with_a_client_authority_it_refuses_a_client_without_a_certificate() {
    let folder = tempfile::tempdir().unwrap();
    let (certificate, key) = write_certificate(&folder);
    let arguments = ["--tls-cert", &certificate, "--tls-key", &key, "--tls-client-ca", &certificate];
    let program = Program::start(folder, &arguments);
    let refused = program.ask(over_tls(&program)).await;
    assert!(refused.is_err());
}

#[tokio::test]
async fn with_an_acl_file_it_answers_signed_requests_alone() {
    let folder = tempfile::tempdir().unwrap();
    let keys = folder.path().join("keys.properties");
    fs::write(&keys, "alice=open sesame\n").unwrap();
    let program = Program::start(folder, &["--acl", &text(&keys)]);
    let signed = |secret: &str| {
        let credentials = SessionCredentials::new("alice", secret).unwrap();
        RemotingClient::builder().hook(AclClientHook::new(credentials))
    };
    program.ask(signed("open sesame")).await.unwrap();
    for refused in [signed("open barley"), RemotingClient::builder()] {
        let error = program.ask(refused).await.unwrap_err();
        assert!(matches!(error, RpcError::Response { .. }), "{error}");
    }
}

#[tokio::test]
async fn the_log_shows_the_address_of_a_proxy_protocol_header_from_a_trusted_network() {
    for (network, is_trusted) in [("127.0.0.0/8", true), ("10.0.0.0/8", false)] {
        let program = Program::start(tempfile::tempdir().unwrap(), &["--proxy-protocol", network]);
        let header =
            ProxyHeader::proxied("203.0.113.9:51234".parse().unwrap(), "198.51.100.7:9876".parse().unwrap());
        let client = RemotingClient::builder().proxy_header(SendProxyHeader::new(header)).build().unwrap();
        let wipe = WipeWritePermOfBrokerRequestHeader { broker_name: "broker-a".to_owned() };
        let answer = client.call(program.address.as_str(), WipeWritePermOfBroker::from(wipe), MINUTE).await;
        assert_eq!(answer.is_ok(), is_trusted, "{network}: {answer:?}");
        client.shutdown().await;
        let log = program.into_log();
        assert_eq!(log.contains("203.0.113.9:51234"), is_trusted, "{log}");
    }
}
