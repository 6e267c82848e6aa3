//! What the sink of a channel does with a request.

use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;

use remoting_transport::protocol::{MqVersion, RemotingCommand};
use remoting_transport::{SinkContext, UnencodableCommand, catch_panic, poll_catching_panic};

use super::answer;
use super::exchange::{Exchange, ExchangeFuture};
use super::request_task::IdleTask;
use crate::executor::{Admission, Executor, Place};
use crate::hook::Hooks;
use crate::latency::{Latency, Outcome, Unanswered};
use crate::processor::{Asked, ProcessorError, ProcessorTable, Registration, Reply, RequestContext};
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
        hooks: &Arc<Hooks>,
        idle: &mut IdleTask,
        request: RemotingCommand,
    ) {
        let code = request.code();
        let latency = Latency::start(self.cx.now(), code, || processors.knows(code));
        let asked = Asked::new(&request, self.channel.endpoint().response_serialize_type(), latency);
        let Some(registration) = processors.find(code) else {
            return self.answer(asked, answer::not_supported(code));
        };
        let going_away = self.channel.endpoint().is_going_away();
        if going_away && request.version() > MqVersion::V5_3_1 && !request.is_oneway() {
            return self.answer(asked, answer::go_away());
        }
        match catch_panic(|| registration.processor.reject_request()) {
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
        let executor = &registration.executor;
        let pipeline = processors.pipeline();
        if matches!(admission, Admission::Inline) && hooks.is_empty() && pipeline.is_none() {
            return self.run_here(idle, registration, asked, request);
        }
        let ctx = RequestContext::new(self.channel.clone(), asked);
        let exchange = Exchange { ctx, hooks: hooks.unless_empty(), pipeline: pipeline.cloned() };
        let future = Arc::clone(&registration.processor).serve(exchange, request);
        match admission {
            Admission::Inline => self.run_inline(future, executor, asked),
            Admission::Elsewhere(place) => self.run_elsewhere(future, executor, place, asked),
        }
    }

    /// Polls the processor here, once, with nothing around it.
    #[inline]
    fn run_here(
        &mut self,
        idle: &mut IdleTask,
        registration: &Arc<Registration>,
        asked: Asked,
        request: RemotingCommand,
    ) {
        let ctx = RequestContext::new(self.channel.clone(), asked);
        let mut response = None;
        let task = idle.of(registration);
        match catch_panic(|| task.start(ctx, request, &mut response, &mut self.cx.task_context())) {
            Ok(Poll::Ready(())) => {
                if let Some(response) = response {
                    self.write(asked, response);
                }
            }
            Ok(Poll::Pending) => {
                if let Some(future) = idle.take() {
                    self.wait(future, &registration.executor, asked);
                }
            }
            Err(panic) => {
                // What panicked may do so again when it is dropped, and has been told of already.
                let _ = catch_panic(|| drop(idle.take()));
                self.panicked(asked, &panic);
            }
        }
    }

    /// Polls the exchange here, once.
    fn run_inline(&mut self, mut future: ExchangeFuture, executor: &Executor, asked: Asked) {
        match poll_catching_panic(future.as_mut(), &mut self.cx.task_context()) {
            Poll::Ready(result) => {
                match result.and_then(|reply| catch_panic(|| drop(future)).map(|()| reply)) {
                    Ok(result) => self.reply(asked, result),
                    Err(panic) => self.panicked(asked, &panic),
                }
            }
            Poll::Pending => self.wait(future, executor, asked),
        }
    }

    /// Lets what is not ready wait in a task of its own.
    #[cold]
    fn wait(&self, future: ExchangeFuture, executor: &Executor, asked: Asked) {
        let job = finish(future, self.channel.processing(), executor.place_for_waiting(), asked);
        self.channel.endpoint().tasks.spawn(job);
    }

    fn reply(&mut self, asked: Asked, result: Result<Reply, ProcessorError>) {
        if let Some(response) = asked.response(result.unwrap_or_else(answer::failed)) {
            self.write(asked, response);
        }
    }

    #[cold]
    fn panicked(&mut self, asked: Asked, panic: &str) {
        self.reply(asked, Ok(panicked(asked, self.channel, panic)));
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
    #[cold]
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
    let result = poll_fn(|cx| poll_catching_panic(future.as_mut(), cx)).await;
    unanswered.ended();
    let reply = match result {
        Ok(result) => result.unwrap_or_else(answer::failed),
        Err(panic) => panicked(asked, processing.channel(), &panic),
    };
    if let Some(response) = asked.response(reply) {
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
#[cold]
fn panicked(asked: Asked, channel: &RpcChannel, panic: &str) -> Reply {
    tracing::error!(
        channel = %channel.id(), peer = %channel.peer_addr(), code = %asked.code(), opaque = asked.opaque,
        "a request processor panicked: {panic}"
    );
    answer::system_error(format!("request processor panicked: {panic}")).into()
}
