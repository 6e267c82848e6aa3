//! Files with known bytes, and channels that send regions of them to a raw stream.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, reason = "each test file uses a part of it")]

use std::{fs::File, io::Write, sync::Arc, time::Duration};

use remoting_transport::{
    Bootstrap, Channel, ChannelDriver, ChannelOptions, Connection, FileRegion, Stream,
    protocol::{FrameDecoder, FrameLimits, RemotingCommand, RequestCode, bytes::BytesMut},
};
use tokio::{
    io::{AsyncRead, AsyncReadExt},
    net::{TcpListener, TcpSocket, TcpStream},
    task::JoinHandle,
};

use crate::support::Deliver;

/// Returns the byte at an offset of a file. No buffer size is a multiple of 251.
pub(crate) fn bytes(offset: usize, len: usize) -> Vec<u8> {
    (offset..offset + len).map(|place| (place % 251) as u8).collect()
}

pub(crate) fn file(len: usize) -> Arc<File> {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(&bytes(0, len)).unwrap();
    Arc::new(file)
}

pub(crate) fn region(file: &Arc<File>, offset: u64, len: usize) -> FileRegion {
    FileRegion::new(Arc::clone(file), offset, len).unwrap()
}

pub(crate) fn request(code: i32) -> RemotingCommand {
    RemotingCommand::request(RequestCode(code))
}

/// Creates channels with a close time-out of an hour, so that a busy machine does not cut a close short.
pub(crate) fn patient() -> Bootstrap {
    let options = ChannelOptions::new().close_timeout(Duration::from_secs(3600));
    Bootstrap::new(options)
}

pub(crate) fn open(stream: impl Into<Stream>, bootstrap: &Bootstrap) -> (Channel, ChannelDriver) {
    let connection =
        Connection::new(stream, "memory:ours".parse().unwrap(), "memory:theirs".parse().unwrap());
    let opened = bootstrap.open(connection).unwrap();
    (opened.channel().clone(), opened.drive(Deliver::new().0))
}

/// Returns the two ends of a TCP connection with small buffers.
pub(crate) async fn tcp() -> (TcpStream, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_send_buffer_size(16 << 10).unwrap();
    socket.set_recv_buffer_size(16 << 10).unwrap();
    let ours = socket.connect(listener.local_addr().unwrap()).await.unwrap();
    (ours, listener.accept().await.unwrap().0)
}

/// Reads all bytes until the end.
pub(crate) fn read_all(mut peer: impl AsyncRead + Send + Unpin + 'static) -> JoinHandle<BytesMut> {
    tokio::spawn(async move {
        let mut all = BytesMut::new();
        while peer.read_buf(&mut all).await.unwrap() > 0 {}
        all
    })
}

pub(crate) fn decode(bytes: &mut BytesMut) -> Option<RemotingCommand> {
    FrameDecoder::new(FrameLimits::default()).decode(bytes).unwrap()
}
