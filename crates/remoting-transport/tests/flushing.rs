//! A handler that sends after each flush does not keep other tasks from running.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says so when it fails")]

use std::{
    future::Future,
    io,
    pin::{Pin, pin},
    sync::mpsc,
    task::{Context, Poll, Waker},
    time::Duration,
};

use remoting_transport::{
    Bootstrap, Channel, ChannelHandler, ChannelOptions, ChannelPipeline, Connection, EmbeddedChannel,
    HandlerContext, InboundSink, PipelineError, SinkContext, Stream,
    protocol::{RemotingCommand, RequestCode},
};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

struct SendAgain;

impl ChannelHandler for SendAgain {
    fn channel_flushed(&mut self, ctx: &mut HandlerContext<'_>) {
        ctx.send(RemotingCommand::request(RequestCode(1)));
    }
}

fn send_again(_: &Channel, pipeline: &mut ChannelPipeline) -> Result<(), PipelineError> {
    pipeline.add_last("send-again", SendAgain)?;
    Ok(())
}

struct Discard;

impl InboundSink for Discard {
    fn command(&mut self, _: &mut SinkContext<'_>, _: RemotingCommand) {}
}

/// A stream that accepts all bytes at once, and has nothing to read.
struct Abyss;

impl AsyncRead for Abyss {
    fn poll_read(self: Pin<&mut Self>, _: &mut Context<'_>, _: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Poll::Pending
    }
}

impl AsyncWrite for Abyss {
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

/// Fails if `function` does not return.
fn returns<T: Send + 'static>(function: impl FnOnce() -> T + Send + 'static) -> T {
    let (done, result) = mpsc::channel();
    std::thread::spawn(move || done.send(function()));
    result.recv_timeout(Duration::from_secs(60)).expect("it returns")
}

#[test]
fn a_poll_ends_although_a_handler_sends_after_each_flush() {
    returns(|| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let _entered = runtime.enter();
        let (ours, theirs) = ("memory:ours".parse().unwrap(), "memory:theirs".parse().unwrap());
        let connection = Connection::new(Stream::boxed(Abyss), ours, theirs);
        let opened =
            Bootstrap::new(ChannelOptions::default()).initializer(send_again).open(connection).unwrap();
        opened.channel().try_send(RemotingCommand::request(RequestCode(0))).unwrap();
        let turn = pin!(opened.drive(Discard)).poll(&mut Context::from_waker(Waker::noop()));
        assert!(turn.is_pending());
    });
}

#[test]
fn an_embedded_channel_returns_although_a_handler_sends_after_each_flush() {
    let bytes = returns(|| {
        let mut channel = EmbeddedChannel::new(send_again).unwrap();
        channel.write_outbound(RemotingCommand::request(RequestCode(0)));
        channel.read_outbound_bytes().len()
    });
    assert!(bytes > 0);
}
