//! TCP sockets and their options.

mod options;

use std::{
    fmt::Display,
    io,
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use socket2::{Domain, Protocol, SockRef, Socket, TcpKeepalive, Type};
use tokio::net::{TcpListener, TcpSocket, TcpStream};

pub use self::options::SocketOptions;
use crate::connection::Connection;

/// The shortest keep-alive time: the system counts whole seconds and rejects zero.
const SHORTEST: Duration = Duration::from_secs(1);
/// The longest keep-alive time that Linux accepts.
const LONGEST: Duration = Duration::from_secs(i16::MAX as u64);
/// The most probes that Linux accepts.
const MOST_PROBES: u32 = i8::MAX as u32;

/// Returns a bound, listening socket. Options are set before `listen`, so that accepted sockets inherit the buffer
/// sizes.
pub(crate) fn listen(address: SocketAddr, options: &SocketOptions) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    socket.set_reuse_address(options.reuse_address())?;
    set_buffers(&SockRef::from(&socket), options)?;
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    socket.listen(i32::try_from(options.backlog()).unwrap_or(i32::MAX))?;
    TcpListener::from_std(socket.into())
}

/// Connects to `address`. Buffer sizes are set before the handshake, which negotiates the window scale.
pub(crate) async fn connect(address: SocketAddr, options: &SocketOptions) -> io::Result<Connection> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    if let Some(local) = options.local_address() {
        bind_locally(&socket, local, address)?;
    }
    connect_from(socket, address, options).await
}

/// Binds a socket that will dial `address` to a local address.
fn bind_locally(socket: &TcpSocket, local: IpAddr, address: SocketAddr) -> io::Result<()> {
    let failed = |kind, why: &dyn Display| {
        io::Error::new(kind, format!("the local address {local} cannot be used: {why}"))
    };
    if local.is_ipv4() != address.is_ipv4() {
        return Err(failed(io::ErrorKind::AddrNotAvailable, &"its family differs from the peer's"));
    }
    socket.bind(SocketAddr::new(local, 0)).map_err(|error| failed(error.kind(), &error))
}

async fn connect_from(
    socket: TcpSocket,
    address: SocketAddr,
    options: &SocketOptions,
) -> io::Result<Connection> {
    set_buffers(&SockRef::from(&socket), options)?;
    let stream = socket.connect(address).await?;
    let local = stream.local_addr()?;
    if local == stream.peer_addr()? {
        // TCP self-connect: the system chose the dialled port for this end. A reset frees the port at once.
        SockRef::from(&stream).set_linger(Some(Duration::ZERO))?;
        return Err(io::Error::new(
            io::ErrorKind::ConnectionRefused,
            "connection refused: nobody listens there (the socket connected to itself)",
        ));
    }
    configure(&stream, options)?;
    Ok(Connection::new(stream, local.into(), address.into()))
}

/// Returns the connection of an accepted socket.
pub(crate) fn accepted(
    stream: TcpStream,
    peer: SocketAddr,
    options: &SocketOptions,
) -> io::Result<Connection> {
    configure(&stream, options)?;
    let local = stream.local_addr()?;
    Ok(Connection::new(stream, local.into(), peer.into()))
}

/// Sets the options of a connected socket, accepted or dialled.
fn configure(stream: &TcpStream, options: &SocketOptions) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let socket = SockRef::from(stream);
    if let Some(quiet) = options.keepalive().filter(|quiet| !quiet.is_zero()) {
        let keepalive = TcpKeepalive::new().with_time(quiet.clamp(SHORTEST, LONGEST));
        #[cfg(not(any(target_os = "openbsd", target_os = "solaris")))]
        let keepalive = keepalive
            .with_interval(options.keepalive_interval().clamp(SHORTEST, LONGEST))
            .with_retries(options.keepalive_retries().clamp(1, MOST_PROBES));
        socket.set_tcp_keepalive(&keepalive)?;
    }
    #[cfg(any(target_os = "linux", target_os = "android"))]
    if let Some(timeout) = options.user_timeout().filter(|timeout| !timeout.is_zero()) {
        socket.set_tcp_user_timeout(Some(timeout.clamp(SHORTEST, LONGEST)))?;
    }
    Ok(())
}

fn set_buffers(socket: &SockRef<'_>, options: &SocketOptions) -> io::Result<()> {
    if let Some(bytes) = options.send_buffer() {
        socket.set_send_buffer_size(bytes)?;
    }
    if let Some(bytes) = options.receive_buffer() {
        socket.set_recv_buffer_size(bytes)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns a configured socket and the other end of its connection.
    async fn configured(options: &SocketOptions) -> io::Result<(TcpStream, TcpStream)> {
        let listener = listen(SocketAddr::from(([127, 0, 0, 1], 0)), &SocketOptions::default())?;
        let stream = TcpStream::connect(listener.local_addr()?).await?;
        configure(&stream, options)?;
        Ok((stream, listener.accept().await?.0))
    }

    #[tokio::test]
    async fn times_and_counts_are_clamped_to_what_the_system_accepts() {
        for time in [Duration::from_nanos(1), Duration::from_millis(999), LONGEST * 2, Duration::MAX] {
            for retries in [0, 1, u32::MAX] {
                let options = SocketOptions::new()
                    .with_keepalive(time)
                    .with_keepalive_interval(time)
                    .with_keepalive_retries(retries)
                    .with_user_timeout(time);
                let (stream, _peer) = configured(&options).await.unwrap();
                assert!(SockRef::from(&stream).keepalive().unwrap(), "{time:?}");
            }
        }
    }

    #[tokio::test]
    async fn none_and_zero_disable_keepalive() {
        for quiet in [None, Some(Duration::ZERO)] {
            let options = SocketOptions::new().with_keepalive(quiet).with_user_timeout(quiet);
            let (stream, _peer) = configured(&options).await.unwrap();
            assert!(!SockRef::from(&stream).keepalive().unwrap(), "{quiet:?}");
            #[cfg(target_os = "linux")]
            assert_eq!(SockRef::from(&stream).tcp_user_timeout().unwrap(), None);
        }
    }

    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn a_vanished_peer_is_noticed_within_45_seconds_by_default() {
        let (stream, _peer) = configured(&SocketOptions::default()).await.unwrap();
        let socket = SockRef::from(&stream);
        let (quiet, interval) =
            (socket.tcp_keepalive_time().unwrap(), socket.tcp_keepalive_interval().unwrap());
        let probes = socket.tcp_keepalive_retries().unwrap();
        assert_eq!(quiet + interval * probes, Duration::from_secs(45));
        assert_eq!(socket.tcp_user_timeout().unwrap(), Some(Duration::from_secs(45)));
    }

    #[tokio::test]
    async fn a_self_connected_socket_is_refused_and_frees_its_port() {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind(SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
        let own = socket.local_addr().unwrap();
        let error = connect_from(socket, own, &SocketOptions::default()).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::ConnectionRefused, "{error}");
        listen(own, &SocketOptions::new().with_reuse_address(false)).unwrap();
    }
}
