//! Socket options, set where tokio has no setter for them.

use std::{io, net::SocketAddr, time::Duration};

use socket2::{Domain, Protocol, SockRef, Socket, TcpKeepalive, Type};
use tokio::net::{TcpListener, TcpSocket, TcpStream};

use crate::options::{ListenerOptions, SocketOptions};

/// The longest quiet time that Linux takes; a longer one it refuses, and with it the connection.
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
    if let Some(quiet) = options.keepalive {
        SockRef::from(stream)
            .set_tcp_keepalive(&TcpKeepalive::new().with_time(quiet.min(LONGEST_KEEPALIVE)))?;
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
