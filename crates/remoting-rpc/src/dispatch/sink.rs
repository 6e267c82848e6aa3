use std::sync::Arc;
use std::time::Instant;

use arc_swap::{ArcSwap, Cache};
use remoting_transport::protocol::RemotingCommand;
use remoting_transport::{Channel, CloseReason, InboundSink, SinkContext, UnencodableCommand};

use super::request_task::IdleTask;
use super::turn::Turn;
use crate::hook::CachedHooks;
use crate::processor::ProcessorTable;
use crate::response_table::ResponseBatch;
use crate::rpc_channel::RpcChannel;

/// What a channel delivers its commands to: responses go to the channel's table, requests to processors.
pub(crate) struct RpcSink {
    channel: RpcChannel,
    hooks: CachedHooks,
    processors: Cache<Arc<ArcSwap<ProcessorTable>>, Arc<ProcessorTable>>,
    idle: IdleTask,
    batch: ResponseBatch,
}

impl RpcSink {
    pub(crate) fn new(channel: RpcChannel) -> Self {
        let (hooks, processors) = (channel.endpoint().hooks.cached(), channel.endpoint().processors.cached());
        Self { channel, hooks, processors, idle: IdleTask::default(), batch: ResponseBatch::default() }
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
            let mut turn = Turn { channel: &self.channel, cx };
            turn.request(self.processors.load(), self.hooks.load(), &mut self.idle, command);
        }
    }

    fn read_complete(&mut self, cx: &mut SinkContext<'_>) {
        self.channel.table().hear(cx.now());
        self.complete_batch();
        self.idle.trim();
    }

    fn read_closed(&mut self, _cx: &mut SinkContext<'_>, reason: &CloseReason) {
        // No response can come any more, though ours may still leave.
        self.complete_batch();
        self.channel.table().close(reason);
    }

    fn write_failed(&mut self, cx: &mut SinkContext<'_>, failure: UnencodableCommand) {
        Turn { channel: &self.channel, cx }.unencodable(failure);
    }

    fn unsent(&mut self, channel: &Channel, command: RemotingCommand) {
        tracing::debug!(%channel, code = command.code(), opaque = command.opaque(), "not sent: the channel ends");
        if !command.is_response() && !command.is_oneway() {
            self.channel.table().unsent(command.opaque());
        }
    }

    fn next_deadline(&mut self) -> Option<Instant> {
        self.channel.table().next_deadline(|| tokio::time::Instant::now().into_std())
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
