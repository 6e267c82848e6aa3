//! Hooks around a call of this side. One that panics fails the call, as one that returns an error does.

use remoting_transport::protocol::RemotingCommand;
use remoting_transport::{Address, catch_panic};

use crate::error::ProcessorError;
use crate::error::RpcError;
use crate::extensions::Extensions;
use crate::hook::{HookContext, Hooks};

#[derive(Debug, thiserror::Error)]
#[error("the hook panicked: {0}")]
struct HookPanicked(String);

/// Shows the request to the hooks, before it is sent to `peer`.
pub(crate) fn before_call(
    hooks: &Hooks,
    peer: &Address,
    extensions: &mut Extensions,
    request: &mut RemotingCommand,
) -> Result<(), RpcError> {
    let mut ctx = HookContext::new(peer, extensions);
    ended(catch_panic(|| hooks.before(&mut ctx, request)), peer, false)
}

/// Shows the response of `peer` to the hooks.
pub(crate) fn after_call(
    hooks: &Hooks,
    peer: &Address,
    extensions: &mut Extensions,
    request: &RemotingCommand,
    response: &mut RemotingCommand,
) -> Result<(), RpcError> {
    let mut ctx = HookContext::new(peer, extensions);
    ended(catch_panic(|| hooks.after(&mut ctx, request, Some(response))), peer, true)
}

fn ended(
    result: Result<Result<(), ProcessorError>, String>,
    peer: &Address,
    may_have_been_sent: bool,
) -> Result<(), RpcError> {
    let result = result.unwrap_or_else(|panic| Err(HookPanicked(panic).into()));
    result.map_err(|error| RpcError::Hook {
        addr: peer.clone(),
        cause: error.into_inner().into(),
        may_have_been_sent,
    })
}
