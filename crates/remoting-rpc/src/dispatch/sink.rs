use std::sync::Arc;
use std::task::Poll;
use std::time::Instant;

use arc_swap::{ArcSwap, Cache};
use remoting_transport::protocol::{MqVersion, RemotingCommand};
use remoting_transport::{Channel, CloseReason, InboundSink, SinkContext, UnencodableCommand};

use super::answer;
use super::exchange::{Exchange, ExchangeFuture};
use super::panic::catch_panic_in;
use crate::executor::{Admission, Place};
use crate::processor::{ProcessorTable, Registration, RequestContext};
use crate::response_table::ResponseBatch;
use crate::rpc_channel::{Processing, RpcChannel};

/// What a channel delivers its commands to: responses go to the channel's table, requests to processors.
pub(crate) struct RpcSink {
    channel: RpcChannel,
    processors: Cache<Arc<ArcSwap<ProcessorTable>>, Arc<ProcessorTable>>,
    batch: ResponseBatch,
}

impl RpcSink {
    pub(crate) fn new(channel: RpcChannel) -> Self {
        let processors = channel.endpoint().processors.cached();
        Self { channel, processors, batch: ResponseBatch::default() }
    }

    fn request(&mut self, cx: &mut SinkContext<'_>, request: RemotingCommand) {
        let endpoint = self.channel.endpoint();
        let Some(registration) = self.processors.load().find(request.code()) else {
            return self.answer(cx, &request, answer::not_supported(request.code()));
        };
        if endpoint.is_going_away() && request.version() > MqVersion::V5_3_1 && !request.is_oneway() {
            return self.answer(cx, &request, answer::go_away());
        }
        match catch_panic_in(|| registration.processor.reject_request()) {
            Ok(false) => {}
            Ok(true) => return self.answer(cx, &request, answer::rejected()),
            Err(panic) => {
                let remark = format!("reject_request panicked: {panic}");
                return self.answer(cx, &request, answer::system_error(remark));
            }
        }
        let Some(admission) = registration.executor.admit() else {
            return self.answer(cx, &request, answer::overloaded());
        };
        let registration = Arc::clone(registration);
        match admission {
            Admission::Inline => self.run_inline(cx, &registration, request),
            Admission::Elsewhere(place) => self.run_elsewhere(cx, &registration, place, request),
        }
    }

    /// Polls the exchange here, once.
    fn run_inline(&self, cx: &mut SinkContext<'_>, registration: &Registration, request: RemotingCommand) {
        let mut future = self.serve(registration, request);
        match future.as_mut().poll(&mut cx.task_context()) {
            Poll::Ready(None) => {}
            Poll::Ready(Some(response)) => self.write(cx, response),
            Poll::Pending => {
                let place = registration.executor.place_for_waiting();
                let job = finish(future, self.channel.processing(), place);
                self.channel.endpoint().tasks.spawn(job);
            }
        }
    }

    fn run_elsewhere(
        &self,
        cx: &mut SinkContext<'_>,
        registration: &Registration,
        place: Place,
        request: RemotingCommand,
    ) {
        let ctx = RequestContext::new(self.channel.clone(), &request);
        let future = self.serve(registration, request);
        let job = Box::pin(finish(future, self.channel.processing(), place));
        if let Err(error) = registration.executor.execute(job, &self.channel.endpoint().tasks) {
            tracing::error!(channel = %self.channel.id(), "no thread for a blocking executor: {error}");
            if let Some(response) = ctx.response(answer::overloaded().into()) {
                self.write(cx, response);
            }
        }
    }

    fn serve(&self, registration: &Registration, request: RemotingCommand) -> ExchangeFuture {
        let endpoint = self.channel.endpoint();
        let exchange = Exchange {
            ctx: RequestContext::new(self.channel.clone(), &request),
            hooks: endpoint.hooks.snapshot(),
            pipeline: endpoint.pipeline(),
        };
        Arc::clone(&registration.processor).serve(exchange, request)
    }

    /// Answers without a processor.
    fn answer(&self, cx: &mut SinkContext<'_>, request: &RemotingCommand, response: RemotingCommand) {
        tracing::debug!(
            channel = %self.channel.id(), peer = %self.channel.peer_addr(), code = %request.request_code(),
            opaque = request.opaque(), "request refused: {}", response.remark().unwrap_or_default()
        );
        let ctx = RequestContext::new(self.channel.clone(), request);
        if let Some(response) = ctx.response(response.into()) {
            self.write(cx, response);
        }
    }

    /// Writes a response within this turn.
    fn write(&self, cx: &mut SinkContext<'_>, response: RemotingCommand) {
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

/// Brings an exchange to its end in a task or thread of its own. The executor's place is held until the response
/// is queued, so that a peer that does not read makes its requests be refused, not its responses pile up.
async fn finish(future: ExchangeFuture, processing: Processing, place: Place) {
    if let Some(response) = future.await
        && let Err(error) = processing.channel().send(response).await
    {
        tracing::debug!(channel = %processing.channel().id(), "a response was not sent: {error}");
    }
    drop((processing, place));
}
