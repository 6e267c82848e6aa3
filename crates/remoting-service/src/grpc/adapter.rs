//! The methods of a service as those of tonic's generated trait.

use std::future::{Future, poll_fn};
use std::pin::pin;

use remoting_rpc::transport::poll_catching_panic;
use tokio::time::Instant;

use super::panic::panicked;
use crate::call::{Call, RequestHead};
use crate::deadline::{DeadlinePolicy, GRPC_TIMEOUT, Until, parse};
use crate::server::{MethodHandler, timed_out};
use crate::status::Status;

/// Answers a request of tonic by a method of a service.
///
/// The method is dropped at its deadline. If it panics, the caller gets `UNKNOWN`, as over remoting: with the text of the
/// panic, unless the server [withholds the texts of errors](remoting_rpc::ServerConfig::withhold_errors).
///
/// # Errors
///
/// Returns the status of the method.
///
/// # Cancellation
///
/// Dropping the future drops the method. tonic does so when the caller cancels the call or disconnects.
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
    let message = run(&call, async { method.call(service, &call, message).await }).await??;
    Ok(response(call, message))
}

/// Answers a request of tonic by a method without a response: with an empty message, after the method is done.
///
/// # Errors
///
/// Returns `DEADLINE_EXCEEDED` if the method was dropped at its deadline, and `UNKNOWN` if it panicked.
///
/// # Cancellation
///
/// Dropping the future drops the method. tonic does so when the caller cancels the call or disconnects. Over remoting a
/// one-way method goes on then.
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
    run(&call, async { method.call(service, &call, message).await }).await?;
    Ok(response(call, ()))
}

/// Returns the call and the message of a request. The time of the call has begun when the head of the request arrived.
fn incoming<Req>(request: tonic::Request<Req>, deadlines: DeadlinePolicy) -> (Call, Req) {
    let (metadata, extensions, message) = request.into_parts();
    let timeout = metadata.get(GRPC_TIMEOUT).and_then(|timeout| parse(timeout.to_str().ok()?));
    let received_at = extensions.get().map_or_else(Instant::now, RequestHead::received_at);
    (Call::over_grpc(metadata, extensions, deadlines.deadline(timeout, received_at)), message)
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
async fn run<F: Future>(call: &Call, method: F) -> Result<F::Output, Status> {
    let mut method = pin!(Until::new(call.deadline(), method));
    match poll_fn(|cx| poll_catching_panic(method.as_mut(), cx)).await {
        Ok(Ok(output)) => Ok(output),
        Ok(Err(_elapsed)) => Err(timed_out()),
        Err(panic) => Err(panicked(call.grpc_extensions(), &panic)),
    }
}
