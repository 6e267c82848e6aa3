//! What is logged, and what never is.

#![expect(clippy::unwrap_used, reason = "a test fails by a panic")]

mod client_support;
#[path = "acl/sides.rs"]
mod sides;

use std::io;
use std::sync::{Arc, LazyLock};

use client_support::{ECHO, TestServer, until};
use parking_lot::Mutex;
use remoting_rpc::acl::{AclClientHook, AclVerifier, SessionCredentials};
use sides::*;

/// What all tests of this program have logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    /// Every test here begins with this. Whoever is the first to reach a line that logs is asked whether it is wanted, for
    /// all threads; so all of them have the same subscriber, and have it from their beginning.
    fn catch() -> Self {
        static LOG: LazyLock<Log> = LazyLock::new(|| {
            let log = Log::default();
            let writer = log.clone();
            let subscriber = tracing_subscriber::fmt()
                .with_max_level(tracing::Level::TRACE)
                .with_ansi(false)
                .with_writer(move || writer.clone())
                .finish();
            tracing::subscriber::set_global_default(subscriber).unwrap();
            log
        });
        LOG.clone()
    }

    fn text(&self) -> String {
        String::from_utf8(self.0.lock().clone()).unwrap()
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn secrets_show_in_no_debug_output_log_error_or_answer() {
    let log = Log::catch();
    let server = serve("secrets", AclVerifier::new(keys())).await;
    let credentials = alice().with_security_token(TOKEN);
    let hook = AclClientHook::new(credentials.clone());
    let request = signed(credentials.clone(), request());
    let signature = request.ext_field("Signature").unwrap().to_owned();
    let mut shown = format!("{credentials:?} {hook:?} {request:?} {:?} {server:?}", AclVerifier::new(keys()));

    for client in [client(credentials), client(SessionCredentials::new("alice", "barley").unwrap())] {
        let response = client.invoke(server.local_addr(), request.clone(), SECOND).await.unwrap();
        shown += &format!("{client:?} {}", response.remark().unwrap_or_default());
    }
    client(alice()).invoke("memory:acl-nobody-here", request, SECOND).await.unwrap_err();
    shown += &log.text();

    assert!(shown.contains("wrong signature"), "the log was caught");
    for secret in [SECRET, TOKEN, "barley", &signature] {
        assert!(!shown.contains(secret), "{secret:?} in {shown}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_callback_that_panics_is_told_of_with_its_address_and_ends_alone() {
    let log = Log::catch();
    let server = TestServer::start("panics").await;
    let client = client_support::client();
    let echo = || client_support::request(ECHO);
    client.invoke_with_callback(&server.addr, echo(), SECOND, |_| panic!("boom"));
    until(|| server.requests() == 1).await;
    client.invoke(&server.addr, echo(), SECOND).await.unwrap();
    client.shutdown().await;
    client_support::nothing_left(&client);
    let told = format!("the callback of a call panicked: boom addr={}", server.addr);
    assert!(log.text().contains(&told), "{}", log.text());
}
