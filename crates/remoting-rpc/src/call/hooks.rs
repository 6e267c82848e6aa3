//! The hooks around calls of this side. A hook that panics fails the call like a hook that returns an error.

use std::sync::Arc;

use remoting_transport::protocol::RemotingCommand;
use remoting_transport::{Address, catch_panic};

use crate::error::{ProcessorError, RpcError};
use crate::extensions::Extensions;
use crate::hook::{HookContext, HookList, Hooks};

/// The hooks of one call. They see its request and its response once, however many channels or servers the
/// call takes.
#[derive(Default)]
pub(crate) struct CallHooks {
    hooks: Option<Arc<Hooks>>,
    /// The data that the hooks pass from request to response.
    extensions: Extensions,
}

#[derive(Debug, thiserror::Error)]
#[error("the hook panicked: {0}")]
struct HookPanicked(String);

impl CallHooks {
    /// Runs the hooks on a request, before it is sent to `peer`. For a one-way call this is all.
    pub(crate) fn before(
        hooks: &HookList,
        peer: &Address,
        request: &mut RemotingCommand,
    ) -> Result<Self, RpcError> {
        let mut call = Self { hooks: hooks.snapshot(), extensions: Extensions::new() };
        if let Some(hooks) = &call.hooks {
            let mut ctx = HookContext::new(peer, &mut call.extensions);
            match catch_panic(|| hooks.before(&mut ctx, request)) {
                Ok(Ok(())) => {}
                Ok(Err(error)) => return Err(failed(error, peer, false)),
                Err(panic) => return Err(failed(HookPanicked(panic).into(), peer, false)),
            }
        }
        Ok(call)
    }

    #[inline]
    pub(crate) const fn is_empty(&self) -> bool {
        self.hooks.is_none()
    }

    /// Runs the hooks on the response of `peer`.
    pub(crate) fn after(
        &mut self,
        peer: &Address,
        request: &RemotingCommand,
        response: &mut RemotingCommand,
    ) -> Result<(), RpcError> {
        let Some(hooks) = &self.hooks else { return Ok(()) };
        let mut ctx = HookContext::new(peer, &mut self.extensions);
        match catch_panic(|| hooks.after(&mut ctx, request, Some(response))) {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(failed(error, peer, true)),
            Err(panic) => Err(failed(HookPanicked(panic).into(), peer, true)),
        }
    }
}

#[cold]
fn failed(error: ProcessorError, peer: &Address, may_have_been_sent: bool) -> RpcError {
    RpcError::Hook { addr: peer.clone(), cause: error.into_inner().into(), may_have_been_sent }
}
