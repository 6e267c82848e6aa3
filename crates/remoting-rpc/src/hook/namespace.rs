use remoting_transport::protocol::RemotingCommand;

use super::{HookContext, RpcHook};
use crate::error::ProcessorError;

/// Tells in each request the namespace that its topics and groups are meant in. Java: `NamespaceRpcHook`, with the
/// `namespaceV2` of the client's configuration.
///
/// It sets the ext fields `nsd` to `true` and `ns` to the namespace, in requests that have ext fields. Java does so
/// where the header's class extends `RpcRequestHeader`; the headers of other classes ignore the two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamespaceHook {
    namespace: String,
}

impl NamespaceHook {
    /// The namespace. With an empty one the hook does nothing.
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
