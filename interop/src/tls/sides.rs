//! What a case asks of a server and of a client, whoever made them.

use std::net::SocketAddr;
use std::path::Path;

use super::certificates::Identity;

/// One server at a time.
pub(super) trait ServerSide {
    /// Whether a request in plaintext is executed though its client is refused.
    fn executes_what_it_refuses(&self) -> bool {
        false
    }

    /// Starts a server in this mode; the rest of its settings is in the file.
    async fn start(&mut self, mode: &'static str, properties: &Path) -> anyhow::Result<SocketAddr>;

    /// Loads the files again, for connections to come.
    async fn reload(&mut self) -> anyhow::Result<()>;

    /// How many requests the server has executed.
    async fn executed(&mut self) -> anyhow::Result<usize>;

    async fn stop(&mut self) -> anyhow::Result<()>;
}

/// Any number of clients, known by their names.
pub(super) trait ClientSide {
    /// Whether a client demands that the certificate is made out for the host it dials.
    const VERIFIES_HOST_NAMES: bool;
    /// Whether a client shows its certificate though none of the authorities that the server names has signed it.
    const SHOWS_ANY_CERTIFICATE: bool;

    /// Why a client cannot have this certificate, if it cannot.
    fn cannot_have(&self, identity: Identity) -> Option<&'static str>;

    /// Makes a client; what had its name before is forgotten.
    async fn open(&mut self, name: &'static str, tls: bool, properties: &Path) -> anyhow::Result<()>;

    /// Calls, over the connection that there is or a new one. An error of the suite itself, such as a driver that is
    /// gone, is the outer one.
    async fn call(&mut self, name: &'static str, addr: SocketAddr) -> anyhow::Result<Result<(), CallFailed>>;
}

/// A call that did not end with the answer.
#[derive(Debug)]
pub(super) struct CallFailed {
    /// Whether it ended only because its time did.
    pub(super) timed_out: bool,
    pub(super) why: String,
}
