//! Custom networks, listeners that are already bound, and the local address of a dial.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says so when it fails")]

mod support;

use std::{
    io,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use parking_lot::Mutex;
use remoting_transport::{
    Acceptor, Address, BindError, BoundListener, ConnectError, ConnectOptions, Connection, InboundSink,
    Listener, ListenerOptions, MemoryNetwork, Network, NetworkFuture, SocketOptions, SocksProxies,
    SocksProxy, Stream, TaskGroup, connect,
    protocol::{ErrorChain, RemotingCommand, RequestCode},
};
use support::{Deliver, Echo, plain};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// A deadline that only a wait that never ends exceeds.
const LONG: Duration = Duration::from_secs(60);

fn address(text: &str) -> Address {
    text.parse().unwrap()
}

/// A network in memory that resolves names by a table, refuses some addresses, and records the dialled addresses.
#[derive(Debug, Clone, Default)]
struct Town {
    memory: MemoryNetwork,
    /// The resolved names. With `None`, names are dialled without resolving them.
    names: Option<Vec<SocketAddr>>,
    refused: Vec<Address>,
    silent: Vec<Address>,
    dialled: Arc<Mutex<Vec<Address>>>,
}

impl Network for Town {
    fn dial<'a>(&'a self, address: &'a Address, options: &'a SocketOptions) -> NetworkFuture<'a, Connection> {
        self.dialled.lock().push(address.clone());
        if self.refused.contains(address) {
            return Box::pin(async { Err(io::ErrorKind::PermissionDenied.into()) });
        }
        if self.silent.contains(address) {
            return Box::pin(std::future::pending());
        }
        self.memory.dial(address, options)
    }

    fn listen<'a>(
        &'a self,
        address: &'a Address,
        options: &'a SocketOptions,
    ) -> NetworkFuture<'a, Box<dyn Acceptor>> {
        self.memory.listen(address, options)
    }

    fn resolve<'a>(&'a self, _: &'a str, _: u16) -> NetworkFuture<'a, Option<Vec<SocketAddr>>> {
        Box::pin(async { Ok(self.names.clone()) })
    }
}

impl Town {
    async fn connect(&self, to: &str) -> Result<Connection, ConnectError> {
        let bootstrap = plain().network(self.clone());
        bootstrap.connect(&address(to), &ConnectOptions::default(), Duration::from_secs(3)).await
    }

    async fn listen(&self, at: &str) -> Listener {
        Listener::bind_on(self, &address(at), ListenerOptions::default()).await.unwrap()
    }
}

const TWO: [SocketAddr; 2] = [
    SocketAddr::new(IpAddr::V4(std::net::Ipv4Addr::new(10, 0, 0, 1)), 10911),
    SocketAddr::new(IpAddr::V4(std::net::Ipv4Addr::new(10, 0, 0, 2)), 10911),
];

#[tokio::test]
async fn a_dial_that_the_network_refuses_is_an_error_with_its_cause() {
    let town = Town { refused: vec![address("10.0.0.1:10911")], ..Town::default() };
    let error = town.connect("10.0.0.1:10911").await.unwrap_err();
    assert_eq!(error.to_string(), "connect to 10.0.0.1:10911 failed");
    let ConnectError::Io { source, .. } = error else { panic!("{error:?}") };
    assert_eq!(source.kind(), io::ErrorKind::PermissionDenied);
}

#[tokio::test(start_paused = true)]
async fn a_dial_that_the_network_never_ends_is_a_time_out() {
    let town = Town { silent: vec![address("10.0.0.1:10911")], ..Town::default() };
    let error = town.connect("10.0.0.1:10911").await.unwrap_err();
    assert!(matches!(error, ConnectError::Timeout { .. }), "{error:?}");
}

#[tokio::test(start_paused = true)]
async fn the_addresses_that_the_network_resolves_a_name_to_race() {
    for (silent, refused) in [(true, false), (false, true)] {
        let first = || vec![address("10.0.0.1:10911")];
        let town = Town {
            names: Some(TWO.to_vec()),
            silent: if silent { first() } else { Vec::new() },
            refused: if refused { first() } else { Vec::new() },
            ..Town::default()
        };
        let _listener = town.listen("10.0.0.2:10911").await;
        let connection = town.connect("broker-a:10911").await.unwrap();
        assert_eq!(connection.peer, address("10.0.0.2:10911"));
        assert_eq!(connection.dialled(), Some(&address("broker-a:10911")));
        assert_eq!(*town.dialled.lock(), TWO.map(Address::from));
    }
}

#[tokio::test]
async fn a_name_none_of_whose_addresses_the_network_connects_tells_the_cause_of_each() {
    let town = Town { names: Some(TWO.to_vec()), refused: vec![TWO[0].into()], ..Town::default() };
    let error = town.connect("broker-a:10911").await.unwrap_err();
    let text = ErrorChain(&error).to_string();
    assert!(text.contains("10.0.0.1:10911: permission denied"), "{text}");
    assert!(text.contains("10.0.0.2:10911: connection refused"), "{text}");
    let nameless = Town { names: Some(Vec::new()), ..Town::default() };
    let error = nameless.connect("broker-a:10911").await.unwrap_err();
    assert!(matches!(error, ConnectError::NoAddress { .. }), "{error:?}");
}

#[tokio::test]
async fn a_network_that_resolves_no_names_gets_the_name_itself() {
    let town = Town::default();
    let _listener = town.listen("broker-a:10911").await;
    town.connect("broker-a:10911").await.unwrap();
    assert_eq!(*town.dialled.lock(), [address("broker-a:10911")]);
}

#[tokio::test]
async fn a_socks_proxy_is_dialled_on_the_network() {
    let town = Town::default();
    let options =
        ConnectOptions::new().socks_proxies(SocksProxies::all(SocksProxy::new(address("10.9.9.9:1080"))));
    let connecting = plain().network(town.clone());
    let error = connecting.connect(&address("10.0.0.1:10911"), &options, LONG).await.unwrap_err();
    assert!(matches!(error, ConnectError::Socks { .. }), "{error:?}");
    assert_eq!(*town.dialled.lock(), [address("10.9.9.9:1080")]);
}

/// A network whose dials return one end of a pipe. The other end echoes all bytes.
#[derive(Debug)]
struct Tunnel;

impl Network for Tunnel {
    fn dial<'a>(&'a self, address: &'a Address, _: &'a SocketOptions) -> NetworkFuture<'a, Connection> {
        Box::pin(async move {
            let (ours, theirs) = tokio::io::duplex(1024);
            tokio::spawn(async move {
                let (mut read, mut write) = tokio::io::split(theirs);
                tokio::io::copy(&mut read, &mut write).await
            });
            Ok(Connection::new(Stream::boxed(ours), "10.8.0.1:7".parse().unwrap(), address.clone()))
        })
    }

    fn listen<'a>(&'a self, _: &'a Address, _: &'a SocketOptions) -> NetworkFuture<'a, Box<dyn Acceptor>> {
        Box::pin(async { Err(io::ErrorKind::Unsupported.into()) })
    }
}

#[tokio::test]
async fn a_channel_runs_on_any_stream_with_the_addresses_that_the_network_gives() {
    let bootstrap = plain().network(Tunnel);
    let far = address("10.8.0.2:10911");
    let connection = bootstrap.connect(&far, &ConnectOptions::default(), LONG).await.unwrap();
    let opened = bootstrap.open(connection).unwrap();
    let channel = opened.channel().clone();
    assert_eq!((channel.local_addr(), channel.peer_addr()), (&address("10.8.0.1:7"), &far));
    let (sink, mut commands) = Deliver::new();
    tokio::spawn(opened.drive(sink));
    channel.send(RemotingCommand::request(RequestCode(7)).with_body("hello")).await.unwrap();
    assert_eq!(commands.recv().await.unwrap().body(), b"hello");

    let error = Listener::bind_on(&Tunnel, &far, ListenerOptions::default()).await.unwrap_err();
    assert_eq!(error.to_string(), "cannot listen on 10.8.0.2:10911");
}

/// Serves one echo on a listener that is already bound.
async fn echo_on(listener: impl Into<BoundListener>) -> Address {
    let listener = Listener::from_bound(listener, ListenerOptions::default()).unwrap();
    let local = listener.local_addr().clone();
    let sinks = |_: &remoting_transport::Channel| -> Box<dyn InboundSink> { Box::new(Echo) };
    tokio::spawn(listener.serve(plain(), sinks, TaskGroup::new()));
    local
}

async fn echoes(address: &Address) {
    let connection = connect(address, &ConnectOptions::default(), LONG).await.unwrap();
    let opened = plain().open(connection).unwrap();
    let channel = opened.channel().clone();
    let (sink, mut commands) = Deliver::new();
    tokio::spawn(opened.drive(sink));
    channel.send(RemotingCommand::request(RequestCode(7)).with_body("hello")).await.unwrap();
    assert_eq!(commands.recv().await.unwrap().body(), b"hello");
}

#[tokio::test]
async fn a_listener_takes_a_tcp_socket_that_is_bound_already() {
    let of_std = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let bound = Address::from(of_std.local_addr().unwrap());
    assert_eq!(echo_on(of_std).await, bound);
    echoes(&bound).await;

    let of_tokio = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let bound = Address::from(of_tokio.local_addr().unwrap());
    assert_eq!(echo_on(of_tokio).await, bound);
    echoes(&bound).await;
}

#[cfg(unix)]
#[tokio::test]
async fn a_listener_takes_a_unix_socket_that_is_bound_already_and_leaves_its_file() {
    let folder = tempfile::tempdir().unwrap();
    let (of_std, of_tokio) = (folder.path().join("std.sock"), folder.path().join("tokio.sock"));
    let first = std::os::unix::net::UnixListener::bind(&of_std).unwrap();
    let second = tokio::net::UnixListener::bind(&of_tokio).unwrap();
    assert_eq!(echo_on(first).await, Address::unix(of_std.clone()));
    assert_eq!(echo_on(second).await, Address::unix(of_tokio.clone()));
    echoes(&Address::unix(of_std)).await;
    echoes(&Address::unix(of_tokio.clone())).await;

    let path = folder.path().join("closed.sock");
    let third = std::os::unix::net::UnixListener::bind(&path).unwrap();
    drop(Listener::from_bound(third, ListenerOptions::default()).unwrap());
    assert!(path.exists());
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_socket_that_does_not_listen_is_refused_with_the_reason() {
    let datagrams = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
    let mistaken = std::net::TcpListener::from(std::os::fd::OwnedFd::from(datagrams));
    let error = Listener::from_bound(mistaken, ListenerOptions::default()).unwrap_err();
    assert!(matches!(error, BindError::Listener { .. }), "{error:?}");
    assert_eq!(
        ErrorChain(&error).to_string(),
        "cannot listen on the given socket: the socket does not listen"
    );
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_connection_is_made_from_the_configured_local_address() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let options =
        ConnectOptions::new().socket(SocketOptions::new().with_local_address(IpAddr::from([127, 0, 0, 2])));
    let to = Address::from(listener.local_addr().unwrap());
    let mut connection = connect(&to, &options, LONG).await.unwrap();
    let (mut accepted, peer) = listener.accept().await.unwrap();
    assert_eq!(peer.ip(), IpAddr::from([127, 0, 0, 2]));
    assert_eq!(connection.local, Address::from(peer));
    connection.stream.write_all(b"a").await.unwrap();
    assert_eq!(accepted.read_u8().await.unwrap(), b'a');
}

#[tokio::test]
async fn a_local_address_of_the_other_family_is_an_error_that_names_it() {
    let options = ConnectOptions::new()
        .socket(SocketOptions::new().with_local_address(IpAddr::V6(std::net::Ipv6Addr::LOCALHOST)));
    let error = connect(&address("127.0.0.1:9"), &options, LONG).await.unwrap_err();
    let text = ErrorChain(&error).to_string();
    assert!(text.contains("the local address ::1 cannot be used"), "{text}");
}

#[tokio::test]
async fn an_address_of_nobody_on_this_host_is_an_error_that_names_it() {
    let options =
        ConnectOptions::new().socket(SocketOptions::new().with_local_address(IpAddr::from([192, 0, 2, 1])));
    let error = connect(&address("127.0.0.1:9"), &options, LONG).await.unwrap_err();
    let text = ErrorChain(&error).to_string();
    assert!(text.contains("the local address 192.0.2.1 cannot be used"), "{text}");
}
