//! The methods of a service as those of tonic's generated trait.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::LazyLock;
use std::time::Duration;

use remoting_rpc::transport::{LogLimiter, poll_catching_panic};
use tokio::time::Instant;

use crate::call::Call;
use crate::deadline::{DeadlinePolicy, GRPC_TIMEOUT, Until, parse};
use crate::server::{MethodHandler, timed_out};
use crate::status::Status;

/// Answers a request of tonic by a method of a service.
///
/// The method is dropped at its deadline, and when its caller cancels the call. If it panics, the caller gets `UNKNOWN` with
/// the text of the panic, as over remoting.
///
/// # Errors
///
/// Returns the status of the method.
pub async fn unary<T, Req, Res, M>(
    service: &T,
    deadlines: DeadlinePolicy,
    request: tonic::Request<Req>,
    method: M,
) -> Result<tonic::Response<Res>, tonic::Status>
where
    M: for<'a> MethodHandler<'a, T, Req, Output = Result<Res, Status>>,
{
    let (call, message) = incoming(request, deadlines);
    let message = run(call.deadline(), async { method.call(service, &call, message).await }).await??;
    Ok(response(call, message))
}

/// Answers a request of tonic by a method without a response: with an empty message, after the method is done.
///
/// # Errors
///
/// Returns `DEADLINE_EXCEEDED` if the method was dropped at its deadline, and `UNKNOWN` if it panicked.
pub async fn oneway<T, Req, M>(
    service: &T,
    deadlines: DeadlinePolicy,
    request: tonic::Request<Req>,
    method: M,
) -> Result<tonic::Response<()>, tonic::Status>
where
    M: for<'a> MethodHandler<'a, T, Req, Output = ()>,
{
    let (call, message) = incoming(request, deadlines);
    run(call.deadline(), async { method.call(service, &call, message).await }).await?;
    Ok(response(call, ()))
}

fn incoming<Req>(request: tonic::Request<Req>, deadlines: DeadlinePolicy) -> (Call, Req) {
    let (metadata, extensions, message) = request.into_parts();
    let timeout = metadata.get(GRPC_TIMEOUT).and_then(|timeout| parse(timeout.to_str().ok()?));
    (Call::over_grpc(metadata, extensions, deadlines.deadline(timeout)), message)
}

fn response<Res>(call: Call, message: Res) -> tonic::Response<Res> {
    let metadata = call.into_reply_metadata();
    let mut response = tonic::Response::new(message);
    if !metadata.is_empty() {
        *response.metadata_mut() = metadata.to_map();
    }
    response
}

/// Runs a method until it is done, its deadline passes or it panics. The future calls the method, which may panic before it
/// returns a future of its own.
async fn run<F: Future>(deadline: Option<Instant>, method: F) -> Result<F::Output, Status> {
    let mut method = pin!(Until::new(deadline, method));
    match poll_fn(|cx| poll_catching_panic(method.as_mut(), cx)).await {
        Ok(Ok(output)) => Ok(output),
        Ok(Err(_elapsed)) => Err(timed_out()),
        Err(panic) => {
            log(&panic);
            Err(Status::unknown(format!("request processor panicked: {panic}")))
        }
    }
}

/// Logs a panic. A caller may cause many, so at most ten are logged in ten seconds.
#[cold]
fn log(panic: &str) {
    static PANICS: LazyLock<LogLimiter> = LazyLock::new(|| LogLimiter::new(10, Duration::from_secs(10)));
    let admission = PANICS.admit(Instant::now().into_std());
    if let Some(suppressed) = admission.suppressed {
        tracing::error!("... and methods of services panicked: {suppressed}");
    }
    if admission.line {
        tracing::error!("a method of a service panicked: {panic}");
    }
}
