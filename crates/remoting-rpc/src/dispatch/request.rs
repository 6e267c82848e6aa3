//! Finds the processor of a request, runs it, and writes the response if it is ready at once.

use std::sync::Arc;
use std::task::{Context, Waker};

use remoting_transport::protocol::{EncodeError, ErrorChain, MqVersion, RemotingCommand};
use remoting_transport::{SinkContext, catch_panic};

use super::answer;

use super::held::HeldRequest;
use super::idle_task::IdleTask;
use super::pending_response::{PendingResponse, respond};
use super::run_queue::{QueuedRequest, RunQueue};
use super::spawned_request::SpawnedRequest;
use super::turn::Turn;
use super::unfinished::Unfinished;

use crate::channel::RpcChannel;
use crate::executor::{Admission, ExecutorPermit};
use crate::extensions::Extensions;
use crate::hook::Hooks;
use crate::latency::{Latency, Outcome};
use crate::processor::{
    AfterHooks, Interceptors, InterceptorsRef, ProcessorTable, Registration, RequestContext, RequestFuture,
    Started, detach,
};
use crate::request::{DispatchError, RequestInfo};

/// Dispatches requests within one poll of a channel's task.
pub(super) struct Dispatch<'a, 'b> {
    pub(super) channel: &'a RpcChannel,
    /// Wakes the channel's task.
    pub(super) waker: &'a Waker,
    pub(super) run_queue: &'a mut Option<Arc<RunQueue>>,
    pub(super) turn: &'a mut Turn,
    /// The request does not belong to an inline executor: its response may have to wait for a slow peer, as it would in a task.
    pub(super) may_wait: bool,
    pub(super) cx: &'a mut SinkContext<'b>,
}

/// Where a request runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// In this poll of the channel's task.
    Here,
    /// In a task that the requests of its channel share.
    SharedTask,
    /// In a task or thread of its own.
    Elsewhere,
}

impl Place {
    /// Returns the place of a request that has waited for its permit.
    pub(super) fn of_held(registration: &Registration) -> Self {
        let executor = &registration.executor;
        if executor.is_inline() {
            Self::Here
        } else if executor.runs_in_tasks() && !registration.takes_own_task() {
            Self::SharedTask
        } else {
            Self::Elsewhere
        }
    }
}

impl Dispatch<'_, '_> {
    fn place(&mut self, registration: &Registration) -> Place {
        let place = Place::of_held(registration);
        if place == Place::SharedTask {
            let (now, tasks) = (self.cx.now(), &self.channel.endpoint().tasks);
            if self.turn.takes_request(now, tasks, self.run_queue.as_ref()) {
                return Place::Here;
            }
        }
        place
    }

    /// Applies the checks of the [module](super) in order. Returns the request if it has to wait for a permit of its executor.
    pub(super) fn request(
        &mut self,
        processors: &ProcessorTable,
        hooks: &Arc<Hooks>,
        idle: &mut IdleTask,
        mut request: RemotingCommand,
    ) -> Option<Box<HeldRequest>> {
        let code = request.code();
        let latency = Latency::start(self.cx.now(), code, || processors.knows(code));
        let info = RequestInfo::new(&request, self.channel.endpoint().response_serialize_type(), latency);
        let Some(registration) = processors.find(code) else {
            self.refuse(info, DispatchError::NotSupported);
            return None;
        };
        let going_away = self.channel.endpoint().is_going_away();
        if going_away && request.version() > MqVersion::V5_3_1 && !request.is_oneway() {
            self.refuse(info, DispatchError::GoingAway);
            return None;
        }
        match catch_panic(|| registration.processor.reject_request()) {
            Ok(false) => {}
            Ok(true) => {
                self.refuse(info, DispatchError::Rejected);
                return None;
            }
            Err(panic) => {
                self.panicked(info, &panic);
                return None;
            }
        }
        let place = self.place(registration);
        self.may_wait = !registration.executor.is_inline();
        let around = InterceptorsRef::new(hooks, processors.pipeline());
        match registration.executor.admit(place == Place::Here) {
            Admission::WithoutPermit => {
                registration.detach(&mut request);
                if around.is_empty() {
                    self.run_here(idle, registration, &info, request);
                } else {
                    self.run_intercepted(idle, around, registration, None, info, request);
                }
            }
            Admission::Granted(permit) => {
                self.admitted(around, idle, registration, place, permit, info, request);
            }
            Admission::Full => self.refuse(info, DispatchError::Overloaded),
            Admission::Wait(permit) => {
                detach(&mut request);
                let registration = Arc::clone(registration);
                return Some(Box::new(HeldRequest::new(self.channel, registration, info, request, permit)));
            }
        }
        if self.may_wait && place == Place::Here {
            self.turn.has_run();
        }
        None
    }

    /// Runs a request that has a permit.
    #[expect(clippy::too_many_arguments, reason = "what is known of the request so far")]
    pub(super) fn admitted(
        &mut self,
        around: InterceptorsRef<'_>,
        idle: &mut IdleTask,
        registration: &Arc<Registration>,
        place: Place,
        permit: ExecutorPermit,
        info: RequestInfo,
        mut request: RemotingCommand,
    ) {
        registration.detach(&mut request);
        match place {
            Place::Here => self.run_intercepted(idle, around, registration, Some(permit), info, request),
            Place::SharedTask => {
                self.queue(registration, around.to_interceptors(), permit, info, request);
            }
            Place::Elsewhere => {
                let ctx = RequestContext::new(self.channel.clone(), info);
                let processor = Arc::clone(&registration.processor);
                let future = processor.serve(ctx, around.to_interceptors(), request);
                self.run_elsewhere(future, registration, permit, info);
            }
        }
    }

    /// Queues the request for the next task that runs requests of this channel.
    fn queue(
        &mut self,
        registration: &Arc<Registration>,
        interceptors: Interceptors,
        permit: ExecutorPermit,
        info: RequestInfo,
        request: RemotingCommand,
    ) {
        let (guard, registration) = (self.channel.request_guard(&info), Arc::clone(registration));
        let request = QueuedRequest { registration, interceptors, guard, permit, info, request };
        let tasks = &self.channel.endpoint().tasks;
        self.run_queue.get_or_insert_with(|| Arc::new(RunQueue::new(&tasks.runtime()))).push(request, tasks);
        self.turn.has_queued();
    }

    /// Polls the processor once, in place, without hooks or pipeline.
    #[inline]
    fn run_here(
        &mut self,
        idle: &mut IdleTask,
        registration: &Arc<Registration>,
        info: &RequestInfo,
        request: RemotingCommand,
    ) {
        let mut response = None;
        let task = idle.of(registration);
        let (channel, cx) = (self.channel, &mut Context::from_waker(self.waker));
        let mut started = Started::Pending;
        let parts = (channel.clone(), Extensions::new());
        let start = || started = task.start(parts, info, request, &mut response, cx);
        if let Err(panic) = catch_panic(start) {
            return self.not_answered(Err(panic), None, idle, registration, None, *info);
        }
        match started {
            Started::Ready { encoded } => self.answer(info, &mut response, encoded),
            other => self.not_answered(Ok(other), None, idle, registration, None, *info),
        }
    }

    /// Like [`run_here`](Self::run_here), with hooks and pipeline.
    #[inline(never)]
    fn run_intercepted(
        &mut self,
        idle: &mut IdleTask,
        around: InterceptorsRef<'_>,
        registration: &Arc<Registration>,
        permit: Option<ExecutorPermit>,
        info: RequestInfo,
        request: RemotingCommand,
    ) {
        let (mut response, mut after) = (None, None);
        let task = idle.of(registration);
        let cx = &mut Context::from_waker(self.waker);
        match catch_panic(|| around.start(task, (self.channel, info), request, &mut response, &mut after, cx))
        {
            Ok(Started::Ready { encoded }) => self.answer(&info, &mut response, encoded),
            other => self.not_answered(other, after, idle, registration, permit, info),
        }
    }

    /// Continues with a request that was started in place, and has no response yet. `after` belongs to a pending one.
    #[cold]
    fn not_answered(
        &mut self,
        started: Result<Started, String>,
        after: Option<Box<AfterHooks>>,
        idle: &mut IdleTask,
        registration: &Arc<Registration>,
        permit: Option<ExecutorPermit>,
        info: RequestInfo,
    ) {
        match Unfinished::of(started, after, idle, self.channel, info) {
            None => {}
            Some(Unfinished::Failed(response)) => self.respond(info, response),
            Some(unfinished) => {
                let permit = permit.unwrap_or_else(|| registration.executor.permit_for_waiting());
                unfinished.settle(self.pending_response(permit, info), Arc::clone(registration));
            }
        }
    }

    fn run_elsewhere(
        &mut self,
        future: RequestFuture,
        registration: &Arc<Registration>,
        permit: ExecutorPermit,
        info: RequestInfo,
    ) {
        let pending = self.pending_response(permit, info);
        let request = SpawnedRequest::new(future, Arc::clone(registration), pending);
        if let Err(error) =
            registration.executor.execute(Box::pin(request.run()), &self.channel.endpoint().tasks)
        {
            self.channel.endpoint().request_log.no_thread(&error);
            self.refuse(info, DispatchError::Overloaded);
        }
    }

    fn pending_response(&self, permit: ExecutorPermit, info: RequestInfo) -> PendingResponse {
        PendingResponse { guard: self.channel.request_guard(&info), permit, info }
    }

    #[cold]
    fn panicked(&mut self, info: RequestInfo, panic: &str) {
        let response = self.channel.endpoint().request_log.panicked(self.channel.channel(), info, panic);
        self.respond(info, response);
    }

    /// Responds without a processor.
    #[cold]
    fn refuse(&mut self, info: RequestInfo, error: DispatchError) {
        self.channel.endpoint().request_log.refused(self.channel.channel(), info, error);
        self.respond(info, answer::refused(error, info.code()));
    }

    fn respond(&mut self, info: RequestInfo, response: RemotingCommand) {
        self.answer(&info, &mut Some(response), false);
    }

    /// Completes the response of a request, and writes it in the current poll. It is queued if it has to wait for a slow peer, or
    /// if commands are queued: its processor may have sent them.
    #[inline]
    fn answer(&mut self, info: &RequestInfo, response: &mut Option<RemotingCommand>, encoded: bool) {
        // Not moved: a command that was just written is slow to move.
        let Some(command) = response else { return };
        if !info.complete(command, encoded) {
            return;
        }
        if self.cx.has_queued() || (self.may_wait && !self.cx.has_room_for(command)) {
            return self.queue_response(*info, response.take());
        }
        match self.cx.write(command) {
            Ok(()) => info.latency.record(Outcome::Success, Some(command.code())),
            Err(error) => self.write_substitute(*info, command, error),
        }
    }

    #[cold]
    fn queue_response(&self, info: RequestInfo, response: Option<RemotingCommand>) {
        if let Some(response) = response {
            respond(self.channel.request_guard(&info), info, response);
        }
    }

    /// Writes a `SYSTEM_ERROR` instead of a response that cannot be encoded.
    #[cold]
    fn write_substitute(&mut self, info: RequestInfo, response: &RemotingCommand, error: EncodeError) {
        let sent = self.substitute(response, error);
        let outcome = if sent.is_some() { Outcome::Success } else { Outcome::WriteChannelFailed };
        info.latency.record(outcome, sent.or_else(|| Some(response.code())));
    }

    /// Like [`write_substitute`](Self::write_substitute). Returns the code that was sent.
    fn substitute(&mut self, response: &RemotingCommand, error: EncodeError) -> Option<i32> {
        let log = &self.channel.endpoint().request_log;
        let mut substitute = log.unencodable(self.channel.channel(), response, &error);
        substitute.set_opaque(response.opaque());
        substitute.set_serialize_type(response.serialize_type());
        substitute.mark_response();
        match self.cx.write(&mut substitute) {
            Ok(()) => Some(substitute.code()),
            Err(error) => {
                log.unencodable(self.channel.channel(), &substitute, &error);
                None
            }
        }
    }

    /// Replaces a queued response that cannot be encoded by a `SYSTEM_ERROR`, or fails the call of a request.
    #[cold]
    pub(super) fn unencodable(&mut self, command: &RemotingCommand, error: EncodeError) {
        if command.is_response() {
            self.substitute(command, error);
        } else if command.is_oneway() {
            let (channel, code) = (self.channel.id(), command.request_code());
            tracing::warn!(%channel, %code, "one-way request not sent: {}", ErrorChain(&error));
        } else {
            self.channel.table().unencodable(command.opaque(), error);
        }
    }
}
