//! One command in and one out through a channel without a socket, past handlers that look on.

use std::hint::black_box;

use remoting::protocol::bytes::BytesMut;
use remoting::protocol::{FrameEncoder, RemotingCommand, RequestCode, ResponseCode, SerializeType};
use remoting::testing::EmbeddedChannel;
use remoting::transport::{Channel, ChannelHandler, ChannelPipeline};

use super::Operation;

const NAMES: [&str; 6] = ["one", "two", "three", "four", "five", "six"];

/// A handler that lets everything pass.
struct Onlooker;

impl ChannelHandler for Onlooker {}

/// A channel with 0, 3 and 6 handlers.
#[must_use]
pub fn pipeline() -> Vec<Operation> {
    [0, 3, 6].into_iter().map(through).collect()
}

fn through(handlers: usize) -> Operation {
    let mut channel = EmbeddedChannel::new(move |_: &Channel, pipeline: &mut ChannelPipeline| {
        NAMES[..handlers].iter().try_for_each(|name| pipeline.add_last(*name, Onlooker).map(|_| ()))
    })
    .unwrap_or_else(|error| panic!("the pipeline of the fixture is refused: {error}"));
    let request = RemotingCommand::request(RequestCode::HEART_BEAT)
        .with_serialize_type(SerializeType::RocketMq)
        .with_body(vec![b'x'; 128]);
    let mut frame = BytesMut::new();
    let _ = FrameEncoder::default().encode(&request, &mut frame);
    Operation::new(format!("pipeline/{handlers} handlers"), frame.len(), move || {
        channel.write_inbound_bytes(black_box(&frame));
        if let Some(request) = channel.read_inbound() {
            channel.write_outbound(
                RemotingCommand::response_to(&request, ResponseCode::SUCCESS).with_body(request.into_body()),
            );
        }
        black_box(channel.read_outbound_bytes());
    })
}
