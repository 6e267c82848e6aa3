//! The memory that a channel holds for received bytes, as counted by the allocator.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says so when it fails")]

use std::{
    future::Future,
    io,
    pin::Pin,
    sync::{Arc, Mutex},
    task::{Context, Poll, Waker},
    time::Duration,
};

use allocation_counter::measure;
use remoting_transport::{
    Bootstrap, ChannelDriver, ChannelOptions, Connection, InboundSink, SinkContext, Stream,
    protocol::{FrameEncoder, RemotingCommand, RequestCode, bytes::Bytes, bytes::BytesMut},
};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// A stream of pieces. Each piece is one read, or several if it is large.
#[derive(Clone, Default)]
struct Feed(Arc<Mutex<Bytes>>);

impl AsyncRead for Feed {
    fn poll_read(self: Pin<&mut Self>, _: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let mut bytes = self.0.lock().unwrap();
        if bytes.is_empty() {
            return Poll::Pending;
        }
        // A socket rarely holds more than this.
        let read = bytes.len().min(into.remaining()).min(64 << 10);
        into.put_slice(&bytes.split_to(read));
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Feed {
    fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, from: &[u8]) -> Poll<io::Result<usize>> {
        Poll::Ready(Ok(from.len()))
    }
    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

struct Discard;

impl InboundSink for Discard {
    fn command(&mut self, _: &mut SinkContext<'_>, _: RemotingCommand) {}
}

struct Reader {
    feed: Feed,
    driver: Pin<Box<ChannelDriver>>,
}

impl Reader {
    fn new() -> Self {
        let feed = Feed::default();
        let (ours, theirs) = ("memory:ours".parse().unwrap(), "memory:theirs".parse().unwrap());
        let connection = Connection::new(Stream::boxed(feed.clone()), ours, theirs);
        let opened = Bootstrap::new(ChannelOptions::default()).open(connection).unwrap();
        let mut reader = Self { feed, driver: Box::pin(opened.drive(Discard)) };
        reader.poll();
        reader
    }

    fn poll(&mut self) {
        assert!(self.driver.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    }

    fn receive(&mut self, bytes: Bytes) {
        *self.feed.0.lock().unwrap() = bytes;
        while !self.feed.0.lock().unwrap().is_empty() {
            self.poll();
        }
        self.poll();
    }
}

fn frame(body: usize) -> Bytes {
    let command = RemotingCommand::request(RequestCode(1)).with_body(vec![0; body]);
    let mut frame = BytesMut::new();
    FrameEncoder::default().encode(&command, &mut frame).unwrap();
    frame.freeze()
}

/// Returns the bytes allocated by `receive` that are still held, and the largest number held during it.
fn held(receive: impl FnOnce()) -> (usize, usize) {
    let counted = measure(receive);
    (counted.bytes_current.max(0) as usize, counted.bytes_max as usize)
}

async fn pass(time: Duration) {
    tokio::time::advance(time).await;
}

#[tokio::test(start_paused = true)]
async fn a_busy_channel_releases_the_buffer_of_a_large_frame() {
    let small = frame(30);
    for size in [1 << 20, 4 << 20, 15 << 20] {
        let (mut reader, large) = (Reader::new(), frame(size));
        reader.receive(small.clone());
        pass(Duration::from_millis(300)).await;
        let (kept, most) = held(|| {
            reader.receive(large.clone());
            reader.receive(small.clone());
        });
        assert!(kept <= 128 << 10, "{kept} bytes are held after a frame of {size}");
        // The last block that was too small, and a block of twice its size, during the copy.
        assert!(most <= 3 * size + (256 << 10), "{most} bytes were held for a frame of {size}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_large_frame_holds_at_most_twice_what_has_arrived() {
    let (mut reader, large) = (Reader::new(), frame(15 << 20));
    for part in [100, 5_000, 100_000, 1 << 20, 5 << 20] {
        let (held, _) = held(|| {
            let mut reader = Reader::new();
            reader.receive(large.slice(..part));
            std::mem::forget(reader);
        });
        assert!(held <= 2 * part + (16 << 10), "{held} bytes are held for {part}");
    }
    reader.receive(large);
}

#[tokio::test(start_paused = true)]
async fn single_bytes_hold_one_small_read() {
    let (mut reader, large) = (Reader::new(), frame(15 << 20));
    let (held, _) = held(|| {
        reader.receive(large.slice(..40));
        for at in 40..50 {
            reader.receive(large.slice(at..=at));
        }
    });
    assert!(held <= 8 << 10, "{held} bytes are held for 50");
}

#[tokio::test(start_paused = true)]
async fn a_partial_frame_on_a_quiet_channel_holds_little_more_than_itself() {
    let (mut reader, large) = (Reader::new(), frame(1 << 20));
    for _ in 0..5 {
        reader.receive(large.clone());
    }
    pass(Duration::from_secs(2)).await;
    reader.poll();
    let (held, _) = held(|| reader.receive(large.slice(..50)));
    assert!(held <= 8 << 10, "{held} bytes are held for 50");
}

#[tokio::test(start_paused = true)]
async fn a_waiting_channel_holds_less_than_two_kilobytes() {
    let (idle, _) = held(|| std::mem::forget(Reader::new()));
    assert!(idle <= 2 << 10, "{idle} bytes");
}
