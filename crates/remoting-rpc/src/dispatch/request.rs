//! What the sink of a channel does with a request.

use std::sync::Arc;
use std::task::Poll;

use remoting_transport::SinkContext;
use remoting_transport::protocol::{MqVersion, RemotingCommand};

use super::answer;
use super::exchange::{Exchange, ExchangeFuture};
use super::panic::catch_panic_in;
use super::sink::RpcSink;
use crate::executor::{Admission, Place};
use crate::latency::{Latency, Outcome, Unanswered};
use crate::processor::{Registration, RequestContext};
use crate::rpc_channel::Processing;

impl RpcSink {
    /// Decides in the order that the [module](super) tells.
    pub(super) fn request(&mut self, cx: &mut SinkContext<'_>, request: RemotingCommand) {
        let processors = self.processors.load();
        let latency = Latency::start(cx.now(), request.code(), processors.knows(request.code()));
        let ctx = RequestContext::new(self.channel.clone(), &request, latency);
        let Some(registration) = processors.find(request.code()) else {
            return self.answer(cx, &ctx, answer::not_supported(request.code()));
        };
        let going_away = self.channel.endpoint().is_going_away();
        if going_away && request.version() > MqVersion::V5_3_1 && !request.is_oneway() {
            return self.answer(cx, &ctx, answer::go_away());
        }
        match catch_panic_in(|| registration.processor.reject_request()) {
            Ok(false) => {}
            Ok(true) => return self.answer(cx, &ctx, answer::rejected()),
            Err(panic) => {
                let remark = format!("reject_request panicked: {panic}");
                return self.answer(cx, &ctx, answer::system_error(remark));
            }
        }
        let Some(admission) = registration.executor.admit() else {
            return self.answer(cx, &ctx, answer::overloaded());
        };
        let registration = Arc::clone(registration);
        match admission {
            Admission::Inline => self.run_inline(cx, &registration, ctx, request),
            Admission::Elsewhere(place) => self.run_elsewhere(cx, &registration, place, ctx, request),
        }
    }

    /// Polls the exchange here, once.
    fn run_inline(
        &self,
        cx: &mut SinkContext<'_>,
        registration: &Registration,
        ctx: RequestContext,
        request: RemotingCommand,
    ) {
        let latency = ctx.latency();
        let mut future = self.serve(registration, ctx, request);
        match future.as_mut().poll(&mut cx.task_context()) {
            Poll::Ready(None) => {}
            Poll::Ready(Some(response)) => {
                latency.record(Outcome::Success, Some(response.code()));
                self.write(cx, response);
            }
            Poll::Pending => {
                let place = registration.executor.place_for_waiting();
                let job = finish(future, self.channel.processing(), place, latency);
                self.channel.endpoint().tasks.spawn(job);
            }
        }
    }

    fn run_elsewhere(
        &self,
        cx: &mut SinkContext<'_>,
        registration: &Registration,
        place: Place,
        ctx: RequestContext,
        request: RemotingCommand,
    ) {
        let future = self.serve(registration, ctx.clone(), request);
        let job = Box::pin(finish(future, self.channel.processing(), place, ctx.latency()));
        if let Err(error) = registration.executor.execute(job, &self.channel.endpoint().tasks) {
            tracing::error!(channel = %self.channel.id(), "no thread for a blocking executor: {error}");
            ctx.latency().record(Outcome::ProcessRequestFailed, None);
            self.answer(cx, &ctx, answer::overloaded());
        }
    }

    fn serve(
        &self,
        registration: &Registration,
        ctx: RequestContext,
        request: RemotingCommand,
    ) -> ExchangeFuture {
        let endpoint = self.channel.endpoint();
        let exchange = Exchange { ctx, hooks: endpoint.hooks.snapshot(), pipeline: endpoint.pipeline() };
        Arc::clone(&registration.processor).serve(exchange, request)
    }

    /// Answers without a processor.
    fn answer(&self, cx: &mut SinkContext<'_>, ctx: &RequestContext, response: RemotingCommand) {
        tracing::debug!(
            channel = %self.channel.id(), peer = %self.channel.peer_addr(), code = %ctx.request_code(),
            opaque = ctx.opaque(), "request refused: {}", response.remark().unwrap_or_default()
        );
        if let Some(response) = ctx.response(response.into()) {
            ctx.latency().record(Outcome::Success, Some(response.code()));
            self.write(cx, response);
        }
    }
}

/// Brings an exchange to its end in a task or thread of its own. The executor's place is held until the response
/// is queued, so that a peer that does not read makes its requests be refused, not its responses pile up.
async fn finish(future: ExchangeFuture, processing: Processing, place: Place, latency: Latency) {
    let unanswered = Unanswered::new(latency);
    let response = future.await;
    unanswered.ended();
    if let Some(response) = response {
        let code = response.code();
        let sent = processing.channel().send(response).await;
        let outcome = if sent.is_ok() { Outcome::Success } else { Outcome::WriteChannelFailed };
        latency.record(outcome, Some(code));
        if let Err(error) = sent {
            tracing::debug!(channel = %processing.channel().id(), "a response was not sent: {error}");
        }
    }
    drop((processing, place));
}
