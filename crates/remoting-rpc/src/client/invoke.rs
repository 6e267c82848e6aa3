//! The future of a call by address.
//!
//! A call that finds its channel open and no hooks, as almost every call does, is this future alone: it owns one copy of
//! its request and the state of one [`Call`]. Whatever is unusual (connecting, hooks, moving to a fresh channel) is a
//! [detour](Stage::Detour), a boxed future of [`super::call`], which comes back here for the exchange itself.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::Instant;

use super::connect::ClientChannel;
use super::shared::Shared;
use crate::budget::Budget;
use crate::error::RpcError;
use crate::rpc_channel::{Call, take};
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
    stage: Stage<'a>,
}

enum Stage<'a> {
    Fresh {
        addr: Address,
        timeout: Duration,
    },
    /// An exchange on a channel.
    Exchange {
        call: Call<Arc<ClientChannel>>,
        /// Whether another channel, which went away, came before this one.
        moved: bool,
        silence: Silence,
    },
    /// The request goes with it.
    Detour(Pin<Box<dyn Future<Output = Result<RemotingCommand, RpcError>> + Send + 'a>>),
}

/// What tells whether a channel was silent while a call waited for its response.
#[derive(Debug, Clone, Copy)]
pub(super) enum Silence {
    /// Nobody asks.
    Unwatched,
    /// To be watched for once the request is queued: a wait for a permit or for room says nothing.
    Unbegun,
    /// The request was queued at `since`, when so many calls on the channel had got a response.
    Since { since: Instant, answered: u64 },
}

impl Silence {
    /// Looks at the clock if the request of `call` has been queued.
    #[cold]
    fn begin(&mut self, call: &Call<Arc<ClientChannel>>) {
        if call.is_queued() {
            *self = Self::Since { since: Instant::now(), answered: call.channel().answered() };
        }
    }
}

/// What a call does when an exchange is over.
pub(super) enum Next {
    Return,
    /// The peer has not processed the request: once more, on a fresh channel.
    Again,
}

impl<'a> Invoke<'a> {
    /// A call to an address.
    #[inline]
    pub(super) fn to(
        shared: &'a Arc<Shared>,
        addr: Result<Address, RpcError>,
        request: RemotingCommand,
        timeout: Duration,
    ) -> Self {
        let stage = match addr {
            Ok(addr) => Stage::Fresh { addr, timeout },
            Err(error) => Stage::Detour(Box::pin(async { Err(error) })),
        };
        Self { shared, request, stage }
    }

    /// The exchange of a call that has its channel and ran its hooks; `moved`: it had another one before.
    pub(super) fn on(
        shared: &'a Arc<Shared>,
        channel: Arc<ClientChannel>,
        request: RemotingCommand,
        budget: Budget,
        moved: bool,
    ) -> Self {
        Self { shared, request, stage: exchange(shared, channel, budget, moved) }
    }

    /// The request of an exchange.
    pub(super) const fn request(&self) -> &RemotingCommand {
        &self.request
    }

    /// From an address to an exchange, or a detour.
    #[inline]
    fn set_out(&mut self) {
        let Stage::Fresh { addr, timeout } = &self.stage else { return };
        let (shared, budget) = (self.shared, Budget::start(*timeout));
        let channel = if shared.endpoint.hooks.is_empty() { shared.connections.open(addr) } else { None };
        self.stage = match channel {
            Some(channel) => exchange(shared, channel, budget, false),
            None => {
                let (addr, request) = (addr.clone(), take(&mut self.request));
                Stage::Detour(Box::pin(shared.invoke_slowly(addr, request, budget)))
            }
        };
    }
}

fn exchange<'a>(shared: &Shared, channel: Arc<ClientChannel>, budget: Budget, moved: bool) -> Stage<'a> {
    let watched = shared.config.close_dead_channel_on_timeout;
    let silence = if watched { Silence::Unbegun } else { Silence::Unwatched };
    Stage::Exchange { call: Call::new(channel, budget), moved, silence }
}

impl Future for Invoke<'_> {
    type Output = Result<RemotingCommand, RpcError>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        this.set_out();
        if let Stage::Exchange { call, moved, silence } = &mut this.stage {
            let request = &this.request;
            let mut polled = call.poll(cx, || request.clone());
            let Poll::Ready(result) = &mut polled else {
                if let Silence::Unbegun = silence {
                    silence.begin(call);
                }
                return Poll::Pending;
            };
            match this.shared.settle(call, *moved, *silence, result) {
                Next::Return => return polled,
                Next::Again => {
                    let (addr, budget) = (call.channel().addr.clone(), *call.budget());
                    let again = this.shared.exchange_again(addr, this.request.clone(), budget);
                    this.stage = Stage::Detour(Box::pin(again));
                }
            }
        }
        match &mut this.stage {
            Stage::Detour(detour) => detour.as_mut().poll(cx),
            Stage::Fresh { .. } | Stage::Exchange { .. } => unreachable!("it has set out and not come back"),
        }
    }
}

impl fmt::Debug for Invoke<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut invoke = f.debug_struct("Invoke");
        if let Stage::Fresh { addr, .. } = &self.stage {
            invoke.field("addr", addr);
        }
        if let Stage::Exchange { call, .. } = &self.stage {
            invoke.field("channel", &call.channel().rpc);
        }
        invoke.finish_non_exhaustive()
    }
}
