//! TLS and the bytes of a connection: nothing is sent in clear or too early, nothing is lost, and handshakes end.
#![cfg(feature = "tls")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by a panic")]

mod certificates;
mod support;
mod tls_support;

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use bytes::BytesMut;
use certificates::Authority;
use remoting_transport::{
    Address, Bootstrap, ChannelOptions, CloseInitiator, CloseReason, ConnectOptions, ListenerOptions,
    Verdict,
    protocol::{FrameEncoder, FrameLimits, RemotingCommand, RequestCode},
    tls::{ClientTlsConfig, ServerTlsConfig, TlsMode},
};
use support::{Deliver, Echo, dial, serve};
use tls_support::*;
use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

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
async fn enforcing_names_what_it_saw_instead() {
    let authority = Authority::new("names");
    let enforcing = server(ServerTlsConfig::new(identity(&authority.server(LOCALHOST))));
    for (said, named) in
        [(&b"GET / HTTP/1.1"[..], "HTTP"), (b"PRI * HTTP/2.0", "HTTP/2"), (&[0, 0, 0, 1], "TLS")]
    {
        let (mut peer, ours) = duplex(1024);
        peer.write_all(said).await.unwrap();
        let error = enforcing.run_prologue(memory(ours)).await.unwrap_err().to_string();
        assert!(error.contains("plaintext is not accepted") && error.contains(named), "{error}");
    }
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
        .quiet_time(Duration::from_secs(1));
    for said in [&[0x16][..], &[0x16, 3, 1, 2, 0, 1]] {
        let (mut peer, ours) = duplex(1024);
        peer.write_all(said).await.unwrap();
        let begun = tokio::time::Instant::now();
        let error = server(config.clone()).run_prologue(memory(ours)).await.unwrap_err();
        let text = "prologue step tls (handshake) was not done after 10s (handshake_timeout)";
        assert_eq!(error.to_string(), text);
        assert_eq!(begun.elapsed().as_secs(), 10);
        assert_eq!(peer.read(&mut [0]).await.unwrap(), 0, "closed");
    }
}

#[tokio::test(start_paused = true)]
async fn a_silent_client_is_a_plaintext_one_or_refused() {
    let authority = Authority::new("silent-client");
    let config = ServerTlsConfig::new(identity(&authority.server(LOCALHOST)));
    let (_peer, ours) = duplex(1024);
    let permissive = server(config.clone().mode(TlsMode::Permissive));
    let verdict = permissive.run_prologue(memory(ours)).await;
    assert!(matches!(verdict, Ok(Verdict::Continue(_))), "{verdict:?}");

    let (_peer, ours) = duplex(1024);
    let error = server(config).run_prologue(memory(ours)).await.unwrap_err();
    let text = "prologue step tls (first byte) was not done after 10s (handshake_timeout)";
    assert_eq!(error.to_string(), text);
}

#[tokio::test(start_paused = true)]
async fn a_tls_client_too_late_for_permissive_mode_gets_an_error_that_says_so() {
    let authority = Authority::new("late");
    let config = ServerTlsConfig::new(identity(&authority.server(LOCALHOST))).mode(TlsMode::Permissive);
    let permissive = server(config);
    let (mut peer, ours) = duplex(1024);
    let Ok(Verdict::Continue(connection)) = permissive.run_prologue(memory(ours)).await else {
        panic!("silent for long, it is a plaintext one");
    };
    let driver = permissive.open(connection).unwrap().drive(Echo);
    peer.write_all(&[0x16, 3, 1, 2, 0, 1, 0, 1]).await.unwrap();
    let reason = driver.await;
    assert_eq!(reason.by(), CloseInitiator::Protocol);
    assert!(reason.why().contains("the client started it too late"), "{reason}");
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
    let text = "prologue step tls (handshake) was not done after 3s (handshake_timeout)";
    assert_eq!(error.to_string(), text);
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
    let Ok(Verdict::Continue(connection)) = accepted else { panic!("{accepted:?}") };
    let driver = accepting.open(connection).unwrap().drive(Echo);
    // The stream below is dropped without a word of the TLS above it.
    drop(dialled.unwrap().into_inner());
    let reason = driver.await;
    assert_eq!(reason.by(), CloseInitiator::Io);
    assert!(reason.why().contains("close_notify"), "{reason}");
}

#[tokio::test(start_paused = true)]
async fn an_orderly_close_says_farewell() {
    let authority = Authority::new("farewell");
    let (ours, theirs) = duplex(64 << 10);
    let accepting = server(ServerTlsConfig::new(identity(&authority.server(LOCALHOST))));
    let config = rustls_client(&authority);
    let (accepted, dialled) = tokio::join!(
        accepting.run_prologue(memory(theirs)),
        config.connect("localhost".try_into().unwrap(), ours)
    );
    let Ok(Verdict::Continue(connection)) = accepted else { panic!("{accepted:?}") };
    let opened = accepting.open(connection).unwrap();
    opened.channel().close(CloseReason::local("done"));
    tokio::spawn(opened.drive(Echo));
    let mut rest = Vec::new();
    assert_eq!(dialled.unwrap().read_to_end(&mut rest).await.unwrap(), 0, "an end, not an error");
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
            Ok(Verdict::Continue(connection)) => connection,
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

#[tokio::test(start_paused = true)]
async fn what_is_queued_is_sent_before_a_close_even_to_a_slow_reader() {
    let authority = Authority::new("slow");
    let (ours, theirs) = duplex(1_000);
    let accepting = server(ServerTlsConfig::new(identity(&authority.server(LOCALHOST))));
    let connector = rustls_client(&authority);
    let connecting = connector.connect("localhost".try_into().unwrap(), ours);
    let (accepted, dialled) = tokio::join!(accepting.run_prologue(memory(theirs)), connecting);
    let Ok(Verdict::Continue(connection)) = accepted else { panic!("{accepted:?}") };
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

/// The first flight of a client, as bytes.
async fn client_hello() -> Vec<u8> {
    let (ours, mut peer) = duplex(8192);
    let client = client(ClientTlsConfig::danger_accept_any_certificate().server_name("localhost"));
    let dialling = tokio::spawn(async move { client.run_prologue(memory(ours)).await.map(|_| ()) });
    let mut hello = vec![0; 5];
    peer.read_exact(&mut hello).await.unwrap();
    hello.resize(5 + usize::from(u16::from_be_bytes([hello[3], hello[4]])), 0);
    peer.read_exact(&mut hello[5..]).await.unwrap();
    dialling.abort();
    hello
}

#[tokio::test(start_paused = true)]
async fn a_flood_of_hellos_ends_at_the_deadline_and_leaves_nothing() {
    let authority = Authority::new("flood");
    let bootstrap = server(ServerTlsConfig::new(identity(&authority.server(LOCALHOST))));
    let served = serve("memory:tls-flood", ListenerOptions::default(), bootstrap, |_| {
        panic!("no channel may be made of half a handshake")
    })
    .await;
    let hello = client_hello().await;
    let mut peers = Vec::new();
    for number in 0..200 {
        let options = ConnectOptions::default();
        let connection = remoting_transport::connect(&served.address, &options, Duration::from_secs(5));
        let mut stream = connection.await.unwrap().stream;
        let said = if number % 2 == 0 { &hello[..] } else { &hello[..hello.len() / 2] };
        stream.write_all(said).await.unwrap();
        peers.push(stream);
    }
    for mut peer in peers {
        let mut answered = Vec::new();
        // What a server says to a whole hello comes first, then the end.
        peer.read_to_end(&mut answered).await.unwrap();
    }
    served.tasks.ended().await;
    assert_eq!(served.statistics.refused_in_prologue(), 200);
}
