//! What is logged, and what must not be.

#![expect(clippy::unwrap_used, reason = "a test fails by a panic")]

mod client_support;
#[path = "acl/sides.rs"]
mod sides;

use std::io;
use std::sync::{Arc, LazyLock};

use client_support::{ECHO, TestServer, until};
use parking_lot::Mutex;
use remoting_rpc::acl::{AclClientHook, AclVerifier, SessionCredentials};
use remoting_rpc::testing::ScriptedPeer;
use remoting_rpc::transport::protocol::operation::ContentError;
use remoting_rpc::transport::protocol::{BodyError, RemotingCommand, RequestCode};
use remoting_rpc::{Executor, RemotingServer, Reply};
use sides::*;

/// The log lines of all tests in this program.
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
async fn no_debug_output_log_error_or_response_shows_secrets() {
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
async fn a_callback_that_panics_is_logged_with_its_address_and_affects_no_other() {
    let log = Log::catch();
    let server = TestServer::start("panics").await;
    let client = client_support::client();
    let echo = || client_support::request(ECHO);
    client.invoke_with_callback(&server.addr, echo(), SECOND, |_| panic!("boom"));
    until(|| server.requests() == 1).await;
    client.invoke(&server.addr, echo(), SECOND).await.unwrap();
    client.shutdown().await;
    client_support::nothing_left(&client);
    let line = format!("the callback of a call panicked: boom addr={}", server.addr);
    assert!(log.text().contains(&line), "{}", log.text());
}

#[tokio::test(start_paused = true)]
async fn an_error_of_a_processor_is_logged_with_its_cause_at_a_limited_rate() {
    const FAILS: RequestCode = RequestCode(20_077);
    #[derive(Debug, thiserror::Error)]
    #[error("cannot store the message")]
    struct StoreError(#[source] io::Error);

    let log = Log::catch();
    for (name, executor) in [("inline", Executor::inline()), ("runtime", Executor::runtime(10_000))] {
        let server = RemotingServer::builder()
            .bind(format!("memory:log-errors-{name}"))
            .processor(FAILS, executor, |_ctx, _request| async {
                Err::<Reply, _>(StoreError(io::Error::other("disk full")).into())
            })
            .start()
            .await
            .unwrap();
        let peer = ScriptedPeer::connect(server.local_addr()).await.unwrap();
        for opaque in 0..1_000 {
            peer.send(RemotingCommand::oneway(FAILS).with_opaque(opaque)).await;
        }
        until(|| server.statistics().requests.failed == 1_000).await;
        drop(server);

        let text = log.text();
        let lines: Vec<_> =
            text.lines().filter(|line| line.contains(&format!("memory:log-errors-{name}"))).collect();
        let failures: Vec<_> = lines.iter().filter(|line| line.contains("request failed")).collect();
        assert_eq!(failures.len(), 1_000);
        let warned: Vec<_> = failures.iter().filter(|line| line.contains(" WARN ")).collect();
        assert_eq!(warned.len(), 10, "{warned:#?}");
        for part in ["cannot store the message: disk full", "20077", "opaque=0", "channel=#"] {
            assert!(warned[0].contains(part), "{part} in {}", warned[0]);
        }
    }
    until(|| log.text().contains("requests failed: 990 more in the last")).await;
}

#[tokio::test(start_paused = true)]
async fn a_wrong_checksum_is_logged_with_both_checksums_and_javas_remark_has_none() {
    const WRONG: RequestCode = RequestCode(20_079);
    let log = Log::catch();
    let server = RemotingServer::builder()
        .bind("memory:log-checksum")
        .processor(WRONG, Executor::inline(), |_ctx, _request| async {
            Err::<Reply, _>(ContentError::from(BodyError::checksum(7, 9)).into())
        })
        .start()
        .await
        .unwrap();
    let client = client_support::client();
    let request = RemotingCommand::request(WRONG);
    let response = client.invoke(server.local_addr(), request, SECOND).await.unwrap();
    assert_eq!(response.remark(), Some("crc32 not match"));
    let text = log.text();
    let line = text.lines().find(|line| line.contains("20079")).unwrap();
    for part in [" WARN ", "peer=memory:", "crc32 not match: 7 was sent, the body has 9"] {
        assert!(line.contains(part), "{part} in {line}");
    }
}

#[tokio::test(start_paused = true)]
async fn one_way_requests_that_are_dropped_are_logged_and_counted() {
    const DROPPED: RequestCode = RequestCode(20_078);
    let log = Log::catch();
    let executor = Executor::runtime(1);
    let server = RemotingServer::builder()
        .bind("memory:log-dropped")
        .processor(DROPPED, executor, |_ctx, _request| std::future::pending::<Result<Reply, _>>())
        .start()
        .await
        .unwrap();
    let peer = ScriptedPeer::connect(server.local_addr()).await.unwrap();
    for opaque in 0..100 {
        peer.send(RemotingCommand::oneway(DROPPED).with_opaque(opaque)).await;
    }
    until(|| server.statistics().requests.dropped_oneway == 99).await;
    let text = log.text();
    let dropped = text.lines().filter(|line| {
        line.contains(" WARN ") && line.contains("one-way request dropped: its executor is full")
    });
    assert_eq!(dropped.count(), 10);
}
