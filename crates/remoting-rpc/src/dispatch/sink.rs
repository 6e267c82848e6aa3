use std::sync::Arc;
use std::time::Instant;

use arc_swap::{ArcSwap, Cache};
use remoting_transport::protocol::RemotingCommand;
use remoting_transport::{Channel, CloseReason, InboundSink, SinkContext, UnencodableCommand};

use super::answer;
use crate::processor::ProcessorTable;
use crate::response_table::ResponseBatch;
use crate::rpc_channel::RpcChannel;

/// What a channel delivers its commands to: responses go to the channel's table, requests to processors.
pub(crate) struct RpcSink {
    pub(super) channel: RpcChannel,
    pub(super) processors: Cache<Arc<ArcSwap<ProcessorTable>>, Arc<ProcessorTable>>,
    batch: ResponseBatch,
}

impl RpcSink {
    pub(crate) fn new(channel: RpcChannel) -> Self {
        let processors = channel.endpoint().processors.cached();
        Self { channel, processors, batch: ResponseBatch::default() }
    }

    /// Writes a response within this turn.
    pub(super) fn write(&self, cx: &mut SinkContext<'_>, response: RemotingCommand) {
        if let Err(failure) = cx.write(response) {
            self.unencodable(cx, failure);
        }
    }

    /// A response that cannot be encoded is replaced by one that says so; a request fails its call.
    fn unencodable(&self, cx: &mut SinkContext<'_>, failure: UnencodableCommand) {
        let UnencodableCommand { command, error } = failure;
        if !command.is_response() {
            if command.is_oneway() {
                tracing::warn!(channel = %self.channel.id(), code = %command.request_code(), "one-way request not sent: {error}");
            } else {
                self.channel.table().unencodable(command.opaque(), error);
            }
            return;
        }
        tracing::error!(
            channel = %self.channel.id(), peer = %self.channel.peer_addr(), code = %command.response_code(),
            opaque = command.opaque(), "response cannot be encoded: {error}"
        );
        let mut substitute = answer::system_error(format!("response cannot be encoded: {error}"));
        substitute.set_opaque(command.opaque());
        substitute.set_serialize_type(command.serialize_type());
        if let Err(failure) = cx.write(substitute) {
            tracing::error!(channel = %self.channel.id(), "nor can the answer that says so: {failure}");
        }
    }

    /// Hands the responses of this turn to their callers.
    fn complete_batch(&mut self) {
        if self.batch.is_empty() {
            return;
        }
        self.channel.table().complete(&mut self.batch);
        self.batch.wake();
        for response in self.batch.late() {
            tracing::debug!(
                channel = %self.channel.id(), peer = %self.channel.peer_addr(), opaque = response.opaque(),
                code = %response.response_code(), "no call waits for this response"
            );
        }
    }
}

impl InboundSink for RpcSink {
    fn active(&mut self, cx: &mut SinkContext<'_>) {
        let endpoint = self.channel.endpoint();
        endpoint.channels.insert(&self.channel);
        if endpoint.refuses_calls() {
            cx.close(CloseReason::local("shut down while the connection was being made"));
        }
    }

    fn command(&mut self, cx: &mut SinkContext<'_>, command: RemotingCommand) {
        if command.is_response() {
            self.batch.push(command);
        } else {
            self.request(cx, command);
        }
    }

    fn read_complete(&mut self, _cx: &mut SinkContext<'_>) {
        self.complete_batch();
    }

    fn read_closed(&mut self, _cx: &mut SinkContext<'_>, reason: &CloseReason) {
        // No response can come any more, though ours may still leave.
        self.complete_batch();
        self.channel.table().close(reason);
    }

    fn write_failed(&mut self, cx: &mut SinkContext<'_>, failure: UnencodableCommand) {
        self.unencodable(cx, failure);
    }

    fn next_deadline(&mut self) -> Option<Instant> {
        self.channel.table().next_deadline()
    }

    fn deadline_reached(&mut self, cx: &mut SinkContext<'_>) {
        self.channel.table().expire(cx.now(), &mut self.batch);
        self.batch.wake();
    }

    fn in_flight(&self) -> usize {
        self.channel.requests_in_flight()
    }

    fn inactive(&mut self, channel: &Channel, reason: &CloseReason) {
        self.complete_batch();
        self.channel.table().close(reason);
        self.channel.endpoint().channels.remove(channel.id());
    }
}

impl Drop for RpcSink {
    /// For a channel whose task is dropped without coming to its end.
    fn drop(&mut self) {
        self.channel.table().close(&CloseReason::local("the channel's task was dropped"));
        self.channel.endpoint().channels.remove(self.channel.id());
    }
}
