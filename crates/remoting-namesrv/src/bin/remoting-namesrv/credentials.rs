//! The keys of signed requests.

use std::collections::HashMap;
use std::path::Path;

use anyhow::Context as _;
use remoting::acl::AclVerifier;
use remoting::protocol::properties::{Charset, entries};
use remoting::transport::Secret;

/// Reads a properties file whose keys are access keys, and whose values are secret keys.
pub(crate) fn verifier(path: &Path) -> anyhow::Result<AclVerifier> {
    let file = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut keys = HashMap::new();
    for entry in entries(&file) {
        let (mut access_key, mut secret_key) =
            (String::new(), String::with_capacity(entry.value().max_len()));
        let read = entry
            .key()
            .read(Charset::Utf8, &mut access_key)
            .and_then(|()| entry.value().read(Charset::Utf8, &mut secret_key));
        read.with_context(|| format!("cannot read {}", path.display()))?;
        keys.insert(access_key, Secret::from(secret_key));
    }
    Ok(AclVerifier::new(keys))
}
