use std::collections::HashMap;
use std::hash::BuildHasher;

use remoting_transport::Secret;

/// Where a server finds the secret keys of its clients.
///
/// Closures `Fn(&str) -> Option<Secret>` are providers, and so are maps from access key to secret key.
pub trait AccessKeyProvider: Send + Sync + 'static {
    /// The secret key of `access_key`; `None` if there is no such user, or if it may not enter now.
    ///
    /// Called for each signed request in the executor of its processor, so it must not block: keep the keys in
    /// memory. Nor should it take noticeably longer for a known user than for an unknown one, since the peer can
    /// measure that. `access_key` is what the peer sent, of any length.
    fn lookup(&self, access_key: &str) -> Option<Secret>;
}

impl<F: Fn(&str) -> Option<Secret> + Send + Sync + 'static> AccessKeyProvider for F {
    fn lookup(&self, access_key: &str) -> Option<Secret> {
        self(access_key)
    }
}

impl<S: BuildHasher + Send + Sync + 'static> AccessKeyProvider for HashMap<String, Secret, S> {
    fn lookup(&self, access_key: &str) -> Option<Secret> {
        self.get(access_key).cloned()
    }
}
