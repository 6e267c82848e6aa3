//! Nonsense behind good commands: those are done with before anybody is told of it.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says so when it fails")]

use std::sync::{Arc, Mutex};

use remoting_transport::{
    Channel, ChannelError, ChannelHandler, ChannelOptions, ChannelPipeline, CloseReason, EmbeddedChannel,
    HandlerContext, InboundSink, SinkContext,
    protocol::{FrameEncoder, RemotingCommand, RequestCode, bytes::BytesMut},
};

/// What was told, as handler and as sink.
#[derive(Clone, Default)]
struct Told(Arc<Mutex<Vec<&'static str>>>);

impl Told {
    fn push(&self, event: &'static str) {
        self.0.lock().unwrap().push(event);
    }
}

impl ChannelHandler for Told {
    fn channel_read_complete(&mut self, _: &mut HandlerContext<'_>) {
        self.push("channel_read_complete");
    }

    fn exception_caught(&mut self, _: &mut HandlerContext<'_>, _: &ChannelError) {
        self.push("exception_caught");
    }
}

impl InboundSink for Told {
    fn command(&mut self, _: &mut SinkContext<'_>, _: RemotingCommand) {
        self.push("command");
    }

    fn read_complete(&mut self, _: &mut SinkContext<'_>) {
        self.push("read_complete");
    }

    fn read_closed(&mut self, _: &mut SinkContext<'_>, _: &CloseReason) {
        self.push("read_closed");
    }
}

#[test]
fn the_read_is_complete_before_the_error_is_told() {
    let told = Told::default();
    let (handler, sink) = (told.clone(), told.clone());
    let initializer = move |_: &Channel, pipeline: &mut ChannelPipeline| {
        pipeline.add_last("told", handler.clone())?;
        Ok(())
    };
    let mut channel =
        EmbeddedChannel::with_sink(initializer, ChannelOptions::default(), |_| Box::new(sink)).unwrap();
    let mut bytes = BytesMut::new();
    FrameEncoder::default().encode(&RemotingCommand::request(RequestCode(1)), &mut bytes).unwrap();
    bytes.extend_from_slice(&[0xff; 8]);
    channel.write_inbound_bytes(&bytes);
    assert_eq!(
        *told.0.lock().unwrap(),
        ["command", "channel_read_complete", "read_complete", "exception_caught", "read_closed"]
    );
}
