//! The future of a call by address.
//!
//! A call that finds its channel open and no hooks, as almost every call does, is this future alone: it owns one copy of
//! its request and the state of one [`Call`]. Whatever is unusual (connecting, hooks, moving to a fresh channel) is a
//! boxed future of [`super::slow_path`], which comes back here for the exchange itself.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use super::settle::{Attempt, Next};
use crate::call::Budget;
use crate::call::{Call, Polled, take};
use crate::client::connect::ClientChannel;
use crate::client::shared::Shared;
use crate::error::RpcError;
use crate::transport::Address;
use crate::transport::protocol::RemotingCommand;

/// A call under way: what [`RemotingClient::invoke`](super::RemotingClient::invoke) returns.
///
/// Nothing happens, and the time-out does not run, before it is polled.
///
/// # Panics
///
/// When it is polled after its end, or outside a tokio runtime.
#[must_use = "a call does nothing until it is awaited"]
pub struct Invoke<'a> {
    shared: &'a Arc<Shared>,
    request: RemotingCommand,
    way: Way<'a>,
    /// Of a call that needs no detour, once it has set out.
    exchange: Option<Exchange>,
}

enum Way<'a> {
    Straight {
        addr: Address,
        timeout: Duration,
    },
    /// The request goes with it.
    Detour(Detour<'a>),
}

/// One request and its response on one channel.
struct Exchange {
    call: Call<Arc<ClientChannel>>,
    attempt: Attempt,
}

type Detour<'a> = Pin<Box<dyn Future<Output = Result<RemotingCommand, RpcError>> + Send + 'a>>;

impl<'a> Invoke<'a> {
    /// A call to an address.
    #[inline]
    pub(in crate::client) fn to(
        shared: &'a Arc<Shared>,
        addr: Result<Address, RpcError>,
        request: RemotingCommand,
        timeout: Duration,
    ) -> Self {
        let way = match addr {
            Ok(addr) => Way::Straight { addr, timeout },
            Err(error) => Way::Detour(Box::pin(async { Err(error) })),
        };
        Self { shared, request, way, exchange: None }
    }

    /// The exchange of a call that has its channel and ran its hooks.
    pub(in crate::client) fn on(
        shared: &'a Arc<Shared>,
        channel: Arc<ClientChannel>,
        request: RemotingCommand,
        budget: Budget,
        attempt: Attempt,
    ) -> Self {
        let way = Way::Straight { addr: channel.addr.clone(), timeout: budget.timeout() };
        Self { shared, request, way, exchange: Some(Exchange::new(channel, budget, attempt)) }
    }

    /// The request of an exchange.
    pub(super) const fn request(&self) -> &RemotingCommand {
        &self.request
    }

    /// From an address to an exchange, or a detour.
    #[inline(always)]
    fn set_out(&mut self) {
        let Way::Straight { addr, timeout } = &self.way else { return };
        let shared = self.shared;
        let channel =
            if shared.endpoint.state.hooks.is_empty() { shared.connections.open(addr) } else { None };
        match channel {
            Some(channel) => {
                self.exchange = Some(Exchange::new(channel, Budget::new(*timeout), Attempt::First));
            }
            None => self.make_detour(),
        }
    }

    #[cold]
    fn make_detour(&mut self) {
        if let Way::Straight { addr, timeout } = &self.way {
            let (addr, request) = (addr.clone(), take(&mut self.request));
            let detour = self.shared.invoke_slowly(addr, request, Budget::start(*timeout));
            self.way = Way::Detour(Box::pin(detour));
        }
    }

    /// To a fresh channel.
    #[cold]
    fn go_again(&mut self) {
        if let Some(Exchange { call, .. }) = self.exchange.take() {
            let (addr, budget) = (call.channel().addr.clone(), call.budget().running());
            // Whoever runs the hooks looks at the request afterwards.
            let again = self.shared.exchange_again(addr, self.request.clone(), budget);
            self.way = Way::Detour(Box::pin(again));
        }
    }

    #[cold]
    fn poll_detour(&mut self, cx: &mut Context<'_>) -> Polled {
        match &mut self.way {
            Way::Detour(detour) => detour.as_mut().poll(cx),
            Way::Straight { .. } => unreachable!("it has set out, and there is no exchange"),
        }
    }
}

impl Exchange {
    #[inline]
    const fn new(channel: Arc<ClientChannel>, budget: Budget, attempt: Attempt) -> Self {
        Self { call: Call::new(channel, budget), attempt }
    }
}

impl Future for Invoke<'_> {
    type Output = Result<RemotingCommand, RpcError>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Polled {
        let this = self.get_mut();
        if this.exchange.is_none() {
            this.set_out();
        }
        let Some(Exchange { call, attempt }) = &mut this.exchange else {
            return this.poll_detour(cx);
        };
        let request = &this.request;
        let mut polled = call.poll(cx, || request.clone());
        let Poll::Ready(result) = &mut polled else {
            return Poll::Pending;
        };
        match this.shared.settle(call, *attempt, result) {
            Next::Return => polled,
            Next::Again => {
                this.go_again();
                this.poll_detour(cx)
            }
        }
    }
}

impl fmt::Debug for Invoke<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut invoke = f.debug_struct("Invoke");
        if let Way::Straight { addr, .. } = &self.way {
            invoke.field("addr", addr);
        }
        if let Some(exchange) = &self.exchange {
            invoke.field("channel", &exchange.call.channel().rpc);
        }
        invoke.finish_non_exhaustive()
    }
}
