use std::net::SocketAddr;

use super::*;
use crate::{
    network::{Acceptor, NetworkFuture},
    socket::SocketOptions,
};

/// The system's network with a resolver that returns the same addresses for every name.
#[derive(Debug)]
struct Resolves(Vec<SocketAddr>);

impl Network for Resolves {
    fn dial<'a>(&'a self, address: &'a Address, options: &'a SocketOptions) -> NetworkFuture<'a, Connection> {
        SystemNetwork.dial(address, options)
    }

    fn listen<'a>(
        &'a self,
        address: &'a Address,
        options: &'a SocketOptions,
    ) -> NetworkFuture<'a, Box<dyn Acceptor>> {
        SystemNetwork.listen(address, options)
    }

    fn resolve<'a>(&'a self, _: &'a str, _: u16) -> NetworkFuture<'a, Option<Vec<SocketAddr>>> {
        Box::pin(async { Ok(Some(self.0.clone())) })
    }
}

async fn connect_to_one_of(
    candidates: [SocketAddr; 2],
    timeout: Duration,
) -> Result<Connection, ConnectError> {
    let name = "two.example:1".parse().unwrap();
    connect_on(&Resolves(candidates.into()), &name, &ConnectOptions::default(), timeout).await
}

#[tokio::test]
async fn a_failed_dial_of_a_name_reports_the_cause_for_each_address() {
    let nobody = || {
        let socket = tokio::net::TcpSocket::new_v4().unwrap();
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        socket
    };
    // Bound but not listening: nobody else can take the ports.
    let taken = [nobody(), nobody()];
    let candidates = taken.each_ref().map(|socket| socket.local_addr().unwrap());
    let error = connect_to_one_of(candidates, Duration::from_secs(60)).await.unwrap_err();
    assert_eq!(error.to_string(), "connect to two.example:1 failed");
    let text = crate::protocol::ErrorChain(&error).to_string();
    assert!(
        candidates.iter().all(|address| text.contains(&format!("{address}: Connection refused"))),
        "{text}"
    );
    let ConnectError::Addresses { source, .. } = error else { panic!("{error:?}") };
    assert_eq!(source.kind(), Some(std::io::ErrorKind::ConnectionRefused));
}

/// A listener whose backlog is full: the system drops further SYNs.
#[cfg(target_os = "linux")]
async fn full_backlog() -> (tokio::net::TcpListener, Vec<tokio::net::TcpStream>) {
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    let mut held = Vec::new();
    for _ in 0..64 {
        let dial = tokio::net::TcpStream::connect(address);
        match tokio::time::timeout(Duration::from_millis(300), dial).await {
            Ok(stream) => held.push(stream.unwrap()),
            Err(_elapsed) => return (listener, held),
        }
    }
    panic!("a backlog of one is never full");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_name_with_a_dead_and_a_living_address_is_connected() {
    let (dead, _held) = full_backlog().await;
    let living = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let candidates = [dead.local_addr().unwrap(), living.local_addr().unwrap()];
    let connection = connect_to_one_of(candidates, Duration::from_secs(60)).await.unwrap();
    assert_eq!(connection.peer, Address::from(candidates[1]));
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_time_out_tells_what_became_of_the_addresses_of_the_name() {
    let (dead, _held) = full_backlog().await;
    let dead = dead.local_addr().unwrap();
    let name = format!("localhost:{}", dead.port()).parse().unwrap();
    let limit = Duration::from_millis(800);
    let error = connect(&name, &ConnectOptions::default(), limit).await.unwrap_err();
    assert!(matches!(error, ConnectError::Timeout { .. }), "{error}");
    let text = crate::protocol::ErrorChain(&error).to_string();
    assert!(
        text.contains("no connection after 800ms") && text.contains(&format!("{dead}: no answer")),
        "{text}"
    );
}
