//! The hook of our servers: marks requests and responses, aborts some and fails on others.

use remoting::protocol::{RemotingCommand, ResponseCode};
use remoting::{HookContext, ProcessorError, Refusal, RpcHook};

use crate::contract::{DENIED, DENIED_CODE, HOOK_FAILURE, HOOKED};

pub(super) struct ServerHook;

impl RpcHook for ServerHook {
    fn before_request(
        &self,
        _ctx: &mut HookContext<'_>,
        request: &mut RemotingCommand,
    ) -> Result<(), ProcessorError> {
        if request.request_code() != HOOKED {
            return Ok(());
        }
        if request.ext_field("abort").is_some() {
            return Err(Refusal::new(ResponseCode(DENIED_CODE), DENIED).into());
        }
        if request.ext_field("break").is_some() {
            return Err(ProcessorError::new(HOOK_FAILURE));
        }
        request.set_ext_field("server-before", "1")?;
        Ok(())
    }

    fn after_response(
        &self,
        _ctx: &mut HookContext<'_>,
        request: &RemotingCommand,
        response: Option<&mut RemotingCommand>,
    ) -> Result<(), ProcessorError> {
        if let Some(response) = response
            && request.request_code() == HOOKED
        {
            response.set_ext_field("server-after", "1")?;
        }
        Ok(())
    }
}
