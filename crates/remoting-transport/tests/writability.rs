//! A command that a handler sends when its channel becomes writable is written at once.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says so when it fails")]

mod support;

use std::{
    future::{Future, poll_fn},
    pin::{Pin, pin},
    sync::{Arc, Mutex},
    task::{Context, Poll, Waker},
    time::Duration,
};

use bytes::BytesMut;
use remoting_transport::{
    Bootstrap, Channel, ChannelHandler, ChannelOptions, ChannelPipeline, CloseReason, Connection,
    EmbeddedChannel, HandlerContext, InboundSink, PipelineError, SinkContext, WaterMark,
    protocol::{FrameDecoder, FrameLimits, RemotingCommand, RequestCode, ResponseCode},
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

/// A sink that answers each request with 600 KiB.
struct Big;

impl InboundSink for Big {
    fn command(&mut self, cx: &mut SinkContext<'_>, request: RemotingCommand) {
        let answer = RemotingCommand::response_to(&request, ResponseCode::SUCCESS);
        cx.write(&mut answer.with_body(vec![0; 600 << 10])).unwrap();
    }
}

fn poll(waiting: Pin<&mut impl Future<Output = Result<(), CloseReason>>>) -> Poll<Result<(), CloseReason>> {
    waiting.poll(&mut Context::from_waker(Waker::noop()))
}

#[test]
fn a_caller_waits_for_responses_of_the_sink_too() {
    let nothing = |_: &Channel, _: &mut ChannelPipeline| Ok(());
    let mut embedded =
        EmbeddedChannel::with_sink(nothing, ChannelOptions::default(), |_| Box::new(Big)).unwrap();
    embedded.stall_writes(true);
    embedded.write_inbound(RemotingCommand::request(RequestCode(1)));
    let channel = embedded.channel().clone();
    assert!(!channel.is_writable());
    let mut waiting = pin!(channel.writable());
    assert!(poll(waiting.as_mut()).is_pending());
    embedded.run();
    assert!(poll(waiting.as_mut()).is_pending());
    channel.try_send(RemotingCommand::request(RequestCode(2))).expect("the queue has capacity");
    embedded.stall_writes(false);
    assert!(channel.is_writable());
    assert_eq!(poll(waiting.as_mut()), Poll::Ready(Ok(())));
}

#[tokio::test(start_paused = true)]
async fn a_caller_waits_until_the_low_water_mark_is_reached() {
    let options = ChannelOptions::new().water_mark(WaterMark::new(500, 10_000).unwrap());
    let (ours, mut peer) = tokio::io::duplex(100);
    let connection = Connection::new(ours, "memory:ours".parse().unwrap(), "memory:theirs".parse().unwrap());
    let opened = Bootstrap::new(options).open(connection).unwrap();
    let channel = opened.channel().clone();
    tokio::spawn(opened.drive(Deliver::new().0));
    // The peer has taken 100 bytes when the last command takes the rest of the capacity.
    for body in [936; 10].into_iter().chain([36]) {
        channel.try_send(large(1, body)).unwrap();
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    assert!(!channel.is_writable());
    let callers: Vec<_> = (0..3)
        .map(|_| {
            let channel = channel.clone();
            tokio::spawn(async move {
                channel.writable().await.unwrap();
                channel.pending_bytes()
            })
        })
        .collect();
    while channel.pending_bytes() > 500 {
        assert!(callers.iter().all(|caller| !caller.is_finished()));
        peer.read_exact(&mut [0; 100]).await.unwrap();
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    for caller in callers {
        assert!(caller.await.unwrap() <= 500);
    }
}

#[tokio::test(start_paused = true)]
async fn waiting_callers_are_woken_in_order() {
    let (channel, mut peer) = unwritable().await;
    let order = Arc::new(Mutex::new(Vec::new()));
    let callers: Vec<_> = (0..4)
        .map(|caller| {
            let (channel, order) = (channel.clone(), Arc::clone(&order));
            tokio::spawn(async move {
                channel.writable().await.unwrap();
                order.lock().unwrap().push(caller);
            })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(1)).await;
    expect_codes(&mut peer, [1, 2, 999]).await;
    for caller in callers {
        caller.await.unwrap();
    }
    assert_eq!(*order.lock().unwrap(), [0, 1, 2, 3]);
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
