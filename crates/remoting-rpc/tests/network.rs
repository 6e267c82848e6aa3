//! Clients and servers on custom networks, and servers on bound listeners.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says so when it fails")]

use std::collections::HashMap;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use remoting_rpc::testing::ScriptedPeer;
use remoting_rpc::transport::protocol::{ErrorChain, RemotingCommand, RequestCode, ResponseCode};
use remoting_rpc::transport::{
    Acceptor, Address, Connection, MemoryNetwork, Network, NetworkFuture, PrologueError, PrologueFuture,
    PrologueStep, SocketOptions, Verdict,
};
use remoting_rpc::{
    ClientConfig, Executor, RemotingClient, RemotingClientBuilder, RemotingServer, RemotingServerBuilder,
};

const CODE: RequestCode = RequestCode(20_001);
const SECOND: Duration = Duration::from_secs(1);
const BROKER: &str = "10.0.0.1:10911";

fn request() -> RemotingCommand {
    RemotingCommand::request(CODE)
}

/// Returns a server that responds to `CODE` with its name.
fn server(name: &'static str) -> RemotingServerBuilder {
    RemotingServer::builder().processor(CODE, Executor::inline(), move |_ctx, request| async move {
        let request: RemotingCommand = request;
        Ok(RemotingCommand::response_to(&request, ResponseCode::SUCCESS).with_remark(name))
    })
}

/// Returns a client without reconnect pauses.
fn client() -> RemotingClientBuilder {
    RemotingClient::builder().config(ClientConfig::new().longest_reconnect_pause(Duration::ZERO))
}

/// Two hosts, one reached through an address map; a test can cut them off from the client.
#[derive(Debug, Clone, Default)]
struct Partitioned {
    memory: MemoryNetwork,
    map: Arc<Mutex<HashMap<Address, Address>>>,
    unreachable: Arc<Mutex<Vec<Address>>>,
    dials: Arc<AtomicUsize>,
}

impl Partitioned {
    /// Cuts an address off from all clients, and breaks its open connections.
    fn part(&self, address: &str) {
        let address: Address = address.parse().unwrap();
        for link in self.memory.links().iter().filter(|link| *link.server_addr() == address) {
            link.stall();
        }
        self.unreachable.lock().push(address);
    }
}

impl Network for Partitioned {
    fn dial<'a>(&'a self, address: &'a Address, options: &'a SocketOptions) -> NetworkFuture<'a, Connection> {
        self.dials.fetch_add(1, Ordering::Relaxed);
        let to = self.map.lock().get(address).cloned().unwrap_or_else(|| address.clone());
        let unreachable = self.unreachable.lock().contains(&to);
        Box::pin(async move {
            if unreachable {
                return Err(io::ErrorKind::HostUnreachable.into());
            }
            self.memory.dial(&to, options).await
        })
    }

    fn listen<'a>(
        &'a self,
        address: &'a Address,
        options: &'a SocketOptions,
    ) -> NetworkFuture<'a, Box<dyn Acceptor>> {
        self.memory.listen(address, options)
    }
}

#[tokio::test(start_paused = true)]
async fn a_client_and_a_server_share_a_custom_network_with_any_address() {
    let network = MemoryNetwork::new();
    let server = server("own").bind(BROKER).network(network.clone()).start().await.unwrap();
    let client = client().network(network.clone()).build().unwrap();
    let response = client.invoke(BROKER, request(), SECOND).await.unwrap();
    assert_eq!(response.remark(), Some("own"));
    assert_eq!(network.links().len(), 1);
    client.shutdown().await;
    assert!(server.shutdown().await.is_clean());
    assert_eq!(network.links().len(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_sub_server_listens_on_the_network_of_its_server() {
    let network = MemoryNetwork::new();
    let server = server("main").bind(BROKER).network(network.clone()).start().await.unwrap();
    let other = server.bind_also("10.0.0.1:10909").await.unwrap();
    other.register_processor(CODE, Executor::inline(), |_ctx, request: RemotingCommand| async move {
        Ok(RemotingCommand::response_to(&request, ResponseCode::SUCCESS).with_remark("other"))
    });
    let client = client().network(network).build().unwrap();
    let response = client.invoke("10.0.0.1:10909", request(), SECOND).await.unwrap();
    assert_eq!(response.remark(), Some("other"));
}

#[tokio::test(start_paused = true)]
async fn a_dial_that_the_network_refuses_fails_the_call_unsent_with_the_cause() {
    let network = Partitioned::default();
    network.part(BROKER);
    let client = client().network(network).build().unwrap();
    let error = client.invoke(BROKER, request(), SECOND).await.unwrap_err();
    assert!(error.is_connect() && !error.may_have_been_sent(), "{error}");
    let text = ErrorChain(&error).to_string();
    assert!(text.contains("host unreachable"), "{text}");
}

#[tokio::test(start_paused = true)]
async fn an_address_is_dialled_where_the_network_maps_it() {
    let network = Partitioned::default();
    network.map.lock().insert("172.17.0.2:10911".parse().unwrap(), BROKER.parse().unwrap());
    let _server = server("mapped").bind(BROKER).network(network.clone()).start().await.unwrap();
    let client = client().network(network).build().unwrap();
    let response = client.invoke("172.17.0.2:10911", request(), SECOND).await.unwrap();
    assert_eq!(response.remark(), Some("mapped"));
}

#[tokio::test(start_paused = true)]
async fn name_servers_are_probed_and_failed_over_on_the_network() {
    const NAME_SERVERS: [&str; 2] = ["10.0.0.1:9876", "10.0.0.2:9876"];
    let network = Partitioned::default();
    let first = server("first").bind(NAME_SERVERS[0]).network(network.clone()).start().await.unwrap();
    let _second = server("second").bind(NAME_SERVERS[1]).network(network.clone()).start().await.unwrap();
    let client = client().network(network.clone()).build().unwrap();
    client.set_name_servers(NAME_SERVERS).unwrap();
    while client.available_name_servers().len() < 2 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(network.dials.load(Ordering::Relaxed), 2);
    network.part(NAME_SERVERS[0]);
    for _ in 0..4 {
        let response = client.invoke_name_server(request(), 3 * SECOND).await.unwrap();
        assert_eq!(response.remark(), Some("second"));
    }
    assert_eq!(first.statistics().requests, remoting_rpc::RequestStatistics::default());
}

#[tokio::test(start_paused = true)]
async fn a_call_on_a_connection_that_the_network_breaks_fails_at_once_and_the_next_one_dials() {
    let network = MemoryNetwork::new();
    let mut peers = ScriptedPeer::listen_on(network.clone(), BROKER).await.unwrap();
    let client = client().network(network.clone()).build().unwrap();
    let (result, _peer) = tokio::join!(client.invoke(BROKER, request(), SECOND), async {
        let mut peer = peers.accept().await;
        peer.expect(remoting_rpc::testing::request(CODE)).await;
        network.links()[0].fail(io::ErrorKind::ConnectionReset);
        peer
    });
    let error = result.unwrap_err();
    assert!(error.may_have_been_sent() && !error.is_timeout(), "{error}");
    let (response, ()) = tokio::join!(client.invoke(BROKER, request(), SECOND), async {
        let mut peer = peers.accept().await;
        peer.expect(remoting_rpc::testing::request(CODE)).await.reply(remoting_rpc::testing::ok()).await;
    });
    assert_eq!(response.unwrap().response_code(), ResponseCode::SUCCESS);
}

/// Sends a greeting before the first frame, or expects one.
#[derive(Debug, Clone, Copy)]
enum Greeting {
    Says(&'static [u8; 4]),
    Expects(&'static [u8; 4]),
}

impl PrologueStep for Greeting {
    fn name(&self) -> &'static str {
        "greeting"
    }

    fn deadline(&self) -> Duration {
        SECOND
    }

    fn run(&self, mut connection: Connection) -> PrologueFuture<'_> {
        use tokio::io::AsyncWriteExt;
        Box::pin(async move {
            match self {
                Self::Says(word) => {
                    connection
                        .stream
                        .write_all(*word)
                        .await
                        .map_err(|error| PrologueError::io(self.name(), error))?;
                }
                Self::Expects(word) => {
                    let came = connection
                        .stream
                        .peek(4)
                        .await
                        .map_err(|error| PrologueError::io(self.name(), error))?;
                    if !came.starts_with(*word) {
                        return Err(PrologueError::refused(self.name(), "another greeting"));
                    }
                    connection.stream.consume(4);
                }
            }
            Ok::<_, PrologueError>(Verdict::Continue(connection))
        })
    }
}

#[tokio::test(start_paused = true)]
async fn a_client_runs_its_prologue_steps_on_each_connection() {
    let network = MemoryNetwork::new();
    let expects = server("greeted").prologue_step(Greeting::Expects(b"open"));
    let server = expects.bind(BROKER).network(network.clone()).start().await.unwrap();
    let greets =
        |word| client().network(network.clone()).prologue_step(Greeting::Says(word)).build().unwrap();
    let polite = greets(b"open");
    let response = polite.invoke(BROKER, request(), SECOND).await.unwrap();
    assert_eq!(response.remark(), Some("greeted"));
    let rude = greets(b"shut");
    assert!(rude.invoke(BROKER, request(), SECOND).await.is_err());
    assert_ne!(server.listener_statistics().refused_in_prologue(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_client_prologue_step_that_fails_ends_the_call_unsent() {
    let network = MemoryNetwork::new();
    let silent = server("silent").bind(BROKER).network(network.clone());
    let _server = silent.start().await.unwrap();
    let client = client().network(network).prologue_step(Greeting::Expects(b"open")).build().unwrap();
    let error = client.invoke(BROKER, request(), 3 * SECOND).await.unwrap_err();
    assert!(error.is_connect(), "{error}");
    assert!(ErrorChain(&error).to_string().contains("prologue step greeting"), "{}", ErrorChain(&error));
}

#[tokio::test]
async fn a_server_serves_on_a_bound_socket() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let bound = Address::from(listener.local_addr().unwrap());
    let server = server("bound").listener(listener).start().await.unwrap();
    assert_eq!(server.local_addr(), &bound);
    let client = client().build().unwrap();
    let response = client.invoke(&bound, request(), 30 * SECOND).await.unwrap();
    assert_eq!(response.remark(), Some("bound"));

    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let other = server.add_listener(listener).await.unwrap();
    other.register_default_processor(Executor::inline(), |_ctx, request: RemotingCommand| async move {
        Ok(RemotingCommand::response_to(&request, ResponseCode::SUCCESS).with_remark("other"))
    });
    let response = client.invoke(other.local_addr(), request(), 30 * SECOND).await.unwrap();
    assert_eq!(response.remark(), Some("other"));
    client.shutdown().await;
    assert!(server.shutdown().await.is_clean());
    assert!(tokio::net::TcpStream::connect(bound.as_socket().unwrap()).await.is_err(), "closed");
}

#[cfg(unix)]
#[tokio::test]
async fn a_server_serves_on_a_bound_unix_socket() {
    let path = std::env::temp_dir().join(format!("remoting-rpc-{}.sock", std::process::id()));
    let _ = std::fs::remove_file(&path); // left by a killed process with this ID
    let listener = std::os::unix::net::UnixListener::bind(&path).unwrap();
    let server = server("unix").listener(listener).start().await.unwrap();
    let client = client().build().unwrap();
    let response = client.invoke(Address::unix(path.clone()), request(), 30 * SECOND).await.unwrap();
    assert_eq!(response.remark(), Some("unix"));
    client.shutdown().await;
    server.shutdown().await;
    assert!(path.exists(), "the file belongs to the code that bound the socket");
    std::fs::remove_file(path).unwrap();
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_socket_of_another_kind_is_rejected() {
    let datagrams = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
    let mistaken = std::net::TcpListener::from(std::os::fd::OwnedFd::from(datagrams));
    let error = server("none").listener(mistaken).start().await.unwrap_err();
    let text = ErrorChain(&error).to_string();
    assert_eq!(text, "cannot listen on the given socket: the socket does not listen");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_client_dials_from_its_configured_local_address() {
    let server = server("local").bind("127.0.0.1:0").start().await.unwrap();
    let config = ClientConfig::new().local_address(std::net::IpAddr::from([127, 0, 0, 3]));
    let client = RemotingClient::builder().config(config).build().unwrap();
    client.invoke(server.local_addr(), request(), 30 * SECOND).await.unwrap();
    let peer = server.channels()[0].peer_addr().as_socket().unwrap();
    assert_eq!(peer.ip(), std::net::IpAddr::from([127, 0, 0, 3]));
}
