//! The cases of Java's `TlsTest`: each mode with each demand on clients, from `tls.properties` to the response.
#![cfg(feature = "tls")]
#![expect(clippy::unwrap_used, reason = "a test fails by a panic")]

#[path = "../../remoting-transport/tests/certificates/mod.rs"]
mod certificates;
mod deadline;

use std::time::Duration;

use certificates::{Authority, Folder};
use deadline::Deadline;
use remoting_rpc::transport::protocol::{ErrorChain, RemotingCommand, RequestCode, ResponseCode};
use remoting_rpc::transport::tls::{ClientTls, JavaTlsProperties, ServerTls};
use remoting_rpc::{ClientConfig, Executor, RemotingClient, RemotingServer, RpcError};

const ECHO: RequestCode = RequestCode(1001);
/// A limit that is never reached, even on a busy machine.
const TIMEOUT: Duration = Duration::from_secs(3600);

/// The files of Java's test: an authority that both sides trust, and a stranger.
struct Files(Folder);

impl Files {
    fn new(name: &str) -> Self {
        let folder = Folder::new(name);
        for (prefix, authority) in [("", Authority::new("ca")), ("bad", Authority::new("stranger"))] {
            folder.write(&format!("{prefix}ca.pem"), authority.pem());
            for (name, issued) in [
                ("server", authority.server(&["localhost", "127.0.0.1"])),
                ("client", authority.client("client")),
            ] {
                folder.write(&format!("{prefix}{name}.pem"), issued.certificate);
                folder.write(&format!("{prefix}{name}.key"), issued.key);
            }
        }
        Self(folder)
    }

    /// A properties file of these lines, in which `DIR` stands for the folder.
    fn properties(&self, lines: &[&str]) -> JavaTlsProperties {
        let folder = self.0.path("").display().to_string();
        let path = self.0.write("tls.properties", lines.join("\n").replace("DIR/", &folder));
        let properties = JavaTlsProperties::load(path).unwrap();
        assert_eq!(properties.unknown_keys().count(), 0);
        properties
    }

    async fn server(&self, lines: &[&str]) -> RemotingServer {
        // A permissive server must not depend on how soon a client sends data.
        let config = self.properties(lines).server().unwrap().quiet_time(TIMEOUT);
        serve(Some(ServerTls::new(config).unwrap())).await
    }

    fn client(&self, lines: &[&str]) -> RemotingClient {
        let tls = ClientTls::new(self.properties(lines).client().unwrap()).unwrap();
        client_with(tls)
    }
}

fn client_with(tls: ClientTls) -> RemotingClient {
    RemotingClient::builder().tls(tls).config(ClientConfig::new().connect_timeout(TIMEOUT)).build().unwrap()
}

async fn serve(tls: Option<ServerTls>) -> RemotingServer {
    let mut builder = RemotingServer::builder().bind("127.0.0.1:0").processor(
        ECHO,
        Executor::inline(),
        |_, request: RemotingCommand| async move {
            Ok(RemotingCommand::response_to(&request, ResponseCode::SUCCESS).with_body(request.into_body()))
        },
    );
    if let Some(tls) = tls {
        builder = builder.tls(tls);
    }
    builder.start().await.unwrap()
}

async fn call(client: &RemotingClient, server: &RemotingServer) -> Result<RemotingCommand, RpcError> {
    let request = RemotingCommand::request(ECHO).with_body("hello");
    client.invoke(server.local_addr(), request, TIMEOUT).await
}

async fn succeeds(client: &RemotingClient, server: &RemotingServer) {
    assert_eq!(call(client, server).await.unwrap().body(), b"hello");
}

async fn fails(client: &RemotingClient, server: &RemotingServer, why: &str) {
    let error = call(client, server).await.unwrap_err();
    assert!(!error.is_timeout() && ErrorChain(&error).to_string().contains(why), "{why}: {error:?}");
}

fn plain_client() -> RemotingClient {
    RemotingClient::builder().build().unwrap()
}

const SERVER: [&str; 6] = [
    "tls.server.keyPath=DIR/server.key",
    "tls.server.certPath=DIR/server.pem",
    "tls.server.authClient=true",
    "tls.server.trustCertPath=DIR/ca.pem",
    "tls.server.need.client.auth=require",
    "tls.test.mode.enable=false",
];
const CLIENT: [&str; 4] = [
    "tls.client.keyPath=DIR/client.key",
    "tls.client.certPath=DIR/client.pem",
    "tls.client.authServer=true",
    "tls.client.trustCertPath=DIR/ca.pem",
];
const BAD_CLIENT: [&str; 4] = [
    "tls.client.keyPath=DIR/badclient.key",
    "tls.client.certPath=DIR/badclient.pem",
    "tls.client.authServer=true",
    "tls.client.trustCertPath=DIR/ca.pem",
];
const CLIENT_WITHOUT_CERTIFICATE: [&str; 2] =
    ["tls.client.authServer=true", "tls.client.trustCertPath=DIR/ca.pem"];

/// As in a file, a later line counts more than an earlier one.
fn with<'a>(lines: &[&'a str], more: &[&'a str]) -> Vec<&'a str> {
    [lines, more].concat()
}

#[tokio::test]
async fn two_way_authentication() {
    let files = Files::new("two-way");
    succeeds(&files.client(&CLIENT), &files.server(&SERVER).await).await;
}

#[tokio::test]
async fn a_server_rejects_a_client_certificate_that_it_does_not_trust() {
    let files = Files::new("bad-client");
    fails(&files.client(&BAD_CLIENT), &files.server(&SERVER).await, "does not trust who signed").await;
}

#[tokio::test]
async fn a_server_rejects_a_client_without_a_certificate() {
    let files = Files::new("no-certificate");
    let client = files.client(&CLIENT_WITHOUT_CERTIFICATE);
    fails(&client, &files.server(&SERVER).await, "requires a certificate of this side").await;
}

#[tokio::test]
async fn a_server_configured_not_to_authenticate_accepts_any_client_certificate() {
    let files = Files::new("any-client");
    let server = files.server(&with(&SERVER, &["tls.server.authClient=false"])).await;
    succeeds(&files.client(&BAD_CLIENT), &server).await;
    let client = files.client(&CLIENT_WITHOUT_CERTIFICATE);
    fails(&client, &server, "requires a certificate of this side").await;
}

#[tokio::test]
async fn a_server_that_does_not_require_a_certificate_accepts_a_client_without_one() {
    let files = Files::new("none-optional");
    for auth in ["none", "optional"] {
        let auth = format!("tls.server.need.client.auth={auth}");
        let server = files.server(&with(&SERVER, &[&auth])).await;
        succeeds(&files.client(&CLIENT_WITHOUT_CERTIFICATE), &server).await;
        succeeds(&files.client(&CLIENT), &server).await;
    }
}

#[tokio::test]
async fn a_server_with_optional_authentication_rejects_an_untrusted_certificate() {
    let files = Files::new("optional-bad");
    let server = files.server(&with(&SERVER, &["tls.server.need.client.auth=optional"])).await;
    fails(&files.client(&BAD_CLIENT), &server, "does not trust who signed").await;
}

#[tokio::test]
async fn a_client_rejects_a_server_that_it_does_not_trust_unless_configured_not_to_authenticate() {
    let files = Files::new("bad-server");
    let server = files
        .server(&with(
            &SERVER,
            &["tls.server.keyPath=DIR/badserver.key", "tls.server.certPath=DIR/badserver.pem"],
        ))
        .await;
    fails(&files.client(&CLIENT), &server, "nobody among the trust roots signed it").await;
    succeeds(&files.client(&with(&CLIENT, &["tls.client.authServer=false"])), &server).await;
}

#[tokio::test]
async fn each_mode_accepts_the_connections_that_it_promises() {
    let files = Files::new("modes");
    for (mode, takes_plaintext, takes_tls) in
        [("disabled", true, false), ("permissive", true, true), ("enforcing", false, true)]
    {
        let mode = format!("tls.server.mode={mode}");
        let server = files.server(&with(&SERVER, &[&mode])).await;
        let tls = call(&files.client(&CLIENT), &server).await;
        assert_eq!(tls.is_ok(), takes_tls, "{mode}: {tls:?}");
        let plain = call(&plain_client(), &server).await;
        assert_eq!(plain.is_ok(), takes_plaintext, "{mode}: {plain:?}");
    }
}

#[tokio::test]
async fn a_server_without_tls_settings_rejects_tls() {
    let files = Files::new("not-told");
    let server = serve(None).await;
    succeeds(&plain_client(), &server).await;
    fails(&files.client(&CLIENT), &server, "is TLS on at that port?").await;
}

#[tokio::test]
async fn reloading_while_serving_keeps_old_clients_and_accepts_new_ones() {
    let files = Files::new("reload");
    let tls = ServerTls::new(files.properties(&SERVER).server().unwrap()).unwrap();
    let server = serve(Some(tls.clone())).await;
    let old = files.client(&CLIENT);
    succeeds(&old, &server).await;
    tls.reload().unwrap();
    succeeds(&old, &server).await;
    succeeds(&files.client(&CLIENT), &server).await;
    assert_eq!(server.listener_statistics().accepted(), 2);
}

#[cfg(unix)]
#[tokio::test]
async fn a_server_and_a_client_watch_their_files() {
    use std::os::unix::fs::symlink;

    let files = Files::new("watching");
    // Everything changes at once, who is trusted and who both sides are: each file is a link through `now`, which is turned
    // from one folder to another, as Kubernetes does with a secret.
    for folder in ["before", "after"] {
        std::fs::create_dir(files.0.path(folder)).unwrap();
    }
    symlink("before", files.0.path("now")).unwrap();
    symlink("after", files.0.path("before/next")).unwrap();
    for name in ["ca.pem", "server.pem", "server.key", "client.pem", "client.key"] {
        std::fs::rename(files.0.path(name), files.0.path(&format!("before/{name}"))).unwrap();
        std::fs::rename(files.0.path(&format!("bad{name}")), files.0.path(&format!("after/{name}"))).unwrap();
        symlink(format!("now/{name}"), files.0.path(name)).unwrap();
    }
    let tls = ServerTls::new(files.properties(&SERVER).server().unwrap()).unwrap();
    let clients = ClientTls::new(files.properties(&CLIENT).client().unwrap()).unwrap();
    let server = serve(Some(tls.clone())).await;
    let client = client_with(clients.clone());
    succeeds(&client, &server).await;

    std::fs::rename(files.0.path("before/next"), files.0.path("now")).unwrap();
    let deadline = Deadline::start();
    while tls.generation() == 1 || clients.generation() == 1 {
        deadline.sleep().await;
    }
    succeeds(&client, &server).await;
    assert_eq!(server.listener_statistics().accepted(), 1, "the connection goes on");
    succeeds(&files.client(&CLIENT), &server).await;
    client.shutdown().await;
    assert!(server.shutdown().await.is_clean());
}

#[tokio::test]
async fn versions_and_suites_come_from_the_file_too() {
    let files = Files::new("suites");
    let chosen = ["tls.protocols=TLSv1.2", "tls.ciphers=TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"];
    let server = files.server(&with(&SERVER, &chosen)).await;
    succeeds(&files.client(&CLIENT), &server).await;
    let session = server.channels()[0].channel().tls_session().unwrap();
    assert_eq!(session.version(), "TLSv1.2");
    assert_eq!(session.cipher_suite(), "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384");
    assert!(session.peer_certificate().unwrap().details().unwrap().subject.contains("CN=client"));
    fails(&files.client(&with(&CLIENT, &["tls.protocols=TLSv1.3"])), &server, "version").await;
}

#[cfg(feature = "tls-self-signed")]
#[tokio::test]
async fn test_mode_trusts_everyone() {
    let files = Files::new("test-mode");
    let server = files.server(&["tls.test.mode.enable=true"]).await;
    succeeds(&files.client(&["tls.test.mode.enable=true"]), &server).await;
    succeeds(&files.client(&with(&BAD_CLIENT, &["tls.test.mode.enable=true"])), &server).await;
    fails(&files.client(&CLIENT), &server, "nobody among the trust roots signed it").await;
}
