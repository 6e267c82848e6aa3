//! The memory that a channel holds while it waits.

use std::time::Duration;

use bytes::BytesMut;

use remoting_protocol::{FrameEncoder, RequestCode};

use super::*;
use crate::{address::Address, connection::Connection, pipeline::ChannelPipeline};

struct Echo;

impl InboundSink for Echo {
    fn command(&mut self, cx: &mut SinkContext<'_>, mut command: RemotingCommand) {
        cx.write(&mut command).unwrap();
    }
}

fn echo() -> ChannelMachine {
    let (unused, _) = tokio::io::duplex(1);
    let connection = Connection::new(unused, Address::memory("ours"), Address::memory("theirs"));
    let options = Arc::new(ChannelOptions::default());
    let (channel, _) = Channel::new(connection, options.water_mark);
    ChannelMachine::new(channel, ChannelPipeline::default(), Box::new(Echo), options)
}

fn frame() -> BytesMut {
    let mut frame = BytesMut::new();
    FrameEncoder::default().encode(&RemotingCommand::request(RequestCode(1)), &mut frame).unwrap();
    frame
}

/// Receives these bytes, and writes all pending bytes.
fn exchange(machine: &mut ChannelMachine, bytes: &[u8], now: Instant) {
    if machine.poll_timeout().is_some_and(|deadline| deadline <= now) {
        machine.handle_timeout(now);
    }
    machine.handle_commands(now);
    if !bytes.is_empty() {
        match machine.read_buffer() {
            Some(buffer) => buffer.extend_from_slice(bytes),
            None => machine.take_in(bytes, now),
        }
        machine.handle_received(bytes.len(), now);
    }
    while let Some(chunk) = machine.only_chunk().filter(|chunk| !chunk.is_empty()) {
        machine.handle_written(chunk.len(), now);
    }
    machine.end_round(now);
    machine.rest(now);
}

#[test]
fn a_single_exchange_leaves_no_buffer_and_needs_no_timer() {
    let (mut machine, start) = (echo(), Instant::now());
    exchange(&mut machine, &[], start);
    assert!(!machine.holds_memory(), "nothing arrived");
    for at in 1..5 {
        exchange(&mut machine, &frame(), start + Duration::from_secs(at * 30));
        assert!(!machine.holds_memory());
        assert_eq!(machine.poll_timeout(), None);
    }
}

#[test]
fn a_busy_channel_keeps_its_buffers_until_it_is_quiet() {
    let (mut machine, start) = (echo(), Instant::now());
    for at in 0..20 {
        exchange(&mut machine, &frame(), start + Duration::from_millis(at));
        assert_eq!(machine.holds_memory(), at > 0, "after exchange {at}");
    }
    let quiet = machine.poll_timeout().unwrap();
    assert_eq!(quiet, start + Duration::from_millis(19) + ChannelOptions::default().buffer_release_after);
    exchange(&mut machine, &[], quiet);
    assert!(!machine.holds_memory());
    assert_eq!(machine.poll_timeout(), None);
}

#[test]
fn a_partial_frame_is_kept_on_a_quiet_channel() {
    let (mut machine, start) = (echo(), Instant::now());
    let frame = frame();
    for (at, part) in frame.chunks(10).enumerate() {
        exchange(&mut machine, part, start + Duration::from_secs(2 * at as u64));
    }
    assert_eq!(machine.delivered, 1);
    assert!(!machine.holds_memory());
}

#[test]
fn the_memory_of_the_queue_is_released_too() {
    let (mut machine, start) = (echo(), Instant::now());
    for at in 0..3 {
        machine.commands().1.push_back(RemotingCommand::request(RequestCode(2)));
        exchange(&mut machine, &[], start + Duration::from_secs(at * 30));
        assert!(!machine.holds_memory());
        assert!(machine.take_released(), "the driver releases the memory of its queue");
    }
}
