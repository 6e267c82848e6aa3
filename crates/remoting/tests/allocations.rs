//! How many allocations one call costs, on both sides together. The numbers are exact: a change that moves one is
//! a change to notice.
#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

use std::time::Duration;

use allocation_counter::measure;
use remoting::prelude::*;
use tokio::runtime::{Builder, Runtime};

const ECHO: RequestCode = RequestCode(1001);
const CALLS: u64 = 100;
/// The labels of the latency histogram, two of them in lower case.
const METRICS: u64 = if cfg!(feature = "metrics") { 3 } else { 0 };

/// The request at the server and the response at the client, each copied out of a read buffer into one allocation, so
/// that neither keeps that buffer alive.
const COPIES: u64 = 2;

/// Everything on one thread, where the counter counts.
struct Pair {
    runtime: Runtime,
    server: RemotingServer,
    client: RemotingClient,
}

impl Pair {
    fn new() -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let (server, client) = runtime.block_on(async {
            let server = RemotingServer::builder()
                .bind("127.0.0.1:0")
                .processor(ECHO, Executor::inline(), |_, request: RemotingCommand| async move {
                    Ok(RemotingCommand::response_to(&request, ResponseCode::SUCCESS)
                        .with_body(request.into_body()))
                })
                .start()
                .await
                .unwrap();
            (server, RemotingClient::builder().build().unwrap())
        });
        Self { runtime, server, client }
    }

    /// One call after the other.
    fn call(&self, calls: u64, serialize_type: SerializeType) {
        self.runtime.block_on(async {
            for _ in 0..calls {
                let request = RemotingCommand::request(ECHO)
                    .with_serialize_type(serialize_type)
                    .with_body(&b"what is sent back"[..]);
                let response = self.client.invoke(self.server.local_addr(), request, Duration::from_secs(5));
                assert_eq!(response.await.unwrap().body(), b"what is sent back");
            }
        });
    }
}

/// Allocations of one call, once all that happens but once has happened.
fn allocations_of_one_call(serialize_type: SerializeType) -> u64 {
    let pair = Pair::new();
    pair.call(CALLS, serialize_type);
    let total = measure(|| pair.call(CALLS, serialize_type)).count_total;
    // Read buffers are renewed now and then, which comes to a fraction of an allocation for each call.
    total / CALLS
}

#[test]
fn a_call_in_the_binary_encoding() {
    assert_eq!(allocations_of_one_call(SerializeType::RocketMq), COPIES + METRICS);
}

#[test]
fn a_call_in_json() {
    assert_eq!(allocations_of_one_call(SerializeType::Json), COPIES + METRICS);
}
