use remoting_transport::protocol::RemotingCommand;

use super::{HookContext, RpcHook};
use crate::error::ProcessorError;

/// Marks each request as one of a stream: the ext field `ReqT` is `0` (`RequestType.STREAM`). Java:
/// `StreamTypeRPCHook`, which a Java client has if `enableStreamRequestType` is set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct StreamTypeHook;

impl RpcHook for StreamTypeHook {
    fn before_request(
        &self,
        _ctx: &mut HookContext<'_>,
        request: &mut RemotingCommand,
    ) -> Result<(), ProcessorError> {
        request.set_ext_field("ReqT", "0")?;
        Ok(())
    }
}
