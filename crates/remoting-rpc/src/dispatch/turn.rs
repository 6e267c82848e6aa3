//! What the sink of a channel does with a request.

use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;

use remoting_transport::protocol::{MqVersion, RemotingCommand};
use remoting_transport::{SinkContext, UnencodableCommand};

use super::answer;
use super::exchange::{Exchange, ExchangeFuture};
use super::panic::{catch_panic_in, poll_catching};
use crate::executor::{Admission, Executor, Place};
use crate::hook::CachedHooks;
use crate::latency::{Latency, Outcome, Unanswered};
use crate::processor::{Asked, ProcessorTable, RequestContext};
use crate::rpc_channel::{Processing, RpcChannel};

/// One turn of a channel's task.
pub(super) struct Turn<'a, 'b> {
    pub(super) channel: &'a RpcChannel,
    pub(super) cx: &'a mut SinkContext<'b>,
}

impl Turn<'_, '_> {
    /// Decides in the order that the [module](super) tells.
    pub(super) fn request(
        &mut self,
        processors: &ProcessorTable,
        hooks: &mut CachedHooks,
        request: RemotingCommand,
    ) {
        let code = request.code();
        let latency = Latency::start(self.cx.now(), code, || processors.knows(code));
        let ctx = RequestContext::new(self.channel.clone(), &request, latency);
        let asked = ctx.asked();
        let Some(registration) = processors.find(code) else {
            return self.answer(asked, answer::not_supported(code));
        };
        let going_away = self.channel.endpoint().is_going_away();
        if going_away && request.version() > MqVersion::V5_3_1 && !request.is_oneway() {
            return self.answer(asked, answer::go_away());
        }
        match catch_panic_in(|| registration.processor.reject_request()) {
            Ok(false) => {}
            Ok(true) => return self.answer(asked, answer::rejected()),
            Err(panic) => {
                let remark = format!("reject_request panicked: {panic}");
                return self.answer(asked, answer::system_error(remark));
            }
        }
        let Some(admission) = registration.executor.admit() else {
            return self.answer(asked, answer::overloaded());
        };
        let exchange = Exchange { ctx, hooks: hooks.snapshot(), pipeline: processors.pipeline() };
        let future = Arc::clone(&registration.processor).serve(exchange, request);
        match admission {
            Admission::Inline => self.run_inline(future, &registration.executor, asked),
            Admission::Elsewhere(place) => self.run_elsewhere(future, &registration.executor, place, asked),
        }
    }

    /// Polls the exchange here, once.
    fn run_inline(&mut self, mut future: ExchangeFuture, executor: &Executor, asked: Asked) {
        match poll_catching(future.as_mut(), &mut self.cx.task_context()) {
            Poll::Ready(Ok(None)) => {}
            Poll::Ready(Ok(Some(response))) => self.write(asked, response),
            Poll::Ready(Err(panic)) => {
                if let Some(response) = panicked(asked, self.channel, &panic) {
                    self.write(asked, response);
                }
            }
            Poll::Pending => {
                let place = executor.place_for_waiting();
                let job = finish(future, self.channel.processing(), place, asked);
                self.channel.endpoint().tasks.spawn(job);
            }
        }
    }

    fn run_elsewhere(&mut self, future: ExchangeFuture, executor: &Executor, place: Place, asked: Asked) {
        let job = Box::pin(finish(future, self.channel.processing(), place, asked));
        if let Err(error) = executor.execute(job, &self.channel.endpoint().tasks) {
            tracing::error!(channel = %self.channel.id(), "no thread for a blocking executor: {error}");
            asked.latency.record(Outcome::ProcessRequestFailed, None);
            self.answer(asked, answer::overloaded());
        }
    }

    /// Answers without a processor.
    fn answer(&mut self, asked: Asked, response: RemotingCommand) {
        tracing::debug!(
            channel = %self.channel.id(), peer = %self.channel.peer_addr(), code = %asked.code(),
            opaque = asked.opaque, "request refused: {}", response.remark().unwrap_or_default()
        );
        if let Some(response) = asked.response(response.into()) {
            self.write(asked, response);
        }
    }

    /// Writes a response within this turn.
    fn write(&mut self, asked: Asked, response: RemotingCommand) {
        asked.latency.record(Outcome::Success, Some(response.code()));
        if let Err(failure) = self.cx.write(response) {
            self.unencodable(failure);
        }
    }

    /// A response that cannot be encoded is replaced by one that says so; a request fails its call.
    pub(super) fn unencodable(&mut self, failure: UnencodableCommand) {
        let UnencodableCommand { command, error } = failure;
        let channel = self.channel.id();
        if command.is_response() {
            tracing::error!(
                %channel, peer = %self.channel.peer_addr(), code = %command.response_code(),
                opaque = command.opaque(), "response cannot be encoded: {error}"
            );
            let mut substitute = answer::system_error(format!("response cannot be encoded: {error}"));
            substitute.set_opaque(command.opaque());
            substitute.set_serialize_type(command.serialize_type());
            if let Err(failure) = self.cx.write(substitute) {
                tracing::error!(%channel, "nor can the answer that says so: {failure}");
            }
        } else if command.is_oneway() {
            tracing::warn!(%channel, code = %command.request_code(), "one-way request not sent: {error}");
        } else {
            self.channel.table().unencodable(command.opaque(), error);
        }
    }
}

/// Brings an exchange to its end in a task or thread of its own. The executor's place is held until the response
/// is queued, so that a peer that does not read makes its requests be refused, not its responses pile up.
async fn finish(mut future: ExchangeFuture, processing: Processing, place: Place, asked: Asked) {
    let unanswered = Unanswered::new(asked.latency);
    let result = poll_fn(|cx| poll_catching(future.as_mut(), cx)).await;
    unanswered.ended();
    let response = result.unwrap_or_else(|panic| panicked(asked, processing.channel(), &panic));
    if let Some(response) = response {
        let code = response.code();
        let sent = processing.channel().send(response).await;
        let outcome = if sent.is_ok() { Outcome::Success } else { Outcome::WriteChannelFailed };
        asked.latency.record(outcome, Some(code));
        if let Err(error) = sent {
            tracing::debug!(channel = %processing.channel().id(), "a response was not sent: {error}");
        }
    }
    drop((processing, place));
}

/// The answer to a request whose processor, hook or pipeline panicked.
fn panicked(asked: Asked, channel: &RpcChannel, panic: &str) -> Option<RemotingCommand> {
    tracing::error!(
        channel = %channel.id(), peer = %channel.peer_addr(), code = %asked.code(), opaque = asked.opaque,
        "a request processor panicked: {panic}"
    );
    asked.response(answer::system_error(format!("request processor panicked: {panic}")).into())
}
