//! A call that moves to a fresh channel keeps its deadline.

#![expect(clippy::unwrap_used, reason = "a test fails by a panic")]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use remoting_rpc::transport::protocol::{RemotingCommand, RequestCode};
use remoting_rpc::transport::{Address, Connection, PrologueFuture, PrologueStep, Verdict, WaterMark};
use remoting_rpc::{CallPhase, ClientConfig, Executor, RemotingClient, RemotingServer, RpcError};
use tokio::io::AsyncReadExt;
use tokio::time::Instant;

const CODE: RequestCode = RequestCode(31_001);
const HOUR: Duration = Duration::from_secs(3600);
const TWO_TICKS: Duration = Duration::from_millis(20);

/// When the first connection is read.
const LATE: Duration = Duration::from_millis(500);
/// The number of bytes that may be queued.
const HIGH: usize = 200_000;

/// The first connection is accepted, read after [`LATE`], and gets no response.
#[derive(Debug, Default)]
struct ReadsNothingAtFirst(AtomicBool);

impl PrologueStep for ReadsNothingAtFirst {
    fn name(&self) -> &'static str {
        "reads nothing at first"
    }

    fn deadline(&self) -> Duration {
        HOUR
    }

    fn run(&self, mut connection: Connection) -> PrologueFuture<'_> {
        Box::pin(async move {
            if !self.0.swap(true, Ordering::SeqCst) {
                tokio::time::sleep(LATE).await;
                // A part of the queue, so that there is capacity again before the channel has ended.
                connection.stream.read_exact(&mut [0; HIGH / 2]).await.unwrap();
                std::future::pending::<()>().await;
            }
            Ok(Verdict::Continue(connection))
        })
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_moved_by_the_idle_time_while_it_waits_for_capacity_has_its_remaining_time() {
    let begun = Arc::new(AtomicBool::new(false));
    let begins = Arc::clone(&begun);
    let never = move |_, _: RemotingCommand| {
        begins.store(true, Ordering::SeqCst);
        std::future::pending::<Result<RemotingCommand, _>>()
    };
    let server = RemotingServer::builder()
        .bind(Address::memory("moved-calls"))
        .prologue_step(ReadsNothingAtFirst::default())
        .default_processor(Executor::inline(), never);
    let server = server.start().await.unwrap();
    let config = ClientConfig::new()
        .water_mark(WaterMark::new(HIGH / 2, HIGH).unwrap())
        .max_idle(LATE * 2 / 5)
        .shutdown_timeout(Duration::ZERO);
    let client = RemotingClient::builder().config(config).build().unwrap();

    assert!(client.is_address_reachable(server.local_addr(), HOUR).await);
    let channel = client.channel(server.local_addr()).unwrap().channel().clone();
    let filler = RemotingCommand::oneway(CODE).with_body(vec![0; 1_000]);
    for _ in 0..5 {
        while channel.try_send(filler.clone()).is_ok() {}
        tokio::time::sleep(Duration::from_millis(1)).await; // the connection takes a part of it
    }

    let request = RemotingCommand::request(CODE).with_body(vec![0; 1_000]);
    let (timeout, began) = (Duration::from_secs(2), Instant::now());
    let call = client.invoke(server.local_addr(), request, timeout);
    let (result, moved_after) = tokio::join!(call, async {
        while !begun.load(Ordering::SeqCst) && began.elapsed() < timeout {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        began.elapsed()
    });
    assert!(moved_after > TWO_TICKS && moved_after < timeout, "it moved after {moved_after:?}");
    let error = result.unwrap_err();
    assert!(matches!(error, RpcError::Timeout { phase: CallPhase::Response, .. }), "{error}");
    let took = began.elapsed();
    assert!(took >= timeout && took <= timeout + TWO_TICKS, "it ended after {took:?}");
    client.shutdown().await;
    server.shutdown().await;
}
