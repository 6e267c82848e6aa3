//! How regions are written. `tests/file_regions.rs` tests that their bytes arrive.

use std::{future::poll_fn, io::Write, task::Waker};

use tokio::{
    io::AsyncReadExt,
    net::{TcpListener, TcpStream},
};

use super::*;

const LEN: usize = 600 << 10;

fn region() -> FileRegion {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(&[7; LEN]).unwrap();
    FileRegion::new(file, 0, LEN).unwrap()
}

async fn tcp() -> (Stream, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let stream = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
    (stream.into(), listener.accept().await.unwrap().0)
}

/// Writes the region and returns the largest number of bytes that were in memory.
async fn write(writer: &mut RegionWriter, stream: &mut Stream, limit: usize) -> Result<usize, ChannelError> {
    let (region, mut at, mut memory) = (region(), 0, 0);
    while at < LEN {
        let written = poll_fn(|cx| writer.poll_write(stream, &region, at, limit, cx)).await?;
        assert!(written <= limit);
        at += written;
        memory = memory.max(writer.reader.as_ref().map_or(0, |reader| reader.piece.capacity()));
    }
    Ok(memory)
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn plain_tcp_reads_nothing_into_memory() {
    let (mut stream, mut peer) = tcp().await;
    let reading = tokio::spawn(async move { peer.read_exact(&mut vec![0; LEN]).await.unwrap() });
    assert_eq!(write(&mut RegionWriter::default(), &mut stream, 100_000).await.unwrap(), 0);
    reading.await.unwrap();
}

#[tokio::test]
async fn other_streams_read_one_piece_at_a_time() {
    let (ours, mut peer) = tokio::io::duplex(1000);
    let reading = tokio::spawn(async move { peer.read_exact(&mut vec![0; LEN]).await.unwrap() });
    let mut writer = RegionWriter::default();
    let memory = write(&mut writer, &mut ours.into(), usize::MAX).await.unwrap();
    assert_eq!(memory, PIECE);
    reading.await.unwrap();
    writer.rest();
    assert!(writer.reader.is_none());
}

/// The only blocking thread is busy until the writer is dropped, so the read has not started by then.
#[test]
fn a_dropped_writer_releases_the_file() {
    let runtime = tokio::runtime::Builder::new_current_thread().max_blocking_threads(1).build().unwrap();
    runtime.block_on(async {
        let (region, (ours, _peer)) = (region(), tokio::io::duplex(1000));
        let (held, until_dropped) = std::sync::mpsc::channel::<()>();
        tokio::task::spawn_blocking(move || until_dropped.recv());
        let mut writer = RegionWriter::default();
        let cx = &mut Context::from_waker(Waker::noop());
        assert!(writer.poll_write(&mut ours.into(), &region, 0, LEN, cx).is_pending());
        drop((writer, held));
        while std::sync::Arc::strong_count(region.file()) > 1 {
            tokio::task::yield_now().await;
        }
    });
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_broken_socket_is_not_reported_as_an_error_of_the_file() {
    let (mut stream, peer) = tcp().await;
    peer.set_zero_linger().unwrap();
    drop(peer);
    let mut writer = RegionWriter::default();
    let error = loop {
        if let Err(error) = write(&mut writer, &mut stream, usize::MAX).await {
            break error;
        }
    };
    assert!(matches!(error, ChannelError::Io(_)), "{error}");
}

#[cfg(unix)]
#[tokio::test]
async fn the_error_of_an_unreadable_file_names_the_region() {
    let file = tempfile::NamedTempFile::new().unwrap();
    file.as_file().set_len(100).unwrap();
    let write_only = std::fs::OpenOptions::new().write(true).open(file.path()).unwrap();
    let region = FileRegion::new(write_only, 10, 90).unwrap();
    let (over_tcp, _peer) = tcp().await;
    for mut stream in [over_tcp, tokio::io::duplex(1000).0.into()] {
        let mut writer = RegionWriter::default();
        let error = poll_fn(|cx| writer.poll_write(&mut stream, &region, 3, 100, cx)).await.unwrap_err();
        let ChannelError::FileRegion { sent: 3, ref source, .. } = error else { panic!("{error}") };
        assert_eq!(error.to_string(), "the file region of 90 bytes at offset 10 broke off after 3 bytes");
        assert_eq!(source.raw_os_error(), Some(9), "EBADF");
    }
}

#[test]
fn a_region_that_sendfile_does_not_support_is_read() {
    for kind in [io::ErrorKind::Unsupported, io::ErrorKind::InvalidInput] {
        assert!(must_be_read(&kind.into()));
    }
    assert!(!must_be_read(&io::ErrorKind::UnexpectedEof.into()));
}
