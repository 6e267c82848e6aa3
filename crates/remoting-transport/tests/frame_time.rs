//! The time that a frame may take is time in which this side reads.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says so when it fails")]

use std::time::Duration;

use remoting_transport::{
    Channel, ChannelOptions, ChannelPipeline, CloseInitiator, EmbeddedChannel, WaterMark,
    protocol::{RemotingCommand, RequestCode},
};

/// Part of a frame has come; ten seconds later, for a while, nothing is read.
fn suspended_for(seconds: u64) -> EmbeddedChannel {
    let mut options = ChannelOptions::default();
    options.water_mark = WaterMark::new(0, 1_000).unwrap();
    options.suspend_reads_when_unwritable = true;
    options.frame_timeout = Some(Duration::from_secs(60));
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
fn time_in_which_this_side_does_not_read_is_not_the_peers() {
    for seconds in [0, 1, 45, 50, 1_000] {
        let mut channel = suspended_for(seconds);
        channel.advance(Duration::from_secs(49));
        assert!(channel.channel().is_open(), "59 s of reading, and {seconds} s of not");
        channel.advance(Duration::from_secs(1));
        assert_eq!(channel.close_reason().expect("60 s of reading").by(), CloseInitiator::Protocol);
    }
}
