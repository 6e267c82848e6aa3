//! Layers of tower around calls and processors. A broker that is too busy at
//! first, a proxy that forwards to it and repeats what was refused, and a limit
//! for each client of the proxy.
//!
//! cargo run --example tower --features tower

use std::error::Error;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use remoting::prelude::*;
use remoting::tower::{
    DeadlineLayer, PeerConcurrencyLimitLayer, RetryPolicy, ServiceProcessor,
};
use tower::ServiceBuilder;
use tower::retry::RetryLayer;

const GREET: RequestCode = RequestCode(20_001);

static REQUESTS: AtomicU32 = AtomicU32::new(0);

/// Refuses its first two requests.
async fn greet(
    _ctx: RequestContext,
    request: RemotingCommand,
) -> Result<RemotingCommand, ProcessorError> {
    let number = REQUESTS.fetch_add(1, Ordering::Relaxed) + 1;
    println!("broker: request {number}");
    if number <= 2 {
        return Err(Refusal::new(ResponseCode::SYSTEM_BUSY, "too busy").into());
    }
    let response =
        RemotingCommand::response_to(&request, ResponseCode::SUCCESS);
    Ok(response.with_body("hello"))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let broker = RemotingServer::builder()
        .bind("127.0.0.1:0")
        .processor(GREET, Executor::inline(), greet)
        .start()
        .await?;

    let to_broker = RemotingClient::builder().build()?;
    let target = to_broker.to(broker.local_addr());
    let forward = ServiceBuilder::new()
        .layer(DeadlineLayer::new(Duration::from_secs(2)))
        .layer(RetryLayer::new(RetryPolicy::new()))
        .service(target.into_service());
    let proxy = RemotingServer::builder()
        .bind("127.0.0.1:0")
        .layer(PeerConcurrencyLimitLayer::new(16))
        .default_processor(
            Executor::runtime(256),
            ServiceProcessor::new(forward),
        )
        .start()
        .await?;

    let client = RemotingClient::builder().build()?;
    let call = client.to(proxy.local_addr());
    let response = call.invoke(RemotingCommand::request(GREET)).await?;
    println!("client: {}", String::from_utf8_lossy(response.body()));
    assert_eq!(response.body(), b"hello");

    client.shutdown().await;
    proxy.shutdown().await;
    to_broker.shutdown().await;
    broker.shutdown().await;
    Ok(())
}
