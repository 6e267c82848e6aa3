use std::collections::HashMap;
use std::hash::BuildHasher;

use remoting_transport::Secret;

/// Provides the secret keys of clients to a server.
///
/// Closures `Fn(&str) -> Option<Secret>` and maps from access key to secret key are providers.
pub trait AccessKeyProvider: Send + Sync + 'static {
    /// Returns the secret key of `access_key`, or `None` if the user does not exist or is locked.
    ///
    /// It is called for each signed request, in the executor of the processor, so it must not block: keep the keys in memory.
    /// It should take the same time for known and unknown users, because a peer can measure the difference. The peer chooses
    /// `access_key`, which can have any length.
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
