//! The connections that TLS accepts and rejects, with the reasons.
#![cfg(feature = "tls")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by a panic")]

mod certificates;
mod support;
mod tls_support;

use std::time::Duration;

use certificates::Authority;
use remoting_transport::{
    Address, CloseInitiator, ListenerOptions, PrologueStep, Verdict,
    tls::{ClientAuth, ClientTls, ClientTlsConfig, Pem, ServerTls, ServerTlsConfig, TlsMode, TrustRoots},
};
use support::{Deliver, Echo, plain, serve};
use tls_support::*;
use tokio::io::duplex;

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
    assert_eq!(echo.body(), b"hello");

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
async fn permissive_takes_both_and_disabled_takes_plaintext_only() {
    let authority = Authority::new("modes");
    let issued = authority.server(LOCALHOST);
    let tls = client(ClientTlsConfig::new(trust(&authority)));

    // Whom it takes for what does not hang on how soon they speak.
    let permissive = ServerTlsConfig::new(identity(&issued)).mode(TlsMode::Permissive);
    let permissive = echo(server(permissive.quiet_time(Duration::from_secs(3600)))).await;
    for bootstrap in [&tls, &plain()] {
        let connection = connect(&permissive.address, bootstrap).await.unwrap();
        assert_eq!(call(bootstrap, connection, b"both").await.1.body(), b"both");
    }

    let disabled = echo(server(ServerTlsConfig::disabled())).await;
    let connection = connect(&disabled.address, &plain()).await.unwrap();
    assert_eq!(call(&plain(), connection, b"plain").await.1.body(), b"plain");
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
async fn the_verified_host_name_is_the_dialled_one_unless_configured() {
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
        assert_eq!(call(&anything, connection, b"any").await.1.body(), b"any");
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
            let accepted = PrologueStep::run(&step, memory(theirs));
            let dialling = client(config.server_name("localhost"));
            let dialled = async {
                let connection = match dialling.run_prologue(memory(ours)).await {
                    Ok(Verdict::Continue(connection)) => connection,
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

#[tokio::test]
async fn a_handshake_without_a_common_version_or_suite_fails_with_an_error_that_says_so() {
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
