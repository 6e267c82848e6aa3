//! Panics of methods and of what surrounds them.

use std::sync::LazyLock;
use std::time::Duration;

use http::Extensions;
use remoting_rpc::transport::LogLimiter;
use tokio::time::Instant;

use crate::call::{ConnectionInfo, RequestHead};
use crate::status::Status;

/// Logs a panic and returns the status of its call, like a server over remoting: with the text of the panic, unless the
/// server withholds the texts of errors.
#[cold]
pub(super) fn panicked(extensions: Option<&Extensions>, panic: &str) -> Status {
    let connection = extensions.and_then(Extensions::get::<ConnectionInfo>);
    let head = extensions.and_then(Extensions::get::<RequestHead>);
    log(connection, head, panic);
    if connection.is_some_and(ConnectionInfo::withholds_errors) {
        Status::unknown("internal error")
    } else {
        Status::unknown(format!("request processor panicked: {panic}"))
    }
}

/// A caller may cause many panics, so at most ten are logged in ten seconds.
fn log(connection: Option<&ConnectionInfo>, head: Option<&RequestHead>, panic: &str) {
    static PANICS: LazyLock<LogLimiter> = LazyLock::new(|| LogLimiter::new(10, Duration::from_secs(10)));
    let admission = PANICS.admit(Instant::now().into_std());
    if let Some(suppressed) = admission.suppressed {
        tracing::error!("... and methods of services panicked: {suppressed}");
    }
    let peer = connection.map(|connection| tracing::field::display(connection.peer_addr()));
    let path = head.map(RequestHead::path);
    if admission.line {
        tracing::error!(peer, path, "a method of a service panicked: {panic}");
    } else {
        tracing::debug!(peer, path, "a method of a service panicked: {panic}");
    }
}
