//! The processors of our servers.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use remoting::protocol::{RemotingCommand, RequestCode, ResponseCode};
use remoting::transport::CloseReason;
use remoting::{Executor, ProcessorError, RemotingServerBuilder, Reply, RequestContext, RequestProcessor};
use tokio::sync::Notify;
use tokio::time::sleep;

use super::events::EventCounter;
use crate::contract::{
    BODY, COUNT, COUNTED, DIGEST, DRAIN, ECHO, EVENTS, FAIL, FAILURE, HANG_UP, HOOKED, LATER, NARROW,
    NARROW_TIME, REJECTED, SEEN, SIGNED, SLEEP, TYPED, WHO,
};
use crate::digest::sha256;
use crate::header::{InteropHeader, NumberedBody};
use crate::seen;

type Answer = Result<RemotingCommand, ProcessorError>;

/// The received one-way requests, by key.
type Counters = Arc<Mutex<HashMap<String, usize>>>;

/// Registers all processors except those of the pushes.
pub(super) fn register(
    builder: RemotingServerBuilder,
    name: &'static str,
    events: Arc<EventCounter>,
    shut_down: Arc<Notify>,
) -> RemotingServerBuilder {
    let pool = Executor::runtime(1_000);
    let counters = Counters::default();
    let counted = Arc::clone(&counters);
    builder
        .processor(ECHO, Executor::inline(), |_ctx, request| async move { echo(request) })
        .processor(HOOKED, Executor::inline(), |_ctx, request| async move { echo(request) })
        .processor(SIGNED, Executor::inline(), |_ctx, request| async move { echo(request) })
        .processor(RequestCode::POP_MESSAGE, Executor::inline(), |_ctx, request| async move { echo(request) })
        .processor(SEEN, Executor::inline(), |_ctx, request: RemotingCommand| async move {
            Ok(success(&request).with_body(seen::describe(&request)))
        })
        .processor(DIGEST, pool.clone(), |_ctx, request| async move { digest(request) })
        .processor(COUNT, Executor::inline(), move |_ctx, request: RemotingCommand| {
            let mut counters = counters.lock().unwrap_or_else(PoisonError::into_inner);
            *counters.entry(key(&request)).or_default() += 1;
            async { Ok(()) }
        })
        .processor(COUNTED, Executor::inline(), move |_ctx, request: RemotingCommand| {
            let counters = counted.lock().unwrap_or_else(PoisonError::into_inner);
            let count = counters.get(&key(&request)).copied().unwrap_or(0).to_string();
            async move { Ok(success(&request).with_ext_field("count", &count)?) }
        })
        .processor(HANG_UP, Executor::inline(), |ctx: RequestContext, _request| async move {
            ctx.channel().close(CloseReason::local("the interop suite asked for it"));
            Ok(())
        })
        .processor(LATER, Executor::inline(), |_ctx, request| async move {
            Ok(Reply::later(|responder| {
                tokio::spawn(async move {
                    responder.send(delayed(request).await?).await.map_err(ProcessorError::from)
                });
            }))
        })
        .processor(SLEEP, pool, |_ctx, request| delayed(request))
        .processor(FAIL, Executor::inline(), |_ctx, _request| async {
            Err::<(), _>(ProcessorError::new(FAILURE))
        })
        .processor(TYPED, Executor::inline(), |_ctx, request: RemotingCommand| async move {
            let asked: InteropHeader = request.header()?;
            Ok(success(&request).with_header(&asked.answer())?)
        })
        .processor(BODY, Executor::inline(), |_ctx, request: RemotingCommand| async move {
            let asked: NumberedBody = request.json_body()?;
            Ok(success(&request).with_json_body(&asked.one_higher())?)
        })
        .processor(WHO, Executor::inline(), move |ctx: RequestContext, request: RemotingCommand| async move {
            let response = success(&request)
                .with_ext_field("server", name)?
                .with_ext_field("aborts", "true")?
                .with_ext_field("drains", "true")?;
            Ok(response.with_ext_field("peer", &ctx.peer_addr().to_string())?)
        })
        .processor(EVENTS, Executor::inline(), move |_ctx, request: RemotingCommand| {
            let fields = events.fields();
            async move {
                fields.iter().try_fold(success(&request), |response, (key, value)| {
                    Ok(response.with_ext_field(key, value)?)
                })
            }
        })
        .processor(DRAIN, Executor::inline(), move |_ctx, request: RemotingCommand| {
            shut_down.notify_one();
            async move { Ok(success(&request)) }
        })
        .processor(REJECTED, Executor::inline(), Rejecting)
        .processor(NARROW, Executor::blocking(1, 1), |_ctx, request: RemotingCommand| async move {
            std::thread::sleep(NARROW_TIME);
            Ok(success(&request))
        })
}

/// Rejects every request.
struct Rejecting;

impl RequestProcessor for Rejecting {
    async fn process(&self, _ctx: RequestContext, request: RemotingCommand) -> Result<Reply, ProcessorError> {
        Ok(success(&request).into())
    }

    fn reject_request(&self) -> bool {
        true
    }
}

pub(super) fn success(request: &RemotingCommand) -> RemotingCommand {
    RemotingCommand::response_to(request, ResponseCode::SUCCESS)
}

/// Returns a response with remark, ext fields and body of `command`.
pub(super) fn echo(command: RemotingCommand) -> Answer {
    let mut response = success(&command);
    if let Some(remark) = command.remark() {
        response = response.with_remark(remark);
    }
    response.set_ext_fields(command.ext_fields());
    Ok(response.with_body(command.into_body()))
}

fn digest(request: RemotingCommand) -> Answer {
    let response = success(&request)
        .with_ext_field("length", &request.body().len().to_string())?
        .with_ext_field("sha256", &sha256(request.body()))?;
    Ok(response.with_body(request.into_body()))
}

async fn delayed(request: RemotingCommand) -> Answer {
    let millis = request.ext_field("millis").unwrap_or_default().parse()?;
    sleep(Duration::from_millis(millis)).await;
    Ok(success(&request))
}

fn key(request: &RemotingCommand) -> String {
    request.ext_field("key").unwrap_or_default().to_owned()
}
