//! PROXY protocol headers are accepted from trusted peers only.

#![expect(clippy::unwrap_used, reason = "a test fails by a panic")]

mod deadline;
mod support;

use std::{net::Ipv4Addr, sync::Arc, time::Duration};

use deadline::until;
use parking_lot::Mutex;
use remoting_transport::{
    Address, AttributeKey, Bootstrap, Channel, ChannelEvent, ChannelEventListener, ChannelPipeline,
    ConnectOptions, Connection, ConnectionEventsHandler, IpNet, ListenerOptions, PROXY_HEADER,
    PROXY_PROTOCOL_ADDR, PROXY_PROTOCOL_PORT, PROXY_PROTOCOL_SERVER_ADDR, PROXY_PROTOCOL_SERVER_PORT,
    PrologueError, ProxyHeader, ProxyProtocol, ProxyTlv, SendProxyHeader, Verdict, channel_events, connect,
    protocol::{FrameEncoder, RemotingCommand, RequestCode},
    proxy_protocol_tlv,
};
use support::{Echo, plain, serve};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};

const V1: &[u8] = b"PROXY TCP4 192.0.2.1 198.51.100.7 51234 9876\r\n";

fn loopback() -> [IpNet; 1] {
    ["127.0.0.0/8".parse().unwrap()]
}

fn v4() -> ProxyHeader {
    ProxyHeader::proxied("192.0.2.1:51234".parse().unwrap(), "198.51.100.7:9876".parse().unwrap())
}

/// Creates a connection with the peer address `peer`, and returns it with its other end.
fn accepted(peer: &str) -> (DuplexStream, Connection) {
    let (theirs, ours) = tokio::io::duplex(1 << 17);
    (theirs, Connection::new(ours, "127.0.0.1:9876".parse().unwrap(), peer.parse().unwrap()))
}

/// Runs the step on a connection from `peer` that sends `bytes` and then nothing, and returns the result.
async fn judge(step: ProxyProtocol, peer: &str, bytes: &[u8]) -> Result<Connection, PrologueError> {
    let (mut theirs, connection) = accepted(peer);
    theirs.write_all(bytes).await.unwrap();
    match plain().prologue_step(step).run_prologue(connection).await? {
        Verdict::Continue(connection) => Ok(connection),
        verdict => panic!("unexpected verdict: {verdict:?}"),
    }
}

const TRUSTED: &str = "127.0.0.1:40000";
const STRANGER: &str = "203.0.113.5:40000";

#[tokio::test(start_paused = true)]
async fn a_trusted_proxy_is_believed_in_both_versions() {
    let v2 = v4().encode(true).unwrap();
    for header in [V1, &v2] {
        for step in [ProxyProtocol::optional(loopback()), ProxyProtocol::required(loopback())] {
            let bytes = [header, b"frame"].concat();
            let mut connection = judge(step, TRUSTED, &bytes).await.unwrap();
            assert_eq!(connection.peer.to_string(), "192.0.2.1:51234");
            assert_eq!(connection.socket_peer().to_string(), TRUSTED);
            assert_eq!(connection.stream.peek(5).await.unwrap(), b"frame");
            let attribute = |key: &AttributeKey<String>| connection.attributes.get(key).unwrap().to_string();
            assert_eq!(attribute(&PROXY_PROTOCOL_ADDR), "192.0.2.1");
            assert_eq!(attribute(&PROXY_PROTOCOL_PORT), "51234");
            assert_eq!(attribute(&PROXY_PROTOCOL_SERVER_ADDR), "198.51.100.7");
            assert_eq!(attribute(&PROXY_PROTOCOL_SERVER_PORT), "9876");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn tlvs_become_attributes_if_they_are_text() {
    let header = v4().with_tlv(0xea, "vpce-1").with_tlv(ProxyTlv::UNIQUE_ID, vec![0, 255]);
    let bytes = header.encode(false).unwrap();
    let connection = judge(ProxyProtocol::required(loopback()), TRUSTED, &bytes).await.unwrap();
    assert_eq!(proxy_protocol_tlv(0xea).name(), "proxy_protocol_tlv_0xea");
    assert_eq!(connection.attributes.get(&proxy_protocol_tlv(0xea)).unwrap().as_str(), "vpce-1");
    assert_eq!(connection.attributes.get(&proxy_protocol_tlv(ProxyTlv::UNIQUE_ID)), None);
    let raw = connection.attributes.get(&PROXY_HEADER).unwrap();
    assert_eq!(raw.tlv(ProxyTlv::UNIQUE_ID).unwrap()[..], [0, 255]);
}

#[tokio::test(start_paused = true)]
async fn what_a_proxy_knows_of_the_clients_tls_becomes_attributes_too() {
    let header = v4().with_tlv(ProxyTlv::SSL, &b"\x01\0\0\0\0\x21\0\x07TLSv1.3\x22\0\x08client-a"[..]);
    let bytes = header.encode(false).unwrap();
    let connection = judge(ProxyProtocol::required(loopback()), TRUSTED, &bytes).await.unwrap();
    let attribute = |kind| connection.attributes.get(&proxy_protocol_tlv(kind)).map(|text| text.to_string());
    assert_eq!(attribute(ProxyTlv::SSL_VERSION).as_deref(), Some("TLSv1.3"));
    assert_eq!(attribute(ProxyTlv::SSL_CN).as_deref(), Some("client-a"));
    assert_eq!(attribute(ProxyTlv::SSL), None, "it is no text");
}

#[tokio::test(start_paused = true)]
async fn a_trusted_network_may_be_given_in_its_ipv6_form() {
    for (network, peer) in [
        ("::ffff:127.0.0.0/104", TRUSTED),
        ("::ffff:127.0.0.0/104", "[::ffff:127.0.0.1]:40000"),
        ("127.0.0.0/8", "[::ffff:127.0.0.1]:40000"),
    ] {
        let step = ProxyProtocol::required([network.parse().unwrap()]);
        assert_eq!(judge(step, peer, V1).await.unwrap().socket_peer().to_string(), TRUSTED);
    }
}

#[tokio::test(start_paused = true)]
async fn a_stranger_with_a_header_is_refused_as_soon_as_it_is_one() {
    let v2 = v4().encode(false).unwrap();
    for header in [V1, &V1[..6], &v2, &v2[..12], b"PROXY nonsense\r\n"] {
        for step in [ProxyProtocol::optional(loopback()), ProxyProtocol::required(loopback())] {
            let error = judge(step, STRANGER, header).await.unwrap_err();
            assert!(matches!(error, PrologueError::Refused { .. }), "{error}");
            assert!(error.to_string().contains("not trusted"), "{error}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn without_a_header_only_an_optional_step_lets_a_connection_pass() {
    for peer in [TRUSTED, STRANGER] {
        let mut connection =
            judge(ProxyProtocol::optional(loopback()), peer, b"\0\0\0\x75rest").await.unwrap();
        assert_eq!(
            (connection.peer.to_string(), connection.attributes.get(&PROXY_HEADER)),
            (peer.into(), None)
        );
        assert_eq!(connection.stream.peek(8).await.unwrap(), b"\0\0\0\x75rest");
        let error = judge(ProxyProtocol::required(loopback()), peer, b"\0\0\0\x75rest").await.unwrap_err();
        assert!(error.to_string().contains("required"), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_first_byte_that_differs_ends_the_wait() {
    for beginning in [&b"\0"[..], b"PR\0", b"\r\n\r\n\0\r\nQUIX"] {
        let before = tokio::time::Instant::now();
        judge(ProxyProtocol::optional(loopback()), TRUSTED, beginning).await.unwrap();
        assert_eq!(before.elapsed(), Duration::ZERO, "{beginning:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_client_that_says_nothing_is_let_pass_after_the_quiet_time_if_headers_are_optional() {
    let before = tokio::time::Instant::now();
    judge(ProxyProtocol::optional(loopback()), TRUSTED, b"").await.unwrap();
    assert_eq!(before.elapsed(), Duration::from_secs(3));
    let error = judge(ProxyProtocol::required(loopback()), TRUSTED, b"").await.unwrap_err();
    assert!(matches!(error, PrologueError::Silent { .. }), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_part_of_a_header_ends_with_its_deadline() {
    let v2 = v4().with_tlv(0xe0, vec![7; 300]).encode(true).unwrap();
    for header in [&b"PRO"[..], V1, &v2] {
        for length in [1, header.len() / 2, header.len() - 1] {
            let before = tokio::time::Instant::now();
            let error =
                judge(ProxyProtocol::optional(loopback()), TRUSTED, &header[..length]).await.unwrap_err();
            assert!(
                error.to_string().ends_with("was not done after 3s (ProxyProtocol::deadline)"),
                "{error}"
            );
            assert_eq!(before.elapsed(), Duration::from_secs(3));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_header_may_arrive_byte_by_byte_within_the_timeout() {
    for (pause, in_time) in [(Duration::from_millis(10), true), (Duration::from_millis(100), false)] {
        let (mut theirs, connection) = accepted(TRUSTED);
        let dripping = tokio::spawn(async move {
            for byte in V1 {
                if theirs.write_all(&[*byte]).await.is_err() {
                    return;
                }
                tokio::time::sleep(pause).await;
            }
        });
        let bootstrap = plain().prologue_step(ProxyProtocol::required(loopback()));
        match bootstrap.run_prologue(connection).await {
            Ok(Verdict::Continue(connection)) if in_time => {
                assert_eq!(connection.peer.to_string(), "192.0.2.1:51234");
            }
            Err(PrologueError::Timeout { .. }) if !in_time => {}
            other => panic!("{other:?}"),
        }
        // The refused connection is closed, so its peer can no longer write.
        dripping.await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_ends_within_its_header_is_refused() {
    let (mut theirs, connection) = accepted(TRUSTED);
    theirs.write_all(&V1[..20]).await.unwrap();
    drop(theirs);
    let bootstrap = plain().prologue_step(ProxyProtocol::optional(loopback()));
    let error = bootstrap.run_prologue(connection).await.unwrap_err();
    assert!(error.to_string().contains("ended within"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_malformed_or_oversized_header_is_refused_at_once() {
    let mut damaged = v4().encode(true).unwrap();
    damaged[20] ^= 1;
    let oversized = v4().with_tlv(0xe0, vec![0; 5000]).encode(false).unwrap();
    let endless = [b"PROXY ".to_vec(), vec![b'A'; 200]].concat();
    for (bytes, why) in [
        (&damaged[..], "CRC32c"),
        (&oversized[..16], "exceeds the limit of 4096"),
        (&endless, "no end within 107 bytes"),
        (b"PROXY TCP4 1.1.1.1 2.2.2.2 1 2\n", "line's end"),
    ] {
        let before = tokio::time::Instant::now();
        let error = judge(ProxyProtocol::optional(loopback()), TRUSTED, bytes).await.unwrap_err();
        assert!(error.to_string().contains(why), "{error}");
        assert_eq!(before.elapsed(), Duration::ZERO);
    }
    let larger = ProxyProtocol::optional(loopback()).max_header(8192);
    assert!(judge(larger, TRUSTED, &oversized).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_proxy_that_speaks_for_itself_keeps_its_address() {
    let local = ProxyHeader::local().encode(false).unwrap();
    for header in [&local[..], b"PROXY UNKNOWN\r\n"] {
        let connection = judge(ProxyProtocol::required(loopback()), TRUSTED, header).await.unwrap();
        assert_eq!(connection.peer.to_string(), TRUSTED);
        assert_eq!(connection.attributes.get(&PROXY_PROTOCOL_ADDR), None);
        assert!(connection.attributes.get(&PROXY_HEADER).is_some());
    }
}

#[tokio::test(start_paused = true)]
async fn networks_are_of_both_families_and_an_ipv4_peer_on_an_ipv6_socket_is_one() {
    let networks: [IpNet; 2] = ["10.0.0.0/8".parse().unwrap(), "fd00::/8".parse().unwrap()];
    for (peer, trusted) in [
        ("10.9.9.9:1", true),
        ("[::ffff:10.9.9.9]:1", true),
        ("[fd00::9]:1", true),
        ("11.0.0.1:1", false),
        ("[fe80::1]:1", false),
        ("unix:/run/proxy", false),
        ("memory:proxy", false),
    ] {
        assert_eq!(judge(ProxyProtocol::optional(networks), peer, V1).await.is_ok(), trusted, "{peer}");
    }
    let local = ProxyProtocol::optional([]).trust_local(true);
    assert!(judge(local.clone(), "unix:/run/proxy", V1).await.is_ok());
    assert!(judge(local, "10.0.0.1:1", V1).await.is_err());
}

fn frame(command: &RemotingCommand) -> bytes::BytesMut {
    let mut frame = bytes::BytesMut::new();
    FrameEncoder::default().encode(command, &mut frame).unwrap();
    frame
}

const HOUR: Duration = Duration::from_secs(3600);

/// Starts a server with this step. Returns it with its channels and their events.
async fn server(step: ProxyProtocol) -> (support::Served, Arc<Mutex<Vec<Channel>>>, Arc<Mutex<Vec<String>>>) {
    let (sender, mut receiver) = channel_events(100);
    let events = Arc::new(Mutex::new(Vec::new()));
    let recorded = Arc::clone(&events);
    let listener: Box<dyn ChannelEventListener> =
        Box::new(move |event: ChannelEvent| recorded.lock().push(event.to_string()));
    tokio::spawn(async move {
        while let Some(event) = receiver.recv().await {
            listener.on_event(event);
        }
    });
    // Long enough for a busy machine: bytes that are sent at once arrive in time.
    let step = step.quiet_time(HOUR).deadline(HOUR);
    let bootstrap =
        plain().prologue_step(step).initializer(move |_: &Channel, pipeline: &mut ChannelPipeline| {
            pipeline.add_last("events", ConnectionEventsHandler::accepted(sender.clone()))?;
            Ok(())
        });
    let channels = Arc::new(Mutex::new(Vec::new()));
    let opened = Arc::clone(&channels);
    let address = Address::from(std::net::SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).to_string();
    let served = serve(&address, ListenerOptions::default(), bootstrap, move |channel| {
        opened.lock().push(channel.clone());
        Box::new(Echo)
    });
    (served.await, channels, events)
}

async fn echoed(connection: &mut Connection, prefix: &[u8]) {
    let frame = frame(&RemotingCommand::request(RequestCode(7)));
    connection.stream.write_all(&[prefix, &frame].concat()).await.unwrap();
    connection.stream.read_exact(&mut vec![0; frame.len()]).await.unwrap();
}

async fn dialled(address: &Address) -> Connection {
    connect(address, &ConnectOptions::default(), Duration::from_secs(5)).await.unwrap()
}

#[tokio::test]
async fn a_channel_and_its_events_name_the_client_and_not_the_proxy() {
    let (served, channels, events) = server(ProxyProtocol::optional(loopback())).await;
    let mut connection = dialled(&served.address).await;
    echoed(&mut connection, V1).await;
    let channel = channels.lock()[0].clone();
    assert_eq!(channel.peer_addr().to_string(), "192.0.2.1:51234");
    assert_eq!(channel.socket_peer_addr(), &connection.local);
    drop(connection);
    channel.closed().await;
    until(|| events.lock().len() >= 2).await;
    let events = events.lock();
    assert!(events.iter().all(|event| event.contains("192.0.2.1:51234")), "{events:?}");
    assert!(events[0].starts_with("CONNECT") && events[1].starts_with("CLOSE"), "{events:?}");
}

#[tokio::test]
async fn a_spoofer_over_tcp_is_closed_and_makes_no_channel() {
    let (served, channels, _) = server(ProxyProtocol::optional(["10.0.0.0/8".parse().unwrap()])).await;
    let mut connection = dialled(&served.address).await;
    connection.stream.write_all(V1).await.unwrap();
    // The connection is closed, possibly with a reset because of unread bytes.
    assert!(matches!(connection.stream.read(&mut [0; 8]).await, Ok(0) | Err(_)));
    assert_eq!((served.statistics.refused_in_prologue(), channels.lock().len()), (1, 0));
    echoed(&mut dialled(&served.address).await, b"").await;
}

#[tokio::test]
async fn a_header_that_this_side_sends_is_understood_by_this_side() {
    let (served, channels, _) = server(ProxyProtocol::required(loopback())).await;
    let send = |step: SendProxyHeader| {
        let address = served.address.clone();
        async move {
            let bootstrap: Bootstrap = plain().prologue_step(step);
            let options = ConnectOptions::default();
            let mut connection = bootstrap.connect(&address, &options, Duration::from_secs(5)).await.unwrap();
            echoed(&mut connection, b"").await;
        }
    };
    send(SendProxyHeader::own_addresses()).await;
    send(SendProxyHeader::new(v4().with_tlv(0xea, "vpce-1")).with_checksum()).await;
    let second = channels.lock()[1].clone();
    assert_eq!(second.peer_addr().to_string(), "192.0.2.1:51234");
    // A second proxy behind this proxy forwards the header that it received.
    send(SendProxyHeader::new(ProxyHeader::forwarding(&second)).with_checksum()).await;
    let channels = channels.lock();
    assert_eq!(channels[0].peer_addr(), channels[0].socket_peer_addr());
    assert_eq!(channels[2].peer_addr(), second.peer_addr());
    assert_eq!(channels[2].attributes().get(&proxy_protocol_tlv(0xea)).unwrap().as_str(), "vpce-1");
}

#[derive(serde::Deserialize)]
struct Malformed {
    name: String,
    segments: Vec<Segment>,
}

#[derive(serde::Deserialize)]
struct Segment {
    hex: String,
}

/// Streams recorded against Java servers.
#[tokio::test(start_paused = true)]
async fn recorded_streams_are_judged_as_java_does_or_sooner() {
    let lines = include_str!("vectors/proxy-headers.jsonl");
    let streams = lines.lines().map(|line| serde_json::from_str::<Malformed>(line).unwrap());
    let mut judged = 0;
    for Malformed { name, segments } in streams.filter(|stream| stream.name.starts_with("proxy-")) {
        let hex = segments.iter().map(|segment| segment.hex.as_str()).collect::<String>();
        let bytes: Vec<u8> =
            (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect();
        let verdict = judge(ProxyProtocol::optional(loopback()), TRUSTED, &bytes).await;
        let as_expected = match name.as_str() {
            "proxy-v1-then-request" => verdict.unwrap().peer.to_string() == "127.0.0.1:56324",
            "proxy-v2-then-request" => verdict.unwrap().peer.to_string() == "127.0.0.1:56324",
            "proxy-v1-unknown" | "proxy-v2-local" => verdict.unwrap().peer.to_string() == TRUSTED,
            "proxy-prefix-partial" => matches!(verdict, Err(PrologueError::Timeout { .. })),
            _ => matches!(verdict, Err(PrologueError::Refused { .. })),
        };
        assert!(as_expected, "{name}");
        judged += 1;
    }
    assert!(judged > 0);
}
