use std::fmt;
use std::sync::Arc;

use prost::Message;
use remoting_rpc::transport::protocol::RemotingCommand;
use remoting_rpc::{Executor, ProcessorSet, Reply, RequestContext, processor_fn};

use super::answer::{success, timed_out, unreadable};
use super::handler::MethodHandler;
use crate::call::Call;
use crate::deadline::{DeadlinePolicy, GRPC_TIMEOUT, Until, parse};
use crate::method::Method;
use crate::status::Status;

/// Makes the processors of a service's methods over remoting. The `processors` method of a generated server does this.
///
/// ```
/// use std::sync::Arc;
/// use remoting_service::{Call, DeadlinePolicy, Executor, Method, ServiceProcessors, Status};
///
/// const REVERSE: Method<String, String> =
///     Method::new("text.Reverser", "Reverse", "/text.Reverser/Reverse").code(20_001);
///
/// struct Reverser;
///
/// impl Reverser {
///     async fn reverse(&self, _call: &Call, text: String) -> Result<String, Status> {
///         Ok(text.chars().rev().collect())
///     }
/// }
///
/// let processors = ServiceProcessors::new(Arc::new(Reverser), DeadlinePolicy::new())
///     .unary(REVERSE, Executor::inline(), Reverser::reverse)
///     .into_set();
/// # drop(processors);
/// ```
///
/// A caller that disconnects drops the method, unless it is one-way. A caller that gives up and stays connected does not:
/// the method runs until its deadline.
#[must_use = "a service answers nothing before its processors are registered"]
pub struct ServiceProcessors<T> {
    set: ProcessorSet<T>,
    deadlines: DeadlinePolicy,
}

/// A method and what it needs, shared by the requests of its code.
struct Shared<T, M> {
    service: Arc<T>,
    deadlines: DeadlinePolicy,
    method: M,
}

impl<T: Send + Sync + 'static> ServiceProcessors<T> {
    /// Creates a set without methods.
    pub const fn new(service: Arc<T>, deadlines: DeadlinePolicy) -> Self {
        Self { set: ProcessorSet::with_state(service), deadlines }
    }

    /// Adds a method that returns a response, run by `executor`. A method without a request code is left out.
    pub fn unary<Req, Res, M>(mut self, method: Method<Req, Res>, executor: Executor, handler: M) -> Self
    where
        Req: Message + Default + 'static,
        Res: Message + 'static,
        M: for<'a> MethodHandler<'a, T, Req, Output = Result<Res, Status>>,
    {
        let shared = self.shared(handler);
        let processor = processor_fn(move |ctx: RequestContext, command: RemotingCommand| {
            let shared = Arc::clone(&shared);
            async move {
                let request = match command.proto_body() {
                    Ok(request) => request,
                    Err(error) => return Ok(unreadable(error).into_response()),
                };
                let call = shared.call(ctx, command);
                let method = async { shared.method.call(&shared.service, &call, request).await };
                Ok(match Until::new(call.deadline(), method).await {
                    Ok(Ok(message)) => success(&message, &call.into_reply_metadata()),
                    Ok(Err(status)) => status.into_response(),
                    Err(_elapsed) => timed_out().into_response(),
                })
            }
        });
        if let Some(code) = method.request_code() {
            self.set = self.set.on(code, executor, processor);
        }
        self
    }

    /// Adds a method without a response, run by `executor`. A method without a request code is left out.
    ///
    /// A request that is not one-way, such as that of a caller who wants to know that the method has run, is answered with
    /// `SUCCESS`. A one-way request that cannot be read, or whose method is dropped at its deadline, is counted as
    /// [failed](remoting_rpc::RequestStatistics::failed) and logged.
    pub fn oneway<Req, M>(mut self, method: Method<Req, ()>, executor: Executor, handler: M) -> Self
    where
        Req: Message + Default + 'static,
        M: for<'a> MethodHandler<'a, T, Req, Output = ()>,
    {
        let shared = self.shared(handler);
        let processor = processor_fn(move |ctx: RequestContext, command: RemotingCommand| {
            let shared = Arc::clone(&shared);
            async move {
                let oneway = ctx.is_oneway();
                let failed = match command.proto_body() {
                    Ok(request) => {
                        let call = shared.call(ctx, command);
                        let method = async { shared.method.call(&shared.service, &call, request).await };
                        match Until::new(call.deadline(), method).await {
                            Ok(()) if oneway => return Ok(Reply::None),
                            Ok(()) => return Ok(success(&(), &call.into_reply_metadata()).into()),
                            Err(_elapsed) => timed_out(),
                        }
                    }
                    Err(error) => unreadable(error),
                };
                // Nobody gets an answer to a one-way request, so its failure is counted and logged.
                if oneway { Err(failed.into()) } else { Ok(failed.into_response().into()) }
            }
        });
        if let Some(code) = method.request_code() {
            self.set = self.set.on(code, executor, processor);
        }
        self
    }

    /// Returns the processors, to be registered with a server or a client.
    pub fn into_set(self) -> ProcessorSet<T> {
        self.set
    }

    fn shared<M>(&self, method: M) -> Arc<Shared<T, M>> {
        Arc::new(Shared { service: Arc::clone(self.set.state()), deadlines: self.deadlines, method })
    }
}

impl<T, M> Shared<T, M> {
    fn call(&self, ctx: RequestContext, command: RemotingCommand) -> Call {
        let timeout = command.ext_field(GRPC_TIMEOUT).and_then(parse);
        let deadline = self.deadlines.deadline(timeout, ctx.received_at().into());
        Call::over_remoting(ctx, command, deadline)
    }
}

impl<T> fmt::Debug for ServiceProcessors<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServiceProcessors")
            .field("set", &self.set)
            .field("deadlines", &self.deadlines)
            .finish()
    }
}
