//! Calls over remoting.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use remoting_rpc::transport::protocol::{HeaderError, RemotingCommand, RequestCode, ResponseCode};
use remoting_rpc::{Invoke, RpcChannel, RpcError, Target};
#[cfg(feature = "tower")]
use tokio::time::Instant;

#[cfg(feature = "tower")]
use super::layered::{Layered, LayeredCall};
#[cfg(feature = "tower")]
use super::outgoing::out_of_time;
use super::outgoing::{Outgoing, invalid_metadata};
#[cfg(feature = "tower")]
use crate::deadline::Until;
use crate::deadline::{GRPC_TIMEOUT, text};
use crate::status::Status;

/// The time-out of a call over a channel, as that of a client by default.
const CHANNEL_TIMEOUT: Duration = Duration::from_secs(3);

/// A call that has been started.
pub(super) enum Calling {
    ByAddress(Invoke),
    Other(Pin<Box<dyn Future<Output = Result<RemotingCommand, RpcError>> + Send>>),
    #[cfg(feature = "tower")]
    Layered(Pin<Box<Until<LayeredCall>>>),
}

impl Calling {
    pub(super) fn by_address(target: Target, outgoing: Outgoing) -> Result<Self, Status> {
        let (oneway, timeout) = (outgoing.oneway, outgoing.timeout);
        let request = request(outgoing)?;
        let target = match timeout {
            Some(timeout) => target.timeout(timeout),
            None => target,
        };
        Ok(if oneway {
            Self::Other(Box::pin(async move { sent(target.invoke_oneway(request).await) }))
        } else {
            Self::ByAddress(target.invoke(request))
        })
    }

    pub(super) fn over_channel(channel: RpcChannel, outgoing: Outgoing) -> Result<Self, Status> {
        let (oneway, timeout) = (outgoing.oneway, outgoing.timeout.unwrap_or(CHANNEL_TIMEOUT));
        let request = request(outgoing)?;
        Ok(Self::Other(if oneway {
            Box::pin(async move { sent(channel.invoke_oneway(request, timeout).await) })
        } else {
            Box::pin(channel.invoke(request, timeout))
        }))
    }

    #[cfg(feature = "tower")]
    pub(super) fn layered(service: &Layered, outgoing: Outgoing) -> Result<Self, Status> {
        let (oneway, timeout) = (outgoing.oneway, outgoing.timeout);
        let mut request = request(outgoing)?;
        if oneway {
            request.mark_oneway();
        }
        let deadline = timeout.and_then(|timeout| Instant::now().checked_add(timeout));
        Ok(Self::Layered(Box::pin(Until::new(deadline, service.call(request)))))
    }

    #[inline]
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<RemotingCommand, Status>> {
        match self {
            Self::ByAddress(call) => Pin::new(call).poll(cx).map_err(Status::from),
            Self::Other(call) => call.as_mut().poll(cx).map_err(Status::from),
            #[cfg(feature = "tower")]
            Self::Layered(call) => {
                call.as_mut().poll(cx).map(|result| result.unwrap_or_else(|_elapsed| Err(out_of_time())))
            }
        }
    }
}

/// Returns an empty response for a one-way request that is queued.
fn sent(result: Result<(), RpcError>) -> Result<RemotingCommand, RpcError> {
    result.map(|()| RemotingCommand::response(ResponseCode::SUCCESS))
}

/// Returns the request of a call.
fn request(outgoing: Outgoing) -> Result<RemotingCommand, Status> {
    let Outgoing { path, code, serialize_type, body, metadata, timeout, .. } = outgoing;
    let Some(code) = code else { return Err(grpc_only(path)) };
    let metadata = metadata.map_err(invalid_metadata)?;
    let mut request = RemotingCommand::request(code).with_serialize_type(serialize_type).with_body(body);
    if let Some(timeout) = timeout {
        request.set_ext_field(GRPC_TIMEOUT, &text(timeout)).map_err(|error| unwritable(&error, code))?;
    }
    if !metadata.is_empty() {
        metadata.write_to(&mut request).map_err(|error| unwritable(&error, code))?;
    }
    Ok(request)
}

#[cold]
fn grpc_only(path: &str) -> Status {
    Status::unimplemented(format!("{path} has no request code: call it over gRPC")).unsent()
}

#[cold]
fn unwritable(error: &HeaderError, code: RequestCode) -> Status {
    Status::invalid_argument(format!("the metadata of the call {code} cannot be written: {error}")).unsent()
}
