//! A frame must make progress within its time-out. Only time in which this side reads counts.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says so when it fails")]

use std::time::Duration;

use remoting_transport::{
    Channel, ChannelOptions, ChannelPipeline, CloseInitiator, EmbeddedChannel, WaterMark,
    protocol::{RemotingCommand, RequestCode},
};

/// Creates a channel that has received part of a frame, and ten seconds later stops reading for a while.
fn suspended_for(seconds: u64) -> EmbeddedChannel {
    let options = ChannelOptions::new()
        .water_mark(WaterMark::new(0, 1_000).unwrap())
        .suspend_reads_when_unwritable(true)
        .frame_timeout(Duration::from_secs(60));
    let nothing = |_: &Channel, _: &mut ChannelPipeline| Ok(());
    let mut channel = EmbeddedChannel::with_options(nothing, options).unwrap();
    channel.write_inbound_bytes(&[0, 0]);
    channel.advance(Duration::from_secs(10));
    channel.stall_writes(true);
    channel.write_outbound(RemotingCommand::request(RequestCode(1)).with_body(vec![0; 1_000]));
    assert!(!channel.channel().is_writable());
    channel.advance(Duration::from_secs(seconds));
    channel.stall_writes(false);
    channel
}

#[test]
fn time_in_which_this_side_does_not_read_does_not_count() {
    for seconds in [0, 1, 45, 50, 1_000] {
        let mut channel = suspended_for(seconds);
        channel.advance(Duration::from_secs(49));
        assert!(channel.channel().is_open(), "59 s of reading and {seconds} s without");
        channel.advance(Duration::from_secs(1));
        assert_eq!(channel.close_reason().expect("60 s of reading").by(), CloseInitiator::Protocol);
    }
}

/// Creates a channel that has received only the length of a frame.
fn begun(length: u32) -> EmbeddedChannel {
    let nothing = |_: &Channel, _: &mut ChannelPipeline| Ok(());
    let mut channel = EmbeddedChannel::with_options(nothing, ChannelOptions::default()).unwrap();
    channel.write_inbound_bytes(&(length - 4).to_be_bytes());
    channel.write_inbound_bytes(&[0, 0, 0, 4]);
    channel
}

/// Returns after how many seconds the channel closes if `rate` bytes of a frame of `length` bytes arrive each second, up
/// to the last byte but one.
fn lasts(length: u32, rate: usize) -> u64 {
    let mut channel = begun(length);
    let mut left = length as usize - 9;
    let mut seconds = 0;
    while channel.channel().is_open() {
        channel.advance(Duration::from_secs(1));
        seconds += 1;
        assert!(seconds < 100_000, "open after a day");
        if channel.channel().is_open() && left > 0 {
            let bytes = left.min(rate);
            left -= bytes;
            channel.write_inbound_bytes(&vec![b' '; bytes]);
        }
    }
    let reason = channel.close_reason().unwrap();
    assert_eq!(reason.by(), CloseInitiator::Protocol);
    assert!(
        reason.why().starts_with("a frame made too little progress in 60s (frame_timeout): "),
        "{reason}"
    );
    seconds
}

#[test]
fn a_steady_sender_of_a_large_frame_is_not_closed() {
    // 16 MiB at 20 KiB a second.
    let seconds = lasts(16 << 20, 20 << 10);
    assert!(seconds >= (16 << 20) / (20 << 10), "closed after {seconds} s");
    assert!(seconds <= 16 * 60, "{seconds} s");
}

#[test]
fn a_slow_frame_is_closed_after_the_time_out() {
    for (length, rate) in
        [(1 << 10, 1), (60 << 10, 100), (16 << 20, 1), (16 << 20, 1_000), (16 << 20, 10_000)]
    {
        assert_eq!(lasts(length, rate), 60, "{length} bytes at {rate} a second");
    }
}

#[test]
fn no_frame_takes_longer_than_sixteen_time_outs() {
    for length in [100 << 10, 1 << 20, 5 << 20, 16 << 20] {
        for rate in [1_100, 2_000, 17_500, 18_000, 50_000, 1 << 20] {
            let seconds = lasts(length, rate);
            assert!(seconds <= 16 * 60, "{length} bytes at {rate} a second: {seconds} s");
        }
    }
}
