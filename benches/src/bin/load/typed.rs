//! Typical additions of an application to an echo: a typed header and a hook.

use std::hint::black_box;
use std::sync::atomic::{AtomicU64, Ordering};

use remoting::prelude::*;
use remoting_benches::send_message::SendMessageRequestHeaderV2;

/// Reads the typed header of a request.
pub(crate) fn read(request: &RemotingCommand) -> Result<(), ProcessorError> {
    black_box(request.header::<SendMessageRequestHeaderV2<'_>>()?);
    Ok(())
}

/// Counts requests and responses.
#[derive(Debug, Default)]
pub(crate) struct CountingHook {
    requests: AtomicU64,
    responses: AtomicU64,
}

impl RpcHook for CountingHook {
    fn before_request(&self, _: &mut HookContext<'_>, _: &mut RemotingCommand) -> Result<(), ProcessorError> {
        self.requests.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    fn after_response(
        &self,
        _: &mut HookContext<'_>,
        _: &RemotingCommand,
        response: Option<&mut RemotingCommand>,
    ) -> Result<(), ProcessorError> {
        if response.is_some() {
            self.responses.fetch_add(1, Ordering::Relaxed);
        }
        Ok(())
    }
}
