//! Socket options, set where tokio has no setter for them.

use std::{io, net::SocketAddr, time::Duration};

use socket2::{Domain, Protocol, SockRef, Socket, TcpKeepalive, Type};
use tokio::net::{TcpListener, TcpSocket, TcpStream};

use crate::options::{ListenerOptions, SocketOptions};

/// The shortest quiet time that there is: the system counts in seconds, and refuses none at all, and with it the
/// connection.
const SHORTEST_KEEPALIVE: Duration = Duration::from_secs(1);
/// The longest quiet time that Linux takes; a longer one it refuses too.
const LONGEST_KEEPALIVE: Duration = Duration::from_secs(i16::MAX as u64);

/// A bound, listening socket. Everything is set before `listen`, so that accepted sockets inherit the buffer
/// sizes and the backlog is the one asked for.
pub(crate) fn listen(address: SocketAddr, options: &ListenerOptions) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    socket.set_reuse_address(options.reuse_address)?;
    set_buffers(&SockRef::from(&socket), &options.socket)?;
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    socket.listen(i32::try_from(options.backlog).unwrap_or(i32::MAX))?;
    TcpListener::from_std(socket.into())
}

/// A connected socket. The buffer sizes are set before the handshake, in which the window scale is agreed.
pub(crate) async fn connect(address: SocketAddr, options: &SocketOptions) -> io::Result<TcpStream> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    set_buffers(&SockRef::from(&socket), options)?;
    let stream = socket.connect(address).await?;
    configure(&stream, options)?;
    Ok(stream)
}

/// What a connected socket needs, accepted or dialled.
pub(crate) fn configure(stream: &TcpStream, options: &SocketOptions) -> io::Result<()> {
    stream.set_nodelay(true)?;
    if let Some(quiet) = options.keepalive.filter(|quiet| !quiet.is_zero()) {
        let quiet = quiet.clamp(SHORTEST_KEEPALIVE, LONGEST_KEEPALIVE);
        SockRef::from(stream).set_tcp_keepalive(&TcpKeepalive::new().with_time(quiet))?;
    }
    Ok(())
}

fn set_buffers(socket: &SockRef<'_>, options: &SocketOptions) -> io::Result<()> {
    if let Some(bytes) = options.send_buffer {
        socket.set_send_buffer_size(bytes)?;
    }
    if let Some(bytes) = options.receive_buffer {
        socket.set_recv_buffer_size(bytes)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a socket configured with this quiet time has keep-alive on.
    async fn keepalive(quiet: Option<Duration>) -> io::Result<bool> {
        let listener = listen(SocketAddr::from(([127, 0, 0, 1], 0)), &ListenerOptions::default())?;
        let stream = TcpStream::connect(listener.local_addr()?).await?;
        configure(&stream, &SocketOptions { keepalive: quiet, ..SocketOptions::default() })?;
        SockRef::from(&stream).keepalive()
    }

    #[tokio::test]
    async fn any_quiet_time_is_one_that_the_system_takes() {
        for quiet in
            [Duration::from_nanos(1), Duration::from_millis(999), LONGEST_KEEPALIVE * 2, Duration::MAX]
        {
            assert!(keepalive(Some(quiet)).await.unwrap(), "{quiet:?}");
        }
    }

    #[tokio::test]
    async fn no_quiet_time_and_none_at_all_are_no_keepalive() {
        for quiet in [None, Some(Duration::ZERO)] {
            assert!(!keepalive(quiet).await.unwrap(), "{quiet:?}");
        }
    }
}
