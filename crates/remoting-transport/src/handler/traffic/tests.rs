use remoting_protocol::{FrameEncoder, RequestCode};

use super::*;
use crate::{Channel, ChannelPipeline, EmbeddedChannel};

/// Creates a channel whose commands are counted.
fn counted(counters: &TrafficDistribution) -> EmbeddedChannel {
    let counters = counters.clone();
    EmbeddedChannel::new(move |_: &Channel, pipeline: &mut ChannelPipeline| {
        pipeline.add_last("traffic", TrafficDistributionHandler::new(counters.clone()))?;
        Ok(())
    })
    .unwrap()
}

fn request(code: i32) -> RemotingCommand {
    RemotingCommand::request(RequestCode(code))
}

#[test]
fn commands_of_one_read_and_one_flush_are_all_counted() {
    let counters = TrafficDistribution::default();
    let mut channel = counted(&counters);
    let mut bytes = bytes::BytesMut::new();
    for code in [10, 10, 11, 10, 200_050] {
        FrameEncoder::default().encode(&request(code), &mut bytes).unwrap();
        channel.channel().try_send(request(code)).unwrap();
    }
    channel.write_inbound_bytes(&bytes);
    assert_eq!(counters.take_inbound().to_string(), "{10:3, 11:1, 200050:1}");
    assert_eq!(counters.take_outbound().to_string(), "{10:3, 11:1, 200050:1}");
}

#[test]
fn commands_pending_at_a_slow_peer_are_counted_when_the_channel_closes() {
    let counters = TrafficDistribution::default();
    let mut channel = counted(&counters);
    channel.stall_writes(true);
    for _ in 0..100 {
        channel.write_outbound(request(10));
    }
    assert_eq!(counters.take_outbound().to_string(), "{10:64}");
    channel.channel().close(CloseReason::local("done"));
    channel.run();
    channel.advance(std::time::Duration::from_secs(5));
    assert!(channel.close_reason().is_some());
    assert_eq!(counters.take_outbound().to_string(), "{10:36}");
}

#[test]
fn a_snapshot_has_javas_form_and_resets_the_counters() {
    let counters = TrafficDistribution::default();
    for code in [1, 1, 200_050] {
        counters.inner[0].add(code, 1);
    }
    assert_eq!(counters.take_inbound().to_string(), "{1:2, 200050:1}");
    assert_eq!(counters.take_inbound().to_string(), "{}");
}

#[test]
fn a_peer_that_uses_many_codes_does_not_fill_the_memory() {
    let counters = TrafficDistribution::default();
    for code in 0..5_000 {
        counters.inner[1].add(-1 - code, 1);
    }
    let snapshot = counters.take_outbound();
    assert_eq!(snapshot.by_code.len(), SPARSE);
    assert_eq!(snapshot.beyond, 5_000 - SPARSE as u64);
}

#[test]
fn counts_of_many_threads_are_exact() {
    let counters = TrafficDistribution::default();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| (0..100_000).for_each(|_| counters.inner[0].add(1, 1)));
        }
    });
    assert_eq!(counters.take_inbound().to_string(), "{1:400000}");
}
