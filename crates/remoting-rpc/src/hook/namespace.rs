use remoting_transport::protocol::RemotingCommand;

use super::{HookContext, RpcHook};
use crate::error::ProcessorError;

/// Adds the namespace of topics and groups to each request. Java: `NamespaceRpcHook`, with `namespaceV2` of the client's
/// configuration.
///
/// It sets the ext field `nsd` to `true` and `ns` to the namespace, in requests that have ext fields. Java does this if the
/// class of the header extends `RpcRequestHeader`; other headers ignore the two fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamespaceHook {
    namespace: String,
}

impl NamespaceHook {
    /// Creates a hook for `namespace`. An empty namespace disables it.
    #[must_use]
    pub fn new(namespace: impl Into<String>) -> Self {
        Self { namespace: namespace.into() }
    }
}

impl RpcHook for NamespaceHook {
    fn before_request(
        &self,
        _ctx: &mut HookContext<'_>,
        request: &mut RemotingCommand,
    ) -> Result<(), ProcessorError> {
        let has_header = request.ext_fields().is_some_and(|fields| !fields.is_empty());
        if has_header && !self.namespace.is_empty() {
            request.set_ext_field("nsd", "true")?;
            request.set_ext_field("ns", &self.namespace)?;
        }
        Ok(())
    }
}
