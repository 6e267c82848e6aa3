//! What a channel keeps in memory between its turns.

use std::{task::Waker, time::Duration};

use remoting_protocol::{FrameEncoder, RequestCode};

use super::*;
use crate::{address::Address, connection::Connection, pipeline::ChannelPipeline};

struct Echo;

impl InboundSink for Echo {
    fn command(&mut self, cx: &mut SinkContext<'_>, command: RemotingCommand) {
        cx.write(command).unwrap();
    }
}

fn echo() -> ChannelCore {
    let (unused, _) = tokio::io::duplex(1);
    let connection = Connection::new(unused, Address::memory("ours"), Address::memory("theirs"));
    let options = Arc::new(ChannelOptions::default());
    let (channel, _) = Channel::new(connection, options.water_mark);
    ChannelCore::new(channel, ChannelPipeline::default(), Box::new(Echo), options)
}

fn frame() -> BytesMut {
    let mut frame = BytesMut::new();
    FrameEncoder::default().encode(&RemotingCommand::request(RequestCode(1)), &mut frame).unwrap();
    frame
}

/// One turn: these bytes arrive, and what is to be written is.
fn turn(core: &mut ChannelCore, bytes: &[u8], now: Instant) {
    let cx = &Context::from_waker(Waker::noop());
    if core.next_deadline().is_some_and(|deadline| deadline <= now) {
        core.deadline_reached(now, cx);
    }
    core.drain(now, cx);
    if !bytes.is_empty() {
        match core.read_buffer() {
            Some(buffer) => buffer.extend_from_slice(bytes),
            None => core.take_in(bytes, now),
        }
        core.received(bytes.len(), now, cx);
    }
    while let Some(chunk) = core.only_chunk().filter(|chunk| !chunk.is_empty()) {
        core.written(chunk.len(), now);
    }
    core.end_turn(now);
    core.rest(now);
}

#[test]
fn a_single_exchange_leaves_no_buffer_and_needs_no_timer() {
    let (mut core, start) = (echo(), Instant::now());
    turn(&mut core, &[], start);
    assert!(!core.holds_memory(), "nothing has come");
    for at in 1..5 {
        turn(&mut core, &frame(), start + Duration::from_secs(at * 30));
        assert!(!core.holds_memory());
        assert_eq!(core.next_deadline(), None);
    }
}

#[test]
fn a_busy_channel_keeps_its_buffers_until_it_is_quiet() {
    let (mut core, start) = (echo(), Instant::now());
    for at in 0..20 {
        turn(&mut core, &frame(), start + Duration::from_millis(at));
        assert_eq!(core.holds_memory(), at > 0, "after exchange {at}");
    }
    let quiet = core.next_deadline().unwrap();
    assert_eq!(quiet, start + Duration::from_millis(19) + ChannelOptions::default().buffer_release_after);
    turn(&mut core, &[], quiet);
    assert!(!core.holds_memory());
    assert_eq!(core.next_deadline(), None);
}

#[test]
fn a_part_of_a_frame_is_kept_however_quiet_the_channel_is() {
    let (mut core, start) = (echo(), Instant::now());
    let frame = frame();
    for (at, part) in frame.chunks(10).enumerate() {
        turn(&mut core, part, start + Duration::from_secs(2 * at as u64));
    }
    assert_eq!(core.delivered, 1);
    assert!(!core.holds_memory());
}

#[test]
fn the_memory_of_the_queue_is_given_back_too() {
    let (mut core, start) = (echo(), Instant::now());
    for at in 0..3 {
        core.channel().try_send(RemotingCommand::request(RequestCode(2))).unwrap();
        turn(&mut core, &[], start + Duration::from_secs(at * 30));
        assert!(!core.holds_memory());
        assert_eq!(core.channel().outbound().capacity(), 0);
    }
}
