//! A command that a handler sends when its channel becomes writable is written at once.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says so when it fails")]

mod support;

use std::{
    future::{Future, poll_fn},
    task::Poll,
    time::Duration,
};

use bytes::BytesMut;
use remoting_transport::{
    Bootstrap, Channel, ChannelHandler, ChannelOptions, ChannelPipeline, CloseReason, Connection,
    EmbeddedChannel, HandlerContext, PipelineError, WaterMark,
    protocol::{FrameDecoder, FrameLimits, RemotingCommand, RequestCode},
};
use support::Deliver;
use tokio::io::{AsyncReadExt, DuplexStream};

/// A handler that sends a command whenever the channel becomes writable.
struct SendNext;

impl ChannelHandler for SendNext {
    fn channel_writability_changed(&mut self, ctx: &mut HandlerContext<'_>, writable: bool) {
        if writable {
            ctx.send(RemotingCommand::request(RequestCode(999)));
        }
    }
}

fn send_next(_: &Channel, pipeline: &mut ChannelPipeline) -> Result<(), PipelineError> {
    pipeline.add_last("send-next", SendNext)?;
    Ok(())
}

/// Creates options with water marks of 0 and 1 000 bytes, and without a timer that would poll the channel for an hour.
fn options() -> ChannelOptions {
    ChannelOptions::new()
        .water_mark(WaterMark::new(0, 1_000).unwrap())
        .buffer_release_after(Duration::from_secs(3600))
}

/// Creates a request that takes the whole capacity of the channel.
fn large(code: i32, body: usize) -> RemotingCommand {
    RemotingCommand::request(RequestCode(code)).with_body(vec![0; body])
}

/// Opens a channel whose peer has 2 000 unread bytes, with two more commands pending.
async fn unwritable() -> (Channel, DuplexStream) {
    let (ours, theirs) = tokio::io::duplex(2_000);
    let (sink, _commands) = Deliver::new();
    let connection = Connection::new(ours, "memory:ours".parse().unwrap(), "memory:theirs".parse().unwrap());
    let opened = Bootstrap::new(options()).initializer(send_next).open(connection).unwrap();
    let channel = opened.channel().clone();
    tokio::spawn(opened.drive(sink));
    for (code, body) in [(1, 2_500), (2, 940)] {
        channel.try_send(large(code, body)).unwrap();
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    assert!(!channel.is_writable());
    (channel, theirs)
}

/// Reads commands from the stream of the peer, and checks their codes and order.
async fn expect_codes(peer: &mut DuplexStream, codes: impl IntoIterator<Item = i32>) {
    let decoder = FrameDecoder::new(FrameLimits::default());
    let mut bytes = BytesMut::with_capacity(8_000);
    for code in codes {
        let command = loop {
            if let Some(command) = decoder.decode(&mut bytes).unwrap() {
                break command;
            }
            assert!(peer.read_buf(&mut bytes).await.unwrap() > 0, "end of stream instead of {code}");
        };
        assert_eq!(command.code(), code);
    }
}

#[tokio::test(start_paused = true)]
async fn a_handlers_command_is_written_after_the_peer_has_read() {
    let (_channel, mut peer) = unwritable().await;
    let read = tokio::time::Instant::now();
    expect_codes(&mut peer, [1, 2, 999]).await;
    assert_eq!(read.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn a_handlers_command_is_written_after_a_waiting_sender_gave_up() {
    let (channel, mut peer) = unwritable().await;
    let mut sender = Box::pin(channel.send(large(3, 940)));
    let sent = poll_fn(|cx| Poll::Ready(sender.as_mut().poll(cx).is_ready())).await;
    assert!(!sent, "the channel is unwritable");
    // The sender gets the capacity, so the channel stays unwritable.
    expect_codes(&mut peer, [1, 2]).await;
    tokio::time::sleep(Duration::from_millis(1)).await;
    let gave_up = tokio::time::Instant::now();
    drop(sender);
    expect_codes(&mut peer, [999]).await;
    assert_eq!(gave_up.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn a_caller_waits_until_the_channel_is_writable_and_reserves_nothing() {
    let (channel, mut peer) = unwritable().await;
    let waiting = tokio::spawn({
        let channel = channel.clone();
        async move { channel.writable().await }
    });
    tokio::time::sleep(Duration::from_millis(1)).await;
    assert!(!waiting.is_finished());
    expect_codes(&mut peer, [1, 2, 999]).await;
    assert_eq!(waiting.await.unwrap(), Ok(()));
    assert_eq!((channel.writable().await, channel.pending_bytes()), (Ok(()), 0));
}

#[tokio::test(start_paused = true)]
async fn a_caller_that_waits_for_a_writable_channel_sees_its_close() {
    let (channel, _peer) = unwritable().await;
    let reason = CloseReason::local("of the test");
    let (waited, ()) = tokio::join!(channel.writable(), async { channel.abort(reason.clone()) });
    assert_eq!(waited, Err(reason));
}

#[test]
fn an_embedded_channel_writes_the_commands_of_a_handler() {
    let mut channel = EmbeddedChannel::with_options(send_next, options()).unwrap();
    channel.stall_writes(true);
    channel.write_outbound(large(1, 940));
    assert!(!channel.channel().is_writable());
    channel.stall_writes(false);
    assert_eq!(channel.read_outbound().unwrap().unwrap().code(), 1);
    assert_eq!(channel.read_outbound().unwrap().unwrap().code(), 999);
    assert!(channel.channel().is_writable());
}
