//! Dialling.

#[cfg(not(unix))]
use std::io;
use std::{net::SocketAddr, time::Duration};

use crate::{
    address::Address,
    error::{ConnectAttempts, ConnectError},
    happy_eyeballs::{interleave, race},
    memory,
    options::ConnectOptions,
    prologue::Connection,
    socket,
    socks::{self, SocksError},
};

/// Dials an address: a connection, or the reason why not, within `timeout`.
///
/// A host name is resolved anew each time. Its addresses race, as RFC 8305 ("Happy Eyeballs") has it: they are tried in
/// the resolver's order with IPv6 and IPv4 taking turns, each 250 ms after the one before it, or at once if one
/// failed; the first connection counts. So an address that does not answer costs 250 ms, and not the whole `timeout`.
///
/// An address for which [`ConnectOptions::socks_proxies`] has a proxy is dialled through it; a host name is then
/// resolved by the proxy.
/// This is the bare connection; [`Bootstrap::connect`](crate::Bootstrap::connect) runs the prologue on it as well.
///
/// # Cancellation
/// Dropping this future closes whatever was opened.
///
/// # Errors
/// When nobody listens there, the name has no address, or time runs out.
pub async fn connect(
    address: &Address,
    options: &ConnectOptions,
    timeout: Duration,
) -> Result<Connection, ConnectError> {
    let mut attempts = ConnectAttempts::default();
    let Some(proxy) = options.socks_proxies.proxy_for(address) else {
        let dial = dial_directly(address, options, &mut attempts);
        return match tokio::time::timeout(timeout, dial).await {
            Ok(dialled) => dialled,
            Err(_elapsed) => {
                Err(ConnectError::Timeout { address: address.clone(), timeout, attempts: attempts.if_any() })
            }
        };
    };
    let dial = socks::dial(proxy, address, options, &mut attempts);
    let dialled = match tokio::time::timeout(timeout, dial).await {
        Ok(dialled) => dialled,
        Err(_elapsed) => Err(SocksError::Timeout { timeout, attempts: attempts.if_any() }),
    };
    dialled.map_err(|source| ConnectError::Socks {
        address: address.clone(),
        proxy: proxy.address().clone(),
        source,
    })
}

/// Dials without a proxy in between. `attempts` is what has become of the addresses of a host name, until one of
/// them is connected.
pub(crate) async fn dial_directly(
    address: &Address,
    options: &ConnectOptions,
    attempts: &mut ConnectAttempts,
) -> Result<Connection, ConnectError> {
    let failed = |source| ConnectError::Io { address: address.clone(), source };
    match address {
        Address::Socket(socket) => socket::connect(*socket, &options.socket).await.map_err(failed),
        Address::Host { host, port } => {
            let resolved = tokio::net::lookup_host((&**host, *port)).await.map_err(failed)?;
            dial_any(address, &interleave(resolved), options, attempts).await
        }
        #[cfg(unix)]
        Address::Unix(path) => {
            let stream = tokio::net::UnixStream::connect(path).await.map_err(failed)?;
            Ok(Connection::new(stream, Address::unix(""), address.clone()))
        }
        #[cfg(not(unix))]
        Address::Unix(_) => Err(failed(io::ErrorKind::Unsupported.into())),
        Address::Memory(name) => {
            let (stream, local) = memory::connect(name).map_err(failed)?;
            Ok(Connection::new(stream, local, address.clone()))
        }
    }
}

/// Dials whichever of the addresses of `name` answers first.
async fn dial_any(
    name: &Address,
    candidates: &[SocketAddr],
    options: &ConnectOptions,
    attempts: &mut ConnectAttempts,
) -> Result<Connection, ConnectError> {
    if candidates.is_empty() {
        return Err(ConnectError::NoAddress { address: name.clone() });
    }
    let dial = |candidate| socket::connect(candidate, &options.socket);
    let connected = race(candidates, attempts, dial).await;
    let tried = std::mem::take(attempts);
    connected.ok_or_else(|| ConnectError::Addresses { address: name.clone(), source: tried })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_name_none_of_whose_addresses_can_be_connected_tells_the_cause_of_each() {
        let nobody = || {
            let socket = tokio::net::TcpSocket::new_v4().unwrap();
            socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
            socket
        };
        // Bound, so that nobody else gets the ports meanwhile, and not listening.
        let taken = [nobody(), nobody()];
        let candidates = taken.each_ref().map(|socket| socket.local_addr().unwrap());
        let name = "two.example:1".parse().unwrap();
        let options = ConnectOptions::default();
        let error =
            dial_any(&name, &candidates, &options, &mut ConnectAttempts::default()).await.unwrap_err();
        assert_eq!(error.to_string(), "connect to two.example:1 failed");
        let told = crate::protocol::ErrorChain(&error).to_string();
        assert!(
            candidates.iter().all(|address| told.contains(&format!("{address}: Connection refused"))),
            "{told}"
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
        let name = "two.example:1".parse().unwrap();
        let options = ConnectOptions::default();
        let mut attempts = ConnectAttempts::default();
        let dial = dial_any(&name, &candidates, &options, &mut attempts);
        let connection = tokio::time::timeout(Duration::from_secs(60), dial).await.unwrap().unwrap();
        assert_eq!(connection.peer, Address::from(candidates[1]));
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn a_time_out_tells_what_became_of_the_addresses_of_the_name() {
        let (dead, _held) = full_backlog().await;
        let dead = dead.local_addr().unwrap();
        let name = format!("localhost:{}", dead.port()).parse().unwrap();
        let patience = Duration::from_millis(800);
        let error = connect(&name, &ConnectOptions::default(), patience).await.unwrap_err();
        assert!(matches!(error, ConnectError::Timeout { .. }), "{error}");
        let told = crate::protocol::ErrorChain(&error).to_string();
        assert!(
            told.contains("no connection after 800ms") && told.contains(&format!("{dead}: no answer")),
            "{told}"
        );
    }
}
