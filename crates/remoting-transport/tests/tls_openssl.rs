//! Handshakes with OpenSSL's client and server. Skipped, with a message, if `openssl` is not installed.
#![cfg(feature = "tls")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by a panic")]

mod certificates;
mod support;

use std::{process::Stdio, time::Duration};

use certificates::{Authority, Folder};
use remoting_transport::{
    Address, ConnectOptions, ListenerOptions,
    tls::{ClientAuth, ClientTls, ClientTlsConfig, ServerTls, ServerTlsConfig, TlsIdentity, TrustRoots},
};
use support::{Echo, plain, serve};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    process::{Child, Command},
};

const VERSIONS: [(&str, &str); 2] = [("TLSv1.2", "-tls1_2"), ("TLSv1.3", "-tls1_3")];

async fn openssl_is_missing() -> bool {
    let found = Command::new("openssl").arg("version").stdout(Stdio::null()).status().await;
    let missing = found.is_err();
    if missing {
        println!("skipped: the program openssl is not installed");
    }
    missing
}

struct Setup {
    folder: Folder,
    authority: Authority,
}

impl Setup {
    fn new(name: &str) -> Self {
        let (folder, authority) = (Folder::new(name), Authority::new(name));
        folder.write("ca.pem", authority.pem());
        for (name, issued) in [
            ("server", authority.server(&["localhost", "127.0.0.1"])),
            ("client", authority.client("client")),
        ] {
            folder.write(&format!("{name}.pem"), issued.certificate);
            folder.write(&format!("{name}.key"), issued.key);
        }
        Self { folder, authority }
    }

    fn identity(&self, name: &str) -> TlsIdentity {
        TlsIdentity::files(self.folder.path(&format!("{name}.pem")), self.folder.path(&format!("{name}.key")))
    }

    fn roots(&self) -> TrustRoots {
        TrustRoots::file(self.folder.path("ca.pem"))
    }
}

#[tokio::test]
async fn openssl_s_client_is_served_by_both_versions() {
    if openssl_is_missing().await {
        return;
    }
    let setup = Setup::new("s_client");
    let config =
        ServerTlsConfig::new(setup.identity("server")).client_auth(ClientAuth::Require, setup.roots());
    let bootstrap = plain().prologue_step(ServerTls::new(config).unwrap().step());
    let served = serve("127.0.0.1:0", ListenerOptions::default(), bootstrap, |_| Box::new(Echo)).await;

    for (version, flag) in VERSIONS {
        let mut child = Command::new("openssl")
            .args(["s_client", "-connect", &served.address.to_string(), flag, "-verify_return_error"])
            .args([
                "-verify_ip",
                "127.0.0.1",
                "-brief",
                "-CAfile",
                "ca.pem",
                "-cert",
                "client.pem",
                "-key",
                "client.key",
            ])
            .current_dir(&setup.folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        // A frame of the simplest kind, which is echoed: `s_client` prints what it receives.
        let header = br#"{"code":7,"flag":0,"language":"JAVA","opaque":0,"version":1}"#;
        let mut frame = u32::try_from(4 + header.len()).unwrap().to_be_bytes().to_vec();
        frame.extend(u32::try_from(header.len()).unwrap().to_be_bytes());
        frame.extend_from_slice(header);
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(&frame).await.unwrap();
        stdin.flush().await.unwrap();
        let mut received = vec![0; 8];
        child.stdout.take().unwrap().read_exact(&mut received).await.unwrap();
        assert_eq!(received[4], 0, "a JSON header");
        drop(stdin);
        let output = child.wait_with_output().await.unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(said.contains(version) && said.contains("Verification: OK"), "{version}: {said}");
    }
}

#[tokio::test]
async fn openssl_s_client_without_a_certificate_gets_a_certificate_required_alert() {
    if openssl_is_missing().await {
        return;
    }
    let setup = Setup::new("s_client_none");
    let config =
        ServerTlsConfig::new(setup.identity("server")).client_auth(ClientAuth::Require, setup.roots());
    let bootstrap = plain().prologue_step(ServerTls::new(config).unwrap().step());
    let served = serve("127.0.0.1:0", ListenerOptions::default(), bootstrap, |_| Box::new(Echo)).await;
    let output = Command::new("openssl")
        .args(["s_client", "-connect", &served.address.to_string(), "-ign_eof"])
        .stdin(Stdio::null())
        .output()
        .await
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("certificate required"), "{said}");
}

/// Where an `s_server` accepts. It takes a port that is free and names it: `ACCEPT [::]:45233`.
async fn accepting(child: &mut Child) -> Address {
    let mut said = BufReader::new(child.stdout.take().unwrap()).lines();
    loop {
        let line = said.next_line().await.unwrap().expect("it says where it accepts");
        if let Some((_, port)) = line.strip_prefix("ACCEPT").and_then(|place| place.rsplit_once(':')) {
            return format!("localhost:{port}").parse().unwrap();
        }
    }
}

#[tokio::test]
async fn an_rsa_certificate_made_as_rocketmqs_guide_has_it_is_accepted_where_any_is() {
    if openssl_is_missing().await {
        return;
    }
    let folder = Folder::new("guide");
    for arguments in [
        "req -newkey rsa:2048 -nodes -keyout server.key -subj /CN=localhost -new -out server.csr",
        "x509 -req -in server.csr -signkey server.key -out server.pem",
    ] {
        let made =
            Command::new("openssl").args(arguments.split(' ')).current_dir(&folder).output().await.unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    }
    for (version, flag) in VERSIONS {
        let mut child = Command::new("openssl")
            .args(["s_server", "-accept", "0", flag, "-cert", "server.pem", "-key", "server.key"])
            .current_dir(&folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let address = accepting(&mut child).await;
        let any = ClientTlsConfig::danger_accept_any_certificate();
        let client = plain().prologue_step(ClientTls::new(any).unwrap().step());
        let connection =
            client.connect(&address, &ConnectOptions::default(), Duration::from_secs(20)).await.unwrap();
        let session = connection.tls_session().unwrap();
        assert_eq!(session.version(), version);
    }
}

#[tokio::test]
async fn openssl_s_server_is_dialled_by_both_versions() {
    if openssl_is_missing().await {
        return;
    }
    let setup = Setup::new("s_server");
    for (version, flag) in VERSIONS {
        let mut child = Command::new("openssl")
            .args(["s_server", "-accept", "0", flag, "-Verify", "1", "-verify_return_error"])
            .args(["-CAfile", "ca.pem", "-cert", "server.pem", "-key", "server.key"])
            .current_dir(&setup.folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let address = accepting(&mut child).await;
        let config = ClientTlsConfig::new(setup.roots()).identity(setup.identity("client"));
        let client = plain().prologue_step(ClientTls::new(config).unwrap().step());
        let connection =
            client.connect(&address, &ConnectOptions::default(), Duration::from_secs(20)).await.unwrap();
        let session = connection.tls_session().unwrap();
        assert_eq!(session.version(), version);
        let details = session.peer_certificate().unwrap().details().unwrap();
        assert_eq!(details.dns_names, ["localhost"]);
    }
    drop(setup.authority);
}
