//! Copying from a file to a socket inside of the kernel.

use std::{
    fs::File,
    io,
    task::{Context, Poll, ready},
};

use tokio::{io::Interest, net::TcpStream};

/// Sends up to `len` bytes of `file` from `offset` on. Returns how many, 0 at the end of the file.
pub(super) fn poll_send_file(
    socket: &TcpStream,
    cx: &mut Context<'_>,
    file: &File,
    offset: u64,
    len: usize,
) -> Poll<io::Result<usize>> {
    loop {
        ready!(socket.poll_write_ready(cx))?;
        match socket.try_io(Interest::WRITABLE, || send_file(socket, file, offset, len)) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            sent => return Poll::Ready(sent),
        }
    }
}

/// Calls `sendfile`. On a socket that the peer has closed it raises SIGPIPE, which Rust programs ignore by default.
#[cfg(target_os = "linux")]
fn send_file(socket: &TcpStream, file: &File, mut offset: u64, len: usize) -> io::Result<usize> {
    let sent = rustix::io::retry_on_intr(|| rustix::fs::sendfile(socket, file, Some(&mut offset), len));
    Ok(sent?)
}

#[cfg(not(target_os = "linux"))]
fn send_file(_: &TcpStream, _: &File, _: u64, _: usize) -> io::Result<usize> {
    Err(io::ErrorKind::Unsupported.into())
}
