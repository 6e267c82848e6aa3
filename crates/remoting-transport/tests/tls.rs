//! TLS on connections: who gets in, who does not and why, and what it does with bytes.
#![cfg(feature = "tls")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by a panic")]

mod certificates;
mod support;

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use bytes::BytesMut;
use certificates::{Authority, Issued};
use remoting_transport::{
    Address, Bootstrap, Channel, ChannelOptions, CloseInitiator, CloseReason, ConnectError, ConnectOptions,
    Connection, ListenerOptions, PrologueError,
    protocol::{FrameEncoder, FrameLimits, RemotingCommand, RequestCode},
    tls::{
        ClientAuth, ClientTls, ClientTlsConfig, Pem, ServerTls, ServerTlsConfig, TlsIdentity, TlsMode,
        TrustRoots,
    },
};
use support::{Deliver, Echo, Served, dial, plain, serve};
use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

const LOCALHOST: &[&str] = &["localhost", "127.0.0.1"];

fn identity(issued: &Issued) -> TlsIdentity {
    TlsIdentity::new(Pem::text(issued.certificate.as_str()), Pem::text(issued.key.as_str()))
}

fn trust(authority: &Authority) -> TrustRoots {
    TrustRoots::pem(Pem::text(authority.pem()))
}

fn server(config: ServerTlsConfig) -> Bootstrap {
    plain().prologue_step(ServerTls::new(config).unwrap().step())
}

fn client(config: ClientTlsConfig) -> Bootstrap {
    plain().prologue_step(ClientTls::new(config).unwrap().step())
}

async fn echo(bootstrap: Bootstrap) -> Served {
    serve("127.0.0.1:0", ListenerOptions::default(), bootstrap, |_| Box::new(Echo)).await
}

async fn connect(address: &Address, client: &Bootstrap) -> Result<Connection, ConnectError> {
    client.connect(address, &ConnectOptions::default(), Duration::from_secs(20)).await
}

async fn refusal(address: &Address, client: &Bootstrap) -> String {
    connect(address, client).await.unwrap_err().to_string()
}

/// Sends a request and gets the echo of it.
async fn call(client: &Bootstrap, connection: Connection, body: &[u8]) -> (Channel, RemotingCommand) {
    let (sink, mut commands) = Deliver::new();
    let opened = client.open(connection).unwrap();
    let channel = opened.channel().clone();
    tokio::spawn(opened.drive(sink));
    channel.send(RemotingCommand::request(RequestCode(7)).with_body(body.to_vec())).await.unwrap();
    let echo = commands.recv().await.expect("an echo");
    (channel, echo)
}

#[tokio::test]
async fn both_sides_see_what_was_agreed_and_the_server_sees_the_clients_certificate() {
    let authority = Authority::new("both");
    let config = ServerTlsConfig::new(identity(&authority.server(LOCALHOST)))
        .client_auth(ClientAuth::Require, trust(&authority))
        .alpn(["remoting"]);
    let (seen, mut sessions) = tokio::sync::mpsc::unbounded_channel();
    let served = serve("127.0.0.1:0", ListenerOptions::default(), server(config), move |channel| {
        seen.send(channel.tls_session()).unwrap();
        Box::new(Echo)
    })
    .await;

    let config = ClientTlsConfig::new(trust(&authority))
        .identity(identity(&authority.client("broker-a")))
        .ciphers("TLS_AES_256_GCM_SHA384")
        .alpn(["other", "remoting"]);
    let bootstrap = client(config);
    let connection = connect(&served.address, &bootstrap).await.unwrap();
    let (channel, echo) = call(&bootstrap, connection, b"hello").await;
    assert_eq!(echo.body(), "hello");

    for session in [sessions.recv().await.unwrap().unwrap(), channel.tls_session().unwrap()] {
        assert_eq!(session.version(), "TLSv1.3");
        assert_eq!(session.cipher_suite(), "TLS_AES_256_GCM_SHA384");
        assert_eq!(session.alpn(), Some(&b"remoting"[..]));
    }
    let of_server = channel.tls_session().unwrap();
    assert_eq!(of_server.server_name(), Some("127.0.0.1"));
    assert_eq!(of_server.peer_certificate().unwrap().details().unwrap().dns_names, ["localhost"]);
}

#[tokio::test]
async fn a_certificate_tells_its_subject_and_names() {
    let authority = Authority::new("subjects");
    let config = ServerTlsConfig::new(identity(&authority.server(LOCALHOST)))
        .client_auth(ClientAuth::Optional, trust(&authority));
    let (seen, mut sessions) = tokio::sync::mpsc::unbounded_channel();
    let served = serve("127.0.0.1:0", ListenerOptions::default(), server(config), move |channel| {
        seen.send(channel.tls_session().unwrap()).unwrap();
        Box::new(Echo)
    })
    .await;
    let with =
        client(ClientTlsConfig::new(trust(&authority)).identity(identity(&authority.client("broker-a"))));
    let _open = connect(&served.address, &with).await.unwrap();
    let session = sessions.recv().await.unwrap();
    let details = session.peer_certificate().unwrap().details().unwrap();
    assert!(details.subject.contains("CN=broker-a"), "{details:?}");
    assert!(details.issuer.contains("CN=subjects"), "{details:?}");
    assert_eq!(details.dns_names, ["client.test"]);
    assert_eq!(details.ip_addresses, ["10.0.0.7".parse::<std::net::IpAddr>().unwrap()]);
    assert!(details.not_before < details.not_after);

    let without = client(ClientTlsConfig::new(trust(&authority)));
    let _open = connect(&served.address, &without).await.unwrap();
    assert!(sessions.recv().await.unwrap().peer_certificates().is_empty());
}

#[tokio::test]
async fn enforcing_closes_plaintext_before_a_byte_of_it_is_decoded() {
    let authority = Authority::new("enforcing");
    let channels = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&channels);
    let bootstrap = server(ServerTlsConfig::new(identity(&authority.server(LOCALHOST))));
    let served = serve("127.0.0.1:0", ListenerOptions::default(), bootstrap, move |_| {
        counted.fetch_add(1, Ordering::SeqCst);
        Box::new(Echo)
    })
    .await;

    let mut frames = BytesMut::new();
    for _ in 0..3 {
        let request = RemotingCommand::request(RequestCode(7));
        FrameEncoder::new(FrameLimits::default()).encode(&request, &mut frames).unwrap();
    }
    let mut socket = tokio::net::TcpStream::connect(served.address.to_string()).await.unwrap();
    socket.write_all(&frames).await.unwrap();
    let mut answer = Vec::new();
    // Closed or reset: either way no answer comes.
    let _ = socket.read_to_end(&mut answer).await;
    assert!(answer.is_empty());
    served.tasks.ended().await;
    assert_eq!(channels.load(Ordering::SeqCst), 0, "a decoder exists only in a channel, and there was none");
}

#[tokio::test]
async fn permissive_takes_both_and_disabled_takes_plaintext_only() {
    let authority = Authority::new("modes");
    let issued = authority.server(LOCALHOST);
    let tls = client(ClientTlsConfig::new(trust(&authority)));

    let permissive = echo(server(ServerTlsConfig::new(identity(&issued)).mode(TlsMode::Permissive))).await;
    for bootstrap in [&tls, &plain()] {
        let connection = connect(&permissive.address, bootstrap).await.unwrap();
        assert_eq!(call(bootstrap, connection, b"both").await.1.body(), "both");
    }

    let disabled = echo(server(ServerTlsConfig::disabled())).await;
    let connection = connect(&disabled.address, &plain()).await.unwrap();
    assert_eq!(call(&plain(), connection, b"plain").await.1.body(), "plain");
    let why = refusal(&disabled.address, &tls).await;
    assert!(why.contains("is TLS on at that port?"), "{why}");
}

#[tokio::test]
async fn a_server_without_tls_says_that_it_saw_a_handshake() {
    let (reasons, mut closed) = tokio::sync::mpsc::unbounded_channel();
    let served = serve("127.0.0.1:0", ListenerOptions::default(), plain(), move |channel| {
        let (channel, reasons) = (channel.clone(), reasons.clone());
        tokio::spawn(async move { reasons.send(channel.closed().await) });
        Box::new(Echo)
    })
    .await;
    let authority = Authority::new("plain");
    refusal(&served.address, &client(ClientTlsConfig::new(trust(&authority)))).await;
    let reason = closed.recv().await.unwrap();
    assert_eq!(reason.by(), CloseInitiator::Protocol);
    assert!(reason.to_string().contains("TLS"), "{reason}");
}

#[tokio::test]
async fn certificates_that_prove_nothing_are_refused_with_the_reason() {
    let (authority, stranger) = (Authority::new("good"), Authority::new("stranger"));
    let trusting = client(ClientTlsConfig::new(trust(&authority)));
    for (issued, why) in [
        (authority.expired_server(LOCALHOST), "expired"),
        (authority.server(&["elsewhere.test"]), r#"not valid for name "127.0.0.1""#),
        (stranger.server(LOCALHOST), "nobody among the trust roots signed it"),
        (authority.client("not-a-server"), "it was issued for another use"),
    ] {
        let served = echo(server(ServerTlsConfig::new(identity(&issued)))).await;
        let error = refusal(&served.address, &trusting).await;
        assert!(
            error.contains("the server's certificate is refused") && error.contains(why),
            "{why}: {error}"
        );
    }
}

#[tokio::test]
async fn host_names_are_those_dialled_unless_told_otherwise() {
    let authority = Authority::new("hosts");
    let served =
        echo(server(ServerTlsConfig::new(identity(&authority.server(&["localhost", "broker.test"]))))).await;
    let Address::Socket(socket) = served.address else { panic!("a TCP address") };
    let by_name: Address = format!("localhost:{}", socket.port()).parse().unwrap();

    let trusting = ClientTlsConfig::new(trust(&authority));
    connect(&by_name, &client(trusting.clone())).await.unwrap();
    assert!(refusal(&served.address, &client(trusting.clone())).await.contains("127.0.0.1"));
    connect(&served.address, &client(trusting.clone().server_name("broker.test"))).await.unwrap();
    connect(&served.address, &client(trusting.clone().danger_skip_host_name())).await.unwrap();
    assert!(refusal(&by_name, &client(trusting.server_name("other.test"))).await.contains("other.test"));
}

#[tokio::test]
async fn the_dangerous_ways_out_open_just_what_they_say() {
    let (authority, stranger) = (Authority::new("trusted"), Authority::new("untrusted"));
    let expired = echo(server(ServerTlsConfig::new(identity(&authority.expired_server(LOCALHOST))))).await;
    let strange = echo(server(ServerTlsConfig::new(identity(&stranger.server(&["nowhere.test"]))))).await;

    let any_host = client(ClientTlsConfig::new(trust(&authority)).danger_skip_host_name());
    assert!(refusal(&expired.address, &any_host).await.contains("expired"));
    assert!(refusal(&strange.address, &any_host).await.contains("nobody among the trust roots"));
    let anything = client(ClientTlsConfig::danger_accept_any_certificate());
    for served in [&expired, &strange] {
        let connection = connect(&served.address, &anything).await.unwrap();
        assert_eq!(call(&anything, connection, b"any").await.1.body(), "any");
    }
}

#[tokio::test]
async fn a_client_certificate_that_is_missing_or_not_trusted_is_refused_and_both_sides_know_why() {
    let (authority, stranger) = (Authority::new("clients"), Authority::new("strangers"));
    for protocol in ["TLSv1.2", "TLSv1.3"] {
        let config = ServerTlsConfig::new(identity(&authority.server(LOCALHOST)))
            .client_auth(ClientAuth::Require, trust(&authority));
        let step = ServerTls::new(config).unwrap().step();
        let trusting = ClientTlsConfig::new(trust(&authority)).protocols(protocol);
        let untrusted = trusting.clone().identity(identity(&stranger.client("mallory")));
        for (config, on_server, on_client) in [
            (trusting, "sent no certificate", "requires a certificate of this side"),
            (untrusted, "nobody among the trust roots signed it", "does not trust who signed"),
        ] {
            let (ours, theirs) = duplex(64 << 10);
            let accepted = remoting_transport::PrologueStep::run(&step, memory(theirs));
            let dialling = client(config.server_name("localhost"));
            let dialled = async {
                let connection = match dialling.run_prologue(memory(ours)).await {
                    Ok(remoting_transport::Verdict::Continue(connection)) => connection,
                    other => return other.unwrap_err().to_string(),
                };
                // With TLS 1.3 a client learns it when it reads for the first time.
                let opened = dialling.open(connection).unwrap();
                opened.drive(Deliver::new().0).await.to_string()
            };
            let (accepted, dialled) = tokio::join!(accepted, dialled);
            let accepted = accepted.unwrap_err().to_string();
            assert!(accepted.contains(on_server), "{protocol}: {accepted}");
            assert!(dialled.contains(on_client), "{protocol}: {dialled}");
        }
    }
}

fn memory(stream: tokio::io::DuplexStream) -> Connection {
    Connection::new(stream, Address::memory("here"), Address::memory("there"))
}

#[tokio::test]
async fn nothing_in_common_is_said_so() {
    let authority = Authority::new("versions");
    let issued = authority.server(LOCALHOST);
    let served = echo(server(ServerTlsConfig::new(identity(&issued)).protocols("TLSv1.2"))).await;
    let trusting = ClientTlsConfig::new(trust(&authority));
    let error = refusal(&served.address, &client(trusting.clone().protocols("TLSv1.3"))).await;
    assert!(error.contains("version"), "{error}");

    let bootstrap = client(trusting);
    let connection = connect(&served.address, &bootstrap).await.unwrap();
    let (channel, _) = call(&bootstrap, connection, b"").await;
    assert_eq!(channel.tls_session().unwrap().version(), "TLSv1.2");
}

#[tokio::test]
async fn a_configuration_that_makes_no_sense_does_not_start() {
    let authority = Authority::new("configuration");
    let config = || ServerTlsConfig::new(identity(&authority.server(LOCALHOST)));
    for (config, why) in [
        (config().protocols("TLSv1.2").ciphers("TLS_AES_128_GCM_SHA256"), "leave nothing to use"),
        (config().handshake_timeout(Duration::ZERO), "must not be zero"),
        (ServerTlsConfig::disabled().mode(TlsMode::Permissive), "needs a certificate"),
        (config().client_auth(ClientAuth::Require, TrustRoots::pem(Pem::text(""))), "no BEGIN CERTIFICATE"),
    ] {
        let error = ServerTls::new(config).unwrap_err().to_string();
        assert!(error.contains(why), "{why}: {error}");
    }
    let config = ClientTlsConfig::new(trust(&authority)).server_name("not a name");
    assert!(ClientTls::new(config).unwrap_err().to_string().contains("no host name"));
}

#[tokio::test]
async fn a_client_never_sends_a_frame_in_clear() {
    let authority = Authority::new("clear");
    let bootstrap = client(ClientTlsConfig::new(trust(&authority)));
    let mut welcome = BytesMut::new();
    let request = RemotingCommand::request(RequestCode(7));
    FrameEncoder::new(FrameLimits::default()).encode(&request, &mut welcome).unwrap();
    for greeting in [&b""[..], b"HTTP/1.1 200 OK\r\n\r\n", &welcome] {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = Address::from(listener.local_addr().unwrap());
        let recording = async {
            let (mut socket, _) = listener.accept().await.unwrap();
            let mut received = vec![0; 4096];
            let first = socket.read(&mut received).await.unwrap();
            received.truncate(first);
            socket.write_all(greeting).await.unwrap();
            socket.shutdown().await.unwrap();
            let _ = socket.read_to_end(&mut received).await;
            received
        };
        let (received, refused) = tokio::join!(recording, refusal(&address, &bootstrap));
        assert!(refused.contains("TLS"), "{refused}");
        // All there is are TLS records: a handshake, then at most an alert.
        let mut rest = &received[..];
        while let [kind, 3, _, high, low, ..] = rest {
            assert!(matches!(kind, 0x15 | 0x16), "{kind}");
            rest = &rest[5 + usize::from(*high) * 256 + usize::from(*low)..];
        }
        assert!(rest.is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn a_stalled_handshake_ends_at_its_deadline() {
    let authority = Authority::new("stalled");
    let config = ServerTlsConfig::new(identity(&authority.server(LOCALHOST)))
        .mode(TlsMode::Permissive)
        .handshake_timeout(Duration::from_secs(10))
        .first_byte_timeout(Duration::from_secs(120));
    for (said, after) in [(&b""[..], 120), (&[0x16], 10), (&[0x16, 3, 1, 2, 0, 1], 10)] {
        let (mut peer, ours) = duplex(1024);
        peer.write_all(said).await.unwrap();
        let begun = tokio::time::Instant::now();
        let error = server(config.clone()).run_prologue(memory(ours)).await.unwrap_err();
        assert!(matches!(error, PrologueError::Timeout { .. }), "{error}");
        assert_eq!(begun.elapsed().as_secs(), after);
        assert_eq!(peer.read(&mut [0]).await.unwrap(), 0, "closed");
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_that_does_not_answer_the_hello_is_given_up() {
    let authority = Authority::new("silent");
    let config = ClientTlsConfig::new(trust(&authority)).server_name("localhost");
    let (_peer, ours) = duplex(64 << 10);
    let error = client(config.handshake_timeout(Duration::from_secs(3)))
        .run_prologue(memory(ours))
        .await
        .unwrap_err();
    assert!(matches!(error, PrologueError::Timeout { after, .. } if after == Duration::from_secs(3)));
}

#[tokio::test]
async fn bytes_that_end_without_a_farewell_are_an_error() {
    let authority = Authority::new("truncated");
    let (ours, theirs) = duplex(64 << 10);
    let accepting = server(ServerTlsConfig::new(identity(&authority.server(LOCALHOST))));
    let config = rustls_client(&authority);
    let (accepted, dialled) = tokio::join!(
        accepting.run_prologue(memory(theirs)),
        config.connect("localhost".try_into().unwrap(), ours)
    );
    let Ok(remoting_transport::Verdict::Continue(connection)) = accepted else { panic!("{accepted:?}") };
    let driver = accepting.open(connection).unwrap().drive(Echo);
    // The stream below is dropped without a word of the TLS above it.
    drop(dialled.unwrap().into_inner());
    let reason = driver.await;
    assert_eq!(reason.by(), CloseInitiator::Io);
    assert!(reason.why().contains("close_notify"), "{reason}");
}

#[tokio::test]
async fn an_orderly_close_says_farewell() {
    let authority = Authority::new("farewell");
    let (ours, theirs) = duplex(64 << 10);
    let accepting = server(ServerTlsConfig::new(identity(&authority.server(LOCALHOST))));
    let config = rustls_client(&authority);
    let (accepted, dialled) = tokio::join!(
        accepting.run_prologue(memory(theirs)),
        config.connect("localhost".try_into().unwrap(), ours)
    );
    let Ok(remoting_transport::Verdict::Continue(connection)) = accepted else { panic!("{accepted:?}") };
    let opened = accepting.open(connection).unwrap();
    opened.channel().close(CloseReason::local("done"));
    tokio::spawn(opened.drive(Echo));
    let mut rest = Vec::new();
    assert_eq!(dialled.unwrap().read_to_end(&mut rest).await.unwrap(), 0, "an end, not an error");
}

fn rustls_client(authority: &Authority) -> tokio_rustls::TlsConnector {
    use rustls::pki_types::{CertificateDer, pem::PemObject};
    let mut roots = rustls::RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(authority.pem().as_bytes()).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    Arc::new(config).into()
}

#[tokio::test]
async fn large_bodies_survive_small_pipes_and_many_slices() {
    let authority = Authority::new("large");
    for pipe in [1_000, 16 << 10, 1 << 20] {
        let (ours, theirs) = duplex(pipe);
        let accepting = server(ServerTlsConfig::new(identity(&authority.server(LOCALHOST))));
        let dialling = client(ClientTlsConfig::new(trust(&authority)).server_name("localhost"));
        let (accepted, dialled) =
            tokio::join!(accepting.run_prologue(memory(theirs)), dialling.run_prologue(memory(ours)));
        let [accepted, dialled] = [accepted, dialled].map(|verdict| match verdict {
            Ok(remoting_transport::Verdict::Continue(connection)) => connection,
            other => panic!("{other:?}"),
        });
        tokio::spawn(accepting.open(accepted).unwrap().drive(Echo));
        let (sink, mut commands) = Deliver::new();
        let opened = dialling.open(dialled).unwrap();
        let channel = opened.channel().clone();
        tokio::spawn(opened.drive(sink));

        let bodies: Vec<Vec<u8>> = [1 << 20, 0, 9_000, 100, 300_000, 16_384, 65_536]
            .iter()
            .map(|&size| (0..size).map(|at: usize| (at % 251) as u8).collect())
            .collect();
        for body in &bodies {
            channel.send(RemotingCommand::request(RequestCode(7)).with_body(body.clone())).await.unwrap();
        }
        for body in &bodies {
            let echo = commands.recv().await.unwrap();
            assert!(echo.body() == body.as_slice(), "{} bytes through a pipe of {pipe}", body.len());
        }
    }
}

#[tokio::test]
async fn what_is_queued_is_sent_before_a_close_even_to_a_slow_reader() {
    let authority = Authority::new("slow");
    let (ours, theirs) = duplex(1_000);
    let accepting = server(ServerTlsConfig::new(identity(&authority.server(LOCALHOST))));
    let connector = rustls_client(&authority);
    let connecting = connector.connect("localhost".try_into().unwrap(), ours);
    let (accepted, dialled) = tokio::join!(accepting.run_prologue(memory(theirs)), connecting);
    let Ok(remoting_transport::Verdict::Continue(connection)) = accepted else { panic!("{accepted:?}") };
    let opened = accepting.open(connection).unwrap();
    let channel = opened.channel().clone();
    channel.try_send(RemotingCommand::request(RequestCode(7)).with_body(vec![5; 200_000])).unwrap();
    channel.close(CloseReason::local("done"));
    let driving = tokio::spawn(opened.drive(Echo));
    let mut received = Vec::new();
    dialled.unwrap().read_to_end(&mut received).await.unwrap();
    assert!(received.len() > 200_000 && received.ends_with(&[5; 200_000]));
    assert_eq!(driving.await.unwrap(), CloseReason::local("done"));
}

#[tokio::test]
async fn dialling_without_the_prologue_is_plaintext_and_enforcing_refuses_it() {
    let authority = Authority::new("bare");
    let served = echo(server(ServerTlsConfig::new(identity(&authority.server(LOCALHOST))))).await;
    let (sink, mut commands) = Deliver::new();
    let (channel, driver) = dial(&served.address, &Bootstrap::new(ChannelOptions::default()), sink).await;
    let driving = tokio::spawn(driver);
    channel.try_send(RemotingCommand::request(RequestCode(7))).unwrap();
    driving.await.unwrap();
    assert!(commands.recv().await.is_none());
}
