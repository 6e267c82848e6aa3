use std::sync::Arc;
use std::task::{Context, Poll, Waker, ready};
use std::time::{Duration, Instant};

use arc_swap::{ArcSwap, Cache};
use remoting_transport::protocol::RemotingCommand;
use remoting_transport::{
    Channel, CloseInitiator, CloseReason, InboundSink, SinkContext, UnencodableCommand,
};

use super::held::HeldRequest;
use super::idle_task::IdleTask;
use super::request::{Dispatch, Place};
use super::run_queue::RunQueue;
use super::turn::Turn;

use crate::channel::{ChannelTable, RpcChannel};
use crate::hook::CachedHooks;
use crate::processor::{InterceptorsRef, ProcessorTable};
use crate::response_table::ResponseBatch;

/// The sink of a channel: it completes calls with responses and dispatches requests to processors.
pub(crate) struct RpcSink {
    channel: RpcChannel,
    /// Wakes the channel's task.
    waker: Waker,
    /// The table that lists the channel while it is active.
    channels: Arc<ChannelTable>,
    hooks: CachedHooks,
    processors: Cache<Arc<ArcSwap<ProcessorTable>>, Arc<ProcessorTable>>,
    idle: IdleTask,
    /// The requests for tasks of the runtime, once there was one.
    run_queue: Option<Arc<RunQueue>>,
    turn: Turn,
    batch: ResponseBatch,
    /// The request that waits for its executor. No command is delivered meanwhile.
    held: Option<Box<HeldRequest>>,
    /// When a peer that has closed its side counts as disconnected.
    peer_gone_at: Option<Instant>,
}

/// How long responses are still sent to a peer that has closed its side of the connection. A peer that has only shut down its
/// sending side looks the same.
const HALF_CLOSED: Duration = Duration::from_millis(500);

impl RpcSink {
    pub(crate) fn new(
        channel: RpcChannel,
        channels: Arc<ChannelTable>,
        processors: Cache<Arc<ArcSwap<ProcessorTable>>, Arc<ProcessorTable>>,
        hooks: CachedHooks,
    ) -> Self {
        Self {
            waker: channel.channel().waker().into(),
            channel,
            channels,
            hooks,
            processors,
            idle: IdleTask::default(),
            run_queue: None,
            turn: Turn::default(),
            batch: ResponseBatch::default(),
            held: None,
            peer_gone_at: None,
        }
    }

    /// Starts the held request once it has a permit.
    #[cold]
    fn poll_held(&mut self, cx: &mut SinkContext<'_>) -> Poll<()> {
        let Some(held) = &mut self.held else { return Poll::Ready(()) };
        if self.channel.is_peer_gone() && !held.runs_to_end() {
            if let Some(held) = self.held.take() {
                held.abandon();
            }
            return Poll::Ready(());
        }
        let permit = ready!(held.poll_permit(&mut Context::from_waker(&self.waker)));
        let Some(held) = self.held.take() else { return Poll::Ready(()) };
        let HeldRequest { registration, info, request, .. } = *held;
        let (run_queue, turn) = (&mut self.run_queue, &mut self.turn);
        let mut dispatch =
            Dispatch { channel: &self.channel, waker: &self.waker, run_queue, turn, may_wait: false, cx };
        let around = InterceptorsRef::new(self.hooks.load(), self.processors.load().pipeline());
        let place = Place::of_held(&registration);
        dispatch.admitted(around, &mut self.idle, &registration, place, permit, info, request);
        Poll::Ready(())
    }

    #[cold]
    fn poll_ready_with_held(&mut self, cx: &mut SinkContext<'_>) -> Poll<()> {
        ready!(self.poll_held(cx));
        if self.channel.takes_requests() { Poll::Ready(()) } else { Poll::Pending }
    }

    /// Completes the calls of the responses of one read.
    fn complete_batch(&mut self) {
        if self.batch.is_empty() {
            return;
        }
        self.channel.table().complete(&mut self.batch);
        self.batch.wake();
        for response in self.batch.late() {
            tracing::debug!(
                channel = %self.channel.id(), peer = %self.channel.peer_addr(), opaque = response.opaque(),
                code = %response.response_code(), "late response: no call waits for it"
            );
        }
    }
}

impl InboundSink for RpcSink {
    fn active(&mut self, cx: &mut SinkContext<'_>) {
        self.channels.insert(&self.channel);
        if self.channel.endpoint().refuses_calls() {
            cx.close(CloseReason::local("shut down while connecting"));
        }
    }

    #[inline]
    fn poll_ready(&mut self, cx: &mut SinkContext<'_>) -> Poll<()> {
        if self.held.is_some() {
            return self.poll_ready_with_held(cx);
        }
        if self.channel.takes_requests() { Poll::Ready(()) } else { Poll::Pending }
    }

    fn command(&mut self, cx: &mut SinkContext<'_>, command: RemotingCommand) {
        if command.is_response() {
            self.batch.push(command);
        } else {
            let (run_queue, turn) = (&mut self.run_queue, &mut self.turn);
            let mut dispatch =
                Dispatch { channel: &self.channel, waker: &self.waker, run_queue, turn, may_wait: false, cx };
            let (processors, hooks) = (self.processors.load(), self.hooks.load());
            self.held = dispatch.request(processors, hooks, &mut self.idle, command);
        }
    }

    fn read_complete(&mut self, cx: &mut SinkContext<'_>) {
        self.channel.table().record_data(cx.now());
        self.complete_batch();
        self.idle.trim();
    }

    fn peer_closed(&mut self, cx: &mut SinkContext<'_>) {
        self.peer_gone_at.get_or_insert_with(|| cx.now() + HALF_CLOSED);
    }

    fn read_closed(&mut self, cx: &mut SinkContext<'_>, reason: &CloseReason) {
        // No response can arrive any more, but ours can still be sent.
        self.complete_batch();
        self.channel.table().close(reason);
        if reason.by() == CloseInitiator::Peer {
            self.peer_gone_at.get_or_insert_with(|| cx.now() + HALF_CLOSED);
        }
    }

    fn write_failed(&mut self, cx: &mut SinkContext<'_>, failure: UnencodableCommand) {
        let (run_queue, turn) = (&mut self.run_queue, &mut self.turn);
        Dispatch { channel: &self.channel, waker: &self.waker, run_queue, turn, may_wait: false, cx }
            .unencodable(&failure.command, failure.error);
    }

    fn unsent(&mut self, channel: &Channel, command: RemotingCommand) {
        tracing::debug!(%channel, code = command.code(), opaque = command.opaque(), "not sent: the channel is closing");
        if !command.is_response() && !command.is_oneway() {
            self.channel.table().unsent(command.opaque());
        }
    }

    fn next_deadline(&mut self) -> Option<Instant> {
        let call = self.channel.table().next_deadline(|| tokio::time::Instant::now().into_std());
        match (self.peer_gone_at, call) {
            (None, call) => call,
            (gone, None) => gone,
            (gone, call) => gone.min(call),
        }
    }

    fn deadline_reached(&mut self, cx: &mut SinkContext<'_>) {
        if self.peer_gone_at.is_some_and(|gone| gone <= cx.now()) {
            self.peer_gone_at = None;
            self.channel.mark_peer_gone();
        }
        self.channel.table().expire(cx.now(), &mut self.batch);
        self.batch.wake();
    }

    fn in_flight(&self) -> usize {
        // A disconnected peer waits for no response.
        if self.channel.is_peer_gone() { 0 } else { self.channel.requests_in_flight() }
    }

    fn has_work(&self) -> bool {
        self.channel.requests_in_flight() > 0 || self.channel.in_flight() > 0
    }

    fn inactive(&mut self, channel: &Channel, reason: &CloseReason) {
        self.complete_batch();
        match self.held.take() {
            Some(held) if held.runs_to_end() => {
                let pipeline = self.processors.load().pipeline().cloned();
                held.outlive_channel(self.hooks.load().unless_empty(), pipeline);
            }
            Some(held) => held.abandon(),
            None => {}
        }
        self.channel.table().close(reason);
        self.channel.mark_peer_gone();
        self.channels.remove(channel.id());
    }
}

impl Drop for RpcSink {
    /// Cleans up if the task of the channel is dropped before it ends.
    fn drop(&mut self) {
        self.channel.table().close(&CloseReason::local("the channel's task was dropped"));
        self.channel.mark_peer_gone();
        self.channels.remove(self.channel.id());
    }
}
