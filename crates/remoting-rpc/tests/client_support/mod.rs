//! Shared by the client's tests: servers with known behaviour at in-memory addresses.
#![allow(dead_code, unreachable_pub, unused_imports, reason = "each test program uses its own part")]
#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

#[path = "../deadline/mod.rs"]
mod deadline;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use remoting_rpc::transport::protocol::{RemotingCommand, RequestCode, ResponseCode};
use remoting_rpc::transport::{Address, Connection, PrologueFuture, PrologueStep, Verdict};
use remoting_rpc::{
    ClientConfig, ClientStatistics, Executor, RemotingClient, RemotingServer, RequestContext,
};

pub use self::deadline::*;

/// The response has the body of the request.
pub const ECHO: RequestCode = RequestCode(1001);
/// No response.
pub const SILENT: RequestCode = RequestCode(1002);
/// A response after a second.
pub const SLOW: RequestCode = RequestCode(1003);
/// `GO_AWAY` while the server's flag is set, otherwise like [`ECHO`].
pub const MOVABLE: RequestCode = RequestCode(1004);

pub const SECOND: Duration = Duration::from_secs(1);
/// The time-out of real work (sockets, threads) in a test that is not about time. Long enough for a busy
/// machine.
pub const HOUR: Duration = Duration::from_secs(3600);

/// Returns an in-memory address that no other test uses.
pub fn address(name: &str) -> Address {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    Address::memory(format!("{name}-{}", NEXT.fetch_add(1, Ordering::Relaxed)))
}

/// A server that responds to the codes above, and its counters.
pub struct TestServer {
    pub server: RemotingServer,
    pub addr: Address,
    pub going_away: Arc<AtomicBool>,
    pub requests: Arc<AtomicUsize>,
}

impl TestServer {
    pub async fn start(name: &str) -> Self {
        Self::start_at(address(name)).await
    }

    pub async fn start_at(addr: Address) -> Self {
        let going_away = Arc::new(AtomicBool::new(false));
        let requests = Arc::new(AtomicUsize::new(0));
        let (flag, counter) = (Arc::clone(&going_away), Arc::clone(&requests));
        let server = RemotingServer::builder()
            .bind(&addr)
            .default_processor(Executor::inline(), move |_: RequestContext, request: RemotingCommand| {
                counter.fetch_add(1, Ordering::SeqCst);
                let going_away = flag.load(Ordering::SeqCst);
                async move {
                    match request.request_code() {
                        SILENT => std::future::pending().await,
                        SLOW => tokio::time::sleep(SECOND).await,
                        MOVABLE if going_away => {
                            return Ok(RemotingCommand::response_to(&request, ResponseCode::GO_AWAY));
                        }
                        _ => {}
                    }
                    let response = RemotingCommand::response_to(&request, ResponseCode::SUCCESS);
                    Ok(response.with_body(request.into_body()))
                }
            })
            .start()
            .await
            .unwrap();
        let addr = server.local_addr().clone();
        Self { server, addr, going_away, requests }
    }

    pub fn go_away(&self, going_away: bool) {
        self.going_away.store(going_away, Ordering::SeqCst);
    }

    /// Returns how many requests have arrived.
    pub fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }

    /// Returns how many connections were accepted.
    pub fn accepted(&self) -> u64 {
        self.server.listener_statistics().accepted()
    }
}

/// Returns a client without the name server probe.
pub fn client() -> RemotingClient {
    client_with(ClientConfig::new())
}

/// Returns a [`client`] with other settings.
pub fn client_with(config: ClientConfig) -> RemotingClient {
    RemotingClient::builder().config(config.scan_available_name_servers(false)).build().unwrap()
}

pub fn request(code: RequestCode) -> RemotingCommand {
    RemotingCommand::request(code)
}

/// A prologue step that never ends.
#[derive(Debug)]
pub struct BlackHole(pub Address);

impl PrologueStep for BlackHole {
    fn name(&self) -> &'static str {
        "black hole"
    }

    fn deadline(&self) -> Duration {
        Duration::from_secs(3600)
    }

    fn run<'a>(&'a self, connection: Connection) -> PrologueFuture<'a> {
        Box::pin(async move {
            if connection.peer == self.0 {
                std::future::pending::<()>().await;
            }
            Ok(Verdict::Continue(connection))
        })
    }
}

/// A prologue step that takes this long.
#[derive(Debug)]
pub struct Slow(pub Duration);

impl PrologueStep for Slow {
    fn name(&self) -> &'static str {
        "slow"
    }

    fn deadline(&self) -> Duration {
        Duration::from_secs(3600)
    }

    fn run<'a>(&'a self, connection: Connection) -> PrologueFuture<'a> {
        Box::pin(async move {
            tokio::time::sleep(self.0).await;
            Ok(Verdict::Continue(connection))
        })
    }
}

pub fn nothing_left(client: &RemotingClient) {
    assert_eq!(client.statistics(), ClientStatistics::default());
}
