//! How many allocations one call costs, on both sides together. The numbers are exact: a change that moves one is
//! a change to notice.
#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

use std::sync::Arc;
use std::time::Duration;

use allocation_counter::measure;
use remoting::operation::CommandHeader;
use remoting::prelude::*;
use remoting::protocol::bytes::Bytes;
use serde::{Deserialize, Serialize};
use tokio::runtime::{Builder, Runtime};

const ECHO: RequestCode = RequestCode(1001);
const ECHO_TOPIC: RequestCode = RequestCode(1002);
const CALLS: u64 = 100;
/// The labels of the latency histogram, two of them in lower case.
const METRICS: u64 = if cfg!(feature = "metrics") { 3 } else { 0 };

/// The request at the server and the response at the client, each copied out of a read buffer into one allocation, so
/// that neither keeps that buffer alive.
const COPIES: u64 = 2;

#[derive(Debug, Clone, Serialize, Deserialize)]
struct TopicHeader {
    topic: String,
}
impl CommandHeader for TopicHeader {}

/// The same fields without a string of their own.
#[derive(Serialize)]
struct BorrowedHeader<'a> {
    topic: &'a str,
}

operation! {
    /// The response has the header and the body of the request.
    EchoTopic = RequestCode(1003), { header: TopicHeader, body: Bytes } -> { header: TopicHeader, body: Bytes }
}

struct Echoer;

impl Echoer {
    async fn echo(&self, request: Request<EchoTopic>) -> Result<(TopicHeader, Bytes), ProcessorError> {
        let EchoTopic { header, body } = request.into_operation();
        Ok((header, body))
    }
}

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
                .processor(ECHO_TOPIC, Executor::inline(), |_, request: RemotingCommand| async move {
                    let header = BorrowedHeader { topic: request.ext_field("topic").unwrap_or_default() };
                    Ok(RemotingCommand::response_to(&request, ResponseCode::SUCCESS)
                        .with_header(&header)?
                        .with_body(request.into_body()))
                })
                .processors(
                    ProcessorSet::with_state(Arc::new(Echoer)).handle(Executor::inline(), Echoer::echo),
                )
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

/// Calls with a header and a body, untyped and typed.
impl Pair {
    fn call_untyped(&self, calls: u64) {
        let target = self.client.to(self.server.local_addr()).timeout(Duration::from_secs(5));
        self.runtime.block_on(async {
            for _ in 0..calls {
                let request = RemotingCommand::request(ECHO_TOPIC)
                    .with_header(&BorrowedHeader { topic: "orders" })
                    .unwrap()
                    .with_body(&b"what is sent back"[..]);
                let response = target.invoke(request).into_success().await.unwrap();
                assert_eq!(
                    (response.ext_field("topic"), response.body()),
                    (Some("orders"), &b"what is sent back"[..])
                );
            }
        });
    }

    fn call_typed(&self, calls: u64) {
        let target = self.client.to(self.server.local_addr()).timeout(Duration::from_secs(5));
        self.runtime.block_on(async {
            for _ in 0..calls {
                let header = TopicHeader { topic: "orders".to_owned() };
                let body = Bytes::from_static(b"what is sent back");
                let (header, body) = target.call(EchoTopic { header, body }).await.unwrap();
                assert_eq!((&*header.topic, &*body), ("orders", &b"what is sent back"[..]));
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

/// The topic as a string: the caller's, the handler's and that of the response.
const STRINGS: u64 = 3;
/// The handler and the caller have a command and its body, which share a buffer.
const SHARED_BUFFERS: u64 = 2;

#[test]
fn a_typed_call_and_its_handler_cost_the_strings_of_the_headers_and_handles_to_bytes() {
    let pair = Pair::new();
    let [untyped, typed] = [Pair::call_untyped, Pair::call_typed].map(|call| {
        call(&pair, CALLS);
        measure(|| call(&pair, CALLS)).count_total / CALLS
    });
    assert_eq!(typed, untyped + STRINGS + SHARED_BUFFERS, "untyped: {untyped}");
}
