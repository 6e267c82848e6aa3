//! Bodies that are regions of files arrive like bodies in memory, over every transport.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says so when it fails")]

#[cfg(feature = "tls")]
mod certificates;
mod deadline;
mod region_support;
mod support;
#[cfg(feature = "tls")]
mod tls_support;

use std::{
    fs::File,
    io,
    os::unix::fs::FileExt,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use deadline::until;
use region_support::{bytes, decode, file, open, patient, read_all, region, request, tcp};
use remoting_transport::{
    Bootstrap, Channel, ChannelOptions, ChannelPipeline, CloseReason, ConnectOptions, EmbeddedChannel,
    InboundSink, ListenerOptions, SinkContext, TrySendError, WaterMark,
    protocol::{FrameEncoder, RemotingCommand, RequestCode, ResponseCode},
};
use support::{Deliver, serve};
use tokio::io::AsyncReadExt;

const FILE: usize = 4 << 20;
/// Lengths of regions, around the sizes of a piece and of the writes of a poll.
const LENGTHS: [usize; 8] = [0, 1, 100, 10_000, 256 << 10, (256 << 10) + 1, 1 << 20, (2 << 20) + 3];

/// A sink that answers requests with even codes with a region selected by the code, and others with their own body.
struct Broker(Arc<File>);

fn pulled(code: i32) -> (u64, usize) {
    let len = LENGTHS[usize::try_from(code).unwrap() / 2 % LENGTHS.len()];
    if code % 4 == 0 { (1000 * code as u64, len) } else { ((FILE - len) as u64, len) }
}

impl InboundSink for Broker {
    fn command(&mut self, cx: &mut SinkContext<'_>, request: RemotingCommand) {
        let answer = RemotingCommand::response_to(&request, ResponseCode(request.code()));
        let (offset, len) = pulled(request.code());
        cx.write(&mut match request.code() % 2 {
            0 => answer.with_body(region(&self.0, offset, len)),
            _ => answer.with_body(request.into_body()),
        })
        .unwrap();
    }
}

/// Checks that regions and ordinary responses arrive in the order of the requests.
async fn pulls_are_answered_in_order(address: &str, server: Bootstrap, client: &Bootstrap) {
    let file = file(FILE);
    let served =
        serve(address, ListenerOptions::default(), server, move |_| Box::new(Broker(Arc::clone(&file))))
            .await;
    let connection =
        client.connect(&served.address, &ConnectOptions::default(), Duration::from_secs(20)).await.unwrap();
    let (sink, mut commands) = Deliver::new();
    let opened = client.open(connection).unwrap();
    let channel: Channel = opened.channel().clone();
    let driving = tokio::spawn(opened.drive(sink));
    for code in 0..40 {
        let body = vec![b'x'; if code % 5 == 0 { 20_000 } else { 20 }];
        channel.send(request(code).with_body(body)).await.unwrap();
    }
    for code in 0..40 {
        let answer = commands.recv().await.expect("a response");
        assert_eq!(answer.code(), code);
        let (offset, len) = pulled(code);
        if code % 2 == 0 {
            assert!(answer.body() == bytes(offset as usize, len), "{len} bytes at {offset}");
        } else {
            assert_eq!(answer.body().len(), if code % 5 == 0 { 20_000 } else { 20 });
        }
    }
    channel.close(CloseReason::local("done"));
    driving.await.unwrap();
}

#[tokio::test]
async fn over_tcp() {
    pulls_are_answered_in_order("127.0.0.1:0", patient(), &patient()).await;
}

#[tokio::test]
async fn over_a_unix_socket() {
    let path = std::env::temp_dir().join(format!("remoting-regions-{}.sock", std::process::id()));
    let _ = std::fs::remove_file(&path); // of a process of this number that was killed
    pulls_are_answered_in_order(&format!("unix:{}", path.display()), patient(), &patient()).await;
}

#[tokio::test]
async fn in_memory() {
    pulls_are_answered_in_order("memory:regions", patient(), &patient()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn between_threads() {
    pulls_are_answered_in_order("127.0.0.1:0", patient(), &patient()).await;
}

#[cfg(feature = "tls")]
#[tokio::test]
async fn over_tls() {
    use remoting_transport::tls::{ClientTlsConfig, ServerTlsConfig};
    use tls_support::{LOCALHOST, client, identity, server, trust};

    let authority = certificates::Authority::new("regions");
    let issued = authority.server(LOCALHOST);
    for protocol in ["TLSv1.2", "TLSv1.3"] {
        let server = server(ServerTlsConfig::new(identity(&issued)).protocols(protocol));
        let client = client(ClientTlsConfig::new(trust(&authority)));
        pulls_are_answered_in_order("127.0.0.1:0", server, &client).await;
    }
}

#[tokio::test]
async fn a_peer_that_reads_in_small_pieces_gets_everything() {
    for capacity in [1, 64, 5000] {
        let (ours, mut peer) = tokio::io::duplex(capacity);
        let (channel, driver) = open(ours, &patient());
        tokio::spawn(driver);
        let file = file(30_000);
        for code in 0..3 {
            channel.send(request(code).with_body(region(&file, 7, 10_000))).await.unwrap();
            channel.send(request(code).with_body("small")).await.unwrap();
        }
        channel.close(CloseReason::local("done"));
        let mut all = bytes::BytesMut::new();
        while peer.read_buf(&mut all).await.unwrap() > 0 {}
        for code in 0..3 {
            let pulled = decode(&mut all).expect("a region");
            assert_eq!((pulled.code(), pulled.body()), (code, &bytes(7, 10_000)[..]));
            assert_eq!(decode(&mut all).expect("a small body").body(), b"small");
        }
        assert!(all.is_empty());
    }
}

#[tokio::test]
async fn offsets_beyond_four_gibibytes_are_supported() {
    let sparse = tempfile::tempfile().unwrap();
    let offset = (4 << 30) + 12_345;
    sparse.write_all_at(&bytes(0, 300_000), offset).unwrap();
    let sparse = Arc::new(sparse);
    let (over_tcp, tcp_peer) = tcp().await;
    let (in_memory, memory_peer) = tokio::io::duplex(10_000);
    let peers = [
        (open(over_tcp, &patient()), read_all(tcp_peer)),
        (open(in_memory, &patient()), read_all(memory_peer)),
    ];
    for ((channel, driver), peer) in peers {
        channel.try_send(request(1).with_body(region(&sparse, offset, 300_000))).unwrap();
        channel.close(CloseReason::local("done"));
        driver.await;
        let received = decode(&mut peer.await.unwrap()).expect("a whole frame");
        assert!(received.body() == bytes(0, 300_000));
    }
}

#[tokio::test]
async fn a_region_can_be_sent_many_times_and_does_not_move_the_position_of_its_file() {
    let file = file(10_000);
    io::Seek::rewind(&mut &*file).unwrap();
    let (ours, peer) = tcp().await;
    let (channel, driver) = open(ours, &patient());
    let peer = read_all(peer);
    let pull = request(1).with_body(region(&file, 100, 9_000));
    channel.try_send(pull.clone()).unwrap();
    channel.try_send(pull).unwrap();
    channel.close(CloseReason::local("done"));
    driver.await;
    let mut all = peer.await.unwrap();
    for _ in 0..2 {
        assert!(decode(&mut all).expect("a whole frame").body() == bytes(100, 9_000));
    }
    assert_eq!(io::Seek::stream_position(&mut &*file).unwrap(), 0);
    assert_eq!(Arc::strong_count(&file), 1, "a written region is dropped");
}

#[tokio::test(start_paused = true)]
async fn regions_take_the_same_capacity_regardless_of_their_length() {
    let options = ChannelOptions::new().water_mark(WaterMark::new(50_000, 100_000).unwrap());
    let (ours, peer) = tokio::io::duplex(64);
    let (channel, driver) = open(ours, &Bootstrap::new(options));
    let driving = tokio::spawn(driver);
    let file = file(FILE);
    let mut queued = 0;
    for _ in 0..100 {
        match channel.try_send(request(1).with_body(region(&file, 0, 100_000))) {
            Ok(()) => queued += 1,
            Err(TrySendError::Full { command, .. }) => {
                assert_eq!(command.body_len(), 100_000);
                break;
            }
            Err(error) => panic!("{error}"),
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    assert!((22..=25).contains(&queued), "{queued} regions were queued in a capacity of 24 times 4 KiB");
    assert!((90_000..=100_000).contains(&channel.pending_bytes()));

    let peer = read_all(peer);
    until(|| channel.pending_bytes() == 0).await;
    assert!(channel.is_writable());
    channel.close(CloseReason::local("done"));
    driving.await.unwrap();
    let mut all = peer.await.unwrap();
    for _ in 0..queued {
        assert_eq!(decode(&mut all).expect("a whole frame").body().len(), 100_000);
    }
    assert!(all.is_empty());
}

/// A sink that answers each request with a region of 10 000 bytes, once the test says so.
struct Regions {
    file: Arc<File>,
    begun: Arc<AtomicBool>,
    written: Arc<AtomicUsize>,
}

impl InboundSink for Regions {
    fn command(&mut self, cx: &mut SinkContext<'_>, request: RemotingCommand) {
        let mut answer = RemotingCommand::response_to(&request, ResponseCode::SUCCESS);
        if self.begun.load(Ordering::SeqCst) {
            answer = answer.with_body(region(&self.file, 0, 10_000));
            self.written.fetch_add(1, Ordering::SeqCst);
        }
        cx.write(&mut answer).unwrap();
    }
}

#[test]
fn regions_in_responses_stop_a_server_within_one_read() {
    let (begun, written) = (Arc::<AtomicBool>::default(), Arc::<AtomicUsize>::default());
    let sink = Regions { file: file(FILE), begun: Arc::clone(&begun), written: Arc::clone(&written) };
    let nothing = |_: &Channel, _: &mut ChannelPipeline| Ok(());
    let options = ChannelOptions::new().suspend_reads_when_unwritable(true);
    let mut channel = EmbeddedChannel::with_sink(nothing, options, |_| Box::new(sink)).unwrap();
    let mut requests = bytes::BytesMut::new();
    for opaque in 0..3_000 {
        FrameEncoder::default().encode(&request(1).with_opaque(opaque), &mut requests).unwrap();
    }
    // Busy, so that one read takes in thousands of requests.
    for _ in 0..20 {
        channel.write_inbound_bytes(&requests);
        channel.read_outbound_bytes();
    }
    begun.store(true, Ordering::SeqCst);
    channel.stall_writes(true);
    channel.write_inbound_bytes(&requests);
    let pending = written.load(Ordering::SeqCst);
    assert!((120..=128).contains(&pending), "{pending} regions are pending, of 4 KiB and a header each");
    assert!(channel.channel().pending_bytes() < (512 << 10) + 5_000);
    channel.stall_writes(false);
    for _ in 0..10 {
        channel.run();
    }
    assert_eq!(written.load(Ordering::SeqCst), 3_000, "the others are answered when these are written");
}

#[test]
fn the_capacity_of_a_region_in_a_response_is_released_once_it_is_written() {
    let broker = Broker(file(FILE));
    let nothing = |_: &Channel, _: &mut ChannelPipeline| Ok(());
    let mut channel =
        EmbeddedChannel::with_sink(nothing, ChannelOptions::default(), |_| Box::new(broker)).unwrap();
    channel.stall_writes(true);
    // An empty region counts like no body.
    let answers = 2 * LENGTHS.len();
    for code in (0..).step_by(2).take(answers) {
        channel.write_inbound(request(code));
    }
    let regions = answers - 2;
    let pending = channel.channel().pending_bytes();
    assert!((regions * 4096..regions * 4096 + answers * 200).contains(&pending), "{pending}");
    channel.stall_writes(false);
    assert_eq!(channel.channel().pending_bytes(), 0);
}

#[tokio::test]
async fn requests_are_read_and_answered_while_a_region_is_written() {
    let (ours, mut peer) = tokio::io::duplex(10_000);
    let (sink, mut commands) = Deliver::new();
    let connection = remoting_transport::Connection::new(
        ours,
        "memory:ours".parse().unwrap(),
        "memory:theirs".parse().unwrap(),
    );
    let opened = patient().open(connection).unwrap();
    let channel = opened.channel().clone();
    tokio::spawn(opened.drive(sink));
    let file = file(FILE);
    channel.send(request(1).with_body(region(&file, 0, FILE))).await.unwrap();
    peer.read_exact(&mut [0; 50]).await.unwrap();

    let mut frame = bytes::BytesMut::new();
    FrameEncoder::default().encode(&RemotingCommand::request(RequestCode(7)), &mut frame).unwrap();
    tokio::io::AsyncWriteExt::write_all(&mut peer, &frame).await.unwrap();
    assert_eq!(commands.recv().await.unwrap().code(), 7);
}
