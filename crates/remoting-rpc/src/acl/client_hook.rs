use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use arc_swap::ArcSwap;
use remoting_transport::protocol::{HeaderError, RemotingCommand, SerializeType};

use super::{ACCESS_KEY, SECURITY_TOKEN, SIGNATURE, SessionCredentials, signature};
use crate::error::ProcessorError;
use crate::hook::{HookContext, RpcHook};

/// Signs each request that a client sends. Java: `AclClientRPCHook`.
///
/// Register it after all hooks that change requests. The server refuses fields that were added after signing. (Java registers
/// its zone hook after the user's hooks, so a Java client in a zone is refused.)
///
/// A request with a ROCKETMQ header loses ext fields with empty values. That header cannot distinguish them from absent
/// fields, and a Java server would read them as the text `null` when it checks the signature.
///
/// A request whose body is not in memory, such as a file region, is refused with [`UnsignableBody`].
///
/// Like any hook, it also runs before this side's own processors, on requests of the peer. It has no effect there.
///
/// A clone is the same hook. Keep one to [replace the credentials](Self::replace_credentials) of a client.
#[derive(Clone)]
pub struct AclClientHook {
    credentials: Arc<ArcSwap<SessionCredentials>>,
}

impl AclClientHook {
    /// Creates a hook that signs with `credentials`.
    #[must_use]
    pub fn new(credentials: SessionCredentials) -> Self {
        Self { credentials: Arc::new(ArcSwap::from_pointee(credentials)) }
    }

    /// Replaces the credentials, for example when temporary ones are about to expire.
    pub fn replace_credentials(&self, credentials: SessionCredentials) {
        self.credentials.store(Arc::new(credentials));
    }
}

/// The error for a body that cannot be signed because it is not in memory. Send its bytes instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a request cannot be signed whose body of {length} bytes is not in memory")]
pub struct UnsignableBody {
    /// The length of the body in bytes.
    pub length: usize,
}

impl RpcHook for AclClientHook {
    fn before_request(
        &self,
        _ctx: &mut HookContext<'_>,
        request: &mut RemotingCommand,
    ) -> Result<(), ProcessorError> {
        if let Some(body) = request.external_body() {
            return Err(UnsignableBody { length: body.len() }.into());
        }
        let credentials = self.credentials.load();
        if request.serialize_type() == SerializeType::RocketMq {
            drop_empty_fields(request)?;
        }
        request.set_ext_field(ACCESS_KEY, credentials.access_key())?;
        if let Some(token) = credentials.security_token() {
            request.set_ext_field(SECURITY_TOKEN, token.expose())?;
        }
        let signature = signature::sign(request, credentials.secret_key())?;
        request.set_ext_field(SIGNATURE, &signature)?;
        Ok(())
    }
}

fn drop_empty_fields(request: &mut RemotingCommand) -> Result<(), HeaderError> {
    let Some(fields) = request.ext_fields() else { return Ok(()) };
    if fields.iter().all(|(_, value)| !value.is_empty()) {
        return Ok(());
    }
    let mut kept: BTreeMap<_, _> =
        fields.iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
    kept.retain(|_, value| !value.is_empty());
    request.set_ext_fields(None);
    request.set_header(&kept)
}

impl fmt::Debug for AclClientHook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AclClientHook").field("credentials", &self.credentials.load()).finish()
    }
}
