//! An invalid frame after valid commands is reported after the commands are handled.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says so when it fails")]

use std::sync::{Arc, Mutex};

use remoting_transport::{
    Channel, ChannelError, ChannelHandler, ChannelOptions, ChannelPipeline, CloseReason, EmbeddedChannel,
    HandlerContext, InboundSink, SinkContext,
    protocol::{FrameEncoder, RemotingCommand, RequestCode, bytes::BytesMut},
};

/// A handler and sink that records its calls.
#[derive(Clone, Default)]
struct Record(Arc<Mutex<Vec<&'static str>>>);

impl Record {
    fn push(&self, event: &'static str) {
        self.0.lock().unwrap().push(event);
    }
}

impl ChannelHandler for Record {
    fn channel_read_complete(&mut self, _: &mut HandlerContext<'_>) {
        self.push("channel_read_complete");
    }

    fn exception_caught(&mut self, _: &mut HandlerContext<'_>, _: &ChannelError) {
        self.push("exception_caught");
    }
}

impl InboundSink for Record {
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
fn read_complete_precedes_the_error() {
    let record = Record::default();
    let (handler, sink) = (record.clone(), record.clone());
    let initializer = move |_: &Channel, pipeline: &mut ChannelPipeline| {
        pipeline.add_last("record", handler.clone())?;
        Ok(())
    };
    let mut channel =
        EmbeddedChannel::with_sink(initializer, ChannelOptions::default(), |_| Box::new(sink)).unwrap();
    let mut bytes = BytesMut::new();
    FrameEncoder::default().encode(&RemotingCommand::request(RequestCode(1)), &mut bytes).unwrap();
    bytes.extend_from_slice(&[0xff; 8]);
    channel.write_inbound_bytes(&bytes);
    assert_eq!(
        *record.0.lock().unwrap(),
        ["command", "channel_read_complete", "read_complete", "exception_caught", "read_closed"]
    );
}
