//! Connections of a network in memory: their capacity, and how a test closes, fails and stalls them.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says so when it fails")]

use std::{io, time::Duration};

use remoting_transport::{
    Address, Connection, Listener, ListenerOptions, MemoryLink, MemoryNetwork, Network, SocketOptions, Stream,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    time::timeout,
};

/// A deadline that only a wait that never ends exceeds.
const LONG: Duration = Duration::from_secs(60);

fn address(text: &str) -> Address {
    text.parse().unwrap()
}

/// Creates both ends of a connection that buffers `capacity` bytes in each direction, and its link.
fn pair(capacity: usize) -> (Stream, Stream, MemoryLink) {
    let (client, server, link) =
        MemoryLink::pair(address("10.0.0.1:50000"), address("10.0.0.2:10911"), capacity);
    (client.stream, server.stream, link)
}

/// Returns whether neither bytes nor the end of the stream arrive.
async fn is_silent(stream: &mut Stream) -> bool {
    timeout(LONG, stream.read_u8()).await.is_err()
}

async fn dial(network: &MemoryNetwork, to: &str) -> io::Result<Connection> {
    network.dial(&address(to), &SocketOptions::default()).await
}

async fn listen(network: &MemoryNetwork, at: &str) -> io::Result<Listener> {
    let listener = Listener::bind_on(network, &address(at), ListenerOptions::default()).await;
    listener.map_err(io::Error::other)
}

#[tokio::test(start_paused = true)]
async fn a_writer_waits_when_the_capacity_is_used_up() {
    let (mut client, mut server, link) = pair(4);
    assert_eq!(client.write(b"hello").await.unwrap(), 4);
    assert!(timeout(LONG, client.write(b"o")).await.is_err(), "it is full");
    assert_eq!(link.to_server().unread(), 4);
    let (written, read) = tokio::join!(client.write(b"o"), async {
        let mut four = [0; 4];
        server.read_exact(&mut four).await.map(|_| four)
    });
    assert_eq!((written.unwrap(), &read.unwrap()), (1, b"hell"));
}

#[tokio::test(start_paused = true)]
async fn a_larger_capacity_lets_a_waiting_writer_go_on() {
    let (mut client, _server, link) = pair(1);
    client.write_all(b"a").await.unwrap();
    let (written, ()) = tokio::join!(client.write_all(b"bc"), async { link.set_capacity(3) });
    written.unwrap();
    assert_eq!(link.to_server().unread(), 3);
}

#[tokio::test]
async fn slices_are_written_together() {
    let (mut client, mut server, _link) = pair(5);
    let slices = [io::IoSlice::new(b"ab"), io::IoSlice::new(b""), io::IoSlice::new(b"cdef")];
    assert_eq!(client.write_vectored(&slices).await.unwrap(), 5);
    let mut read = [0; 5];
    server.read_exact(&mut read).await.unwrap();
    assert_eq!(&read, b"abcde");
}

#[tokio::test]
async fn both_ends_of_a_closed_link_read_what_was_written_and_then_the_end() {
    let (mut client, mut server, link) = pair(64);
    client.write_all(b"to server").await.unwrap();
    server.write_all(b"to client").await.unwrap();
    assert!(link.is_open());
    link.close();
    assert!(!link.is_open());
    for (end, expected) in [(&mut client, "to client"), (&mut server, "to server")] {
        let mut read = String::new();
        end.read_to_string(&mut read).await.unwrap();
        assert_eq!(read, expected);
        assert_eq!(end.write(b"more").await.unwrap_err().kind(), io::ErrorKind::BrokenPipe);
    }
}

#[tokio::test]
async fn a_half_closed_link_carries_the_other_direction() {
    let (mut client, mut server, link) = pair(64);
    link.to_server().end();
    assert_eq!(server.read(&mut [0; 8]).await.unwrap(), 0);
    server.write_all(b"still").await.unwrap();
    let mut read = [0; 5];
    client.read_exact(&mut read).await.unwrap();
    assert_eq!(&read, b"still");
    assert!(link.is_open());
}

#[tokio::test(start_paused = true)]
async fn whoever_waits_on_a_link_that_fails_gets_its_error_at_once() {
    let (mut client, mut server, link) = pair(1);
    client.write_all(b"a").await.unwrap();
    let (reader, writer, ()) = tokio::join!(biased; async { server.write_all(b"bc").await }, client.write(b"d"), async {
        link.fail(io::ErrorKind::ConnectionReset);
    });
    for error in [reader.unwrap_err(), writer.unwrap_err(), server.read(&mut [0]).await.unwrap_err()] {
        assert_eq!(error.kind(), io::ErrorKind::ConnectionReset);
    }
}

#[tokio::test]
async fn what_was_written_before_writes_fail_can_be_read() {
    let (mut client, mut server, link) = pair(64);
    client.write_all(b"a").await.unwrap();
    link.to_server().fail_writes(io::ErrorKind::TimedOut);
    assert_eq!(client.write(b"b").await.unwrap_err().kind(), io::ErrorKind::TimedOut);
    assert_eq!(client.flush().await.unwrap_err().kind(), io::ErrorKind::TimedOut);
    assert_eq!(server.read_u8().await.unwrap(), b'a');
    server.write_all(b"c").await.unwrap();
    assert_eq!(client.read_u8().await.unwrap(), b'c');
}

#[tokio::test]
async fn what_was_written_before_reads_fail_is_lost() {
    let (mut client, mut server, link) = pair(64);
    client.write_all(b"a").await.unwrap();
    link.to_server().fail_reads(io::ErrorKind::ConnectionAborted);
    assert_eq!(server.read_u8().await.unwrap_err().kind(), io::ErrorKind::ConnectionAborted);
    client.write_all(b"b").await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn nothing_passes_a_stalled_link_until_it_resumes_not_even_the_end() {
    let (mut client, mut server, link) = pair(8);
    link.stall();
    client.write_all(b"a").await.unwrap();
    drop(client);
    assert!(is_silent(&mut server).await);
    let (read, ()) = tokio::join!(server.read_u8(), async { link.resume() });
    assert_eq!(read.unwrap(), b'a');
    assert_eq!(server.read(&mut [0]).await.unwrap(), 0);
}

#[tokio::test]
async fn an_end_that_is_dropped_ends_what_it_writes_and_breaks_what_it_reads() {
    let (mut client, mut server, link) = pair(64);
    client.write_all(b"a").await.unwrap();
    drop(client);
    assert_eq!(server.read_u8().await.unwrap(), b'a');
    assert_eq!(server.read(&mut [0]).await.unwrap(), 0);
    assert_eq!(server.write(b"b").await.unwrap_err().kind(), io::ErrorKind::BrokenPipe);
    assert!(!link.is_open());
}

#[tokio::test]
async fn any_kind_of_address_is_a_name() {
    let network = MemoryNetwork::new();
    for name in ["10.0.0.1:10911", "[fd00::1]:10911", "broker-a:10911", "unix:/run/broker.sock", "memory:a"] {
        assert_eq!(dial(&network, name).await.unwrap_err().kind(), io::ErrorKind::ConnectionRefused);
        let listener = listen(&network, name).await.unwrap();
        assert_eq!(listener.local_addr(), &address(name));
        let connection = dial(&network, name).await.unwrap();
        assert_eq!(connection.peer, address(name));
        drop(listener);
        assert_eq!(dial(&network, name).await.unwrap_err().kind(), io::ErrorKind::ConnectionRefused);
    }
}

#[tokio::test]
async fn two_networks_share_no_address() {
    let (one, other) = (MemoryNetwork::new(), MemoryNetwork::new());
    let _one = listen(&one, "memory:a").await.unwrap();
    let _other = listen(&other, "memory:a").await.unwrap();
    assert!(listen(&one, "memory:a").await.is_err(), "taken");
    dial(&one, "memory:a").await.unwrap();
    assert_eq!((one.links().len(), other.links().len()), (0, 0), "closed again");
    let _open = dial(&one, "memory:a").await.unwrap();
    assert_eq!((one.links().len(), other.links().len()), (1, 0));
}

#[tokio::test]
async fn a_new_network_chooses_the_same_ports_and_names_each_time() {
    for _ in 0..2 {
        let network = MemoryNetwork::new();
        let first = listen(&network, "127.0.0.1:0").await.unwrap();
        let second = listen(&network, "127.0.0.1:0").await.unwrap();
        assert_eq!(first.local_addr(), &address("127.0.0.1:49152"));
        assert_eq!(second.local_addr(), &address("127.0.0.1:49153"));
        let _named = listen(&network, "memory:a").await.unwrap();
        assert_eq!(dial(&network, "127.0.0.1:49152").await.unwrap().local, address("127.0.0.1:49153"));
        assert_eq!(dial(&network, "memory:a").await.unwrap().local, address("memory:a#2"));
    }
}

#[tokio::test]
async fn a_connection_is_made_from_the_configured_local_address() {
    let network = MemoryNetwork::new();
    let _broker = listen(&network, "10.0.0.1:10911").await.unwrap();
    let options = SocketOptions::new().with_local_address(std::net::IpAddr::from([10, 0, 0, 7]));
    let connection = network.dial(&address("10.0.0.1:10911"), &options).await.unwrap();
    assert_eq!(connection.local.as_socket().unwrap().ip(), std::net::IpAddr::from([10, 0, 0, 7]));
}

#[tokio::test]
async fn a_full_backlog_refuses() {
    let network = MemoryNetwork::new();
    let options = ListenerOptions::new().socket(SocketOptions::new().with_backlog(2));
    let _listener = Listener::bind_on(&network, &address("memory:full"), options).await.unwrap();
    let _held = [dial(&network, "memory:full").await.unwrap(), dial(&network, "memory:full").await.unwrap()];
    let error = dial(&network, "memory:full").await.unwrap_err();
    assert_eq!(error.to_string(), "the listener's backlog is full");
}

#[tokio::test]
async fn links_are_listed_in_the_order_in_which_they_were_dialled_while_they_are_open() {
    let network = MemoryNetwork::new();
    let _listener = listen(&network, "memory:a").await.unwrap();
    let mut open = Vec::new();
    for number in 0..200 {
        let connection = dial(&network, "memory:a").await.unwrap();
        // Most connections are closed at once.
        if number % 50 == 0 {
            open.push(connection);
        }
    }
    let dialled: Vec<_> = open.iter().map(|connection| connection.local.clone()).collect();
    let listed: Vec<_> = network.links().iter().map(|link| link.client_addr().clone()).collect();
    assert_eq!(listed, dialled);
}
