use remoting_transport::protocol::RemotingCommand;

use super::{HookContext, RpcHook};
use crate::error::ProcessorError;

/// Marks each request as a stream request: it sets the ext field `ReqT` to `0` (`RequestType.STREAM`). Java:
/// `StreamTypeRPCHook`, which a Java client registers if `enableStreamRequestType` is set.
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
