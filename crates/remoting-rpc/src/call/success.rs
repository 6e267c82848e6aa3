//! Calls that accept only a `SUCCESS` response.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use remoting_transport::Address;
use remoting_transport::protocol::RemotingCommand;

use crate::error::RpcError;

/// A call that fails with [`RpcError::Response`] if the code of its response is not `SUCCESS`. Created by
/// [`Invoke::into_success`](crate::Invoke::into_success).
#[derive(Debug)]
#[must_use = "a call does nothing until it is awaited"]
pub struct IntoSuccess<C> {
    call: C,
    /// `None` if the address of the call is invalid; then there is no response.
    peer: Option<Address>,
}

impl<C> IntoSuccess<C> {
    pub(crate) const fn new(call: C, peer: Option<Address>) -> Self {
        Self { call, peer }
    }
}

impl<C> Future for IntoSuccess<C>
where
    C: Future<Output = Result<RemotingCommand, RpcError>> + Unpin,
{
    type Output = Result<RemotingCommand, RpcError>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        let response = ready!(Pin::new(&mut this.call).poll(cx))?;
        Poll::Ready(
            response.into_success().map_err(|error| RpcError::Response { addr: this.peer.take(), error }),
        )
    }
}
