//! A client and its unit tests, which need no broker and no sleep.
//!
//! cargo test -p remoting --example unit_test
//! cargo run --example unit_test

use std::error::Error;

use remoting::prelude::*;

const ORDER: RequestCode = RequestCode(20_001);

/// Sends an order. It repeats it once if the broker was too busy to accept it,
/// or if the order was certainly not sent.
async fn order(broker: &Target, goods: &str) -> Result<String, RpcError> {
    let request = RemotingCommand::request(ORDER).with_body(goods.to_owned());
    let first = broker.invoke(request.clone()).into_success().await;
    let response = match first {
        Err(error) if may_repeat(&error) => {
            broker.invoke(request).into_success().await?
        }
        first => first?,
    };
    Ok(String::from_utf8_lossy(response.body()).into_owned())
}

fn may_repeat(error: &RpcError) -> bool {
    match error.response() {
        Some(response) => response.code() == ResponseCode::SYSTEM_BUSY,
        None => !error.may_have_been_sent(),
    }
}

/// The broker's side.
async fn accept(
    _ctx: RequestContext,
    request: RemotingCommand,
) -> Result<RemotingCommand, ProcessorError> {
    let goods = String::from_utf8(request.body().to_vec())?;
    let response =
        RemotingCommand::response_to(&request, ResponseCode::SUCCESS);
    Ok(response.with_body(format!("accepted: {goods}")))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let broker = RemotingServer::builder()
        .bind("127.0.0.1:0")
        .processor(ORDER, Executor::runtime(64), accept)
        .start()
        .await?;
    let client = RemotingClient::builder().build()?;
    let target = client.to(broker.local_addr());
    println!("{}", order(&target, "ten barrels of oil").await?);
    println!("now run: cargo test -p remoting --example unit_test");
    client.shutdown().await;
    broker.shutdown().await;
    Ok(())
}

#[cfg(test)]
mod tests {
    use remoting::testing::{
        MemoryNetwork, PeerListener, ScriptedPeer, ok, request,
    };

    use super::*;

    type TestResult = Result<(), Box<dyn Error + Send + Sync>>;

    const ADDR: &str = "10.0.0.1:10911";

    /// A broker in the hands of the test, and a client for it.
    async fn scripted()
    -> Result<(PeerListener, RemotingClient), Box<dyn Error + Send + Sync>>
    {
        let network = MemoryNetwork::new();
        let broker = ScriptedPeer::listen_on(network.clone(), ADDR).await?;
        let client = RemotingClient::builder().network(network).build()?;
        Ok((broker, client))
    }

    #[tokio::test]
    async fn an_order_that_finds_the_broker_busy_is_sent_again() -> TestResult {
        let (mut broker, client) = scripted().await?;
        let target = client.to(ADDR);
        let sent = tokio::spawn(async move { order(&target, "oil").await });

        let mut peer = broker.accept().await;
        let busy = RemotingCommand::response(ResponseCode::SYSTEM_BUSY);
        peer.expect(request(ORDER)).await.reply(busy).await;
        let done = ok().with_body("accepted");
        peer.expect(request(ORDER)).await.reply(done).await;
        assert_eq!(sent.await??, "accepted");
        Ok(())
    }

    #[tokio::test]
    async fn an_order_that_may_have_arrived_is_not_repeated() -> TestResult {
        let (mut broker, client) = scripted().await?;
        let target = client.to(ADDR);
        let sent = tokio::spawn(async move { order(&target, "oil").await });

        let mut peer = broker.accept().await;
        peer.expect(request(ORDER)).await;
        peer.close();
        assert!(sent.await?.is_err_and(|error| error.is_closed()));
        assert!(!broker.has_client(), "the client has connected again");
        Ok(())
    }

    #[tokio::test(start_paused = true)]
    async fn an_order_waits_three_seconds_for_its_response() -> TestResult {
        let (mut broker, client) = scripted().await?;
        let target = client.to(ADDR);
        let started = tokio::time::Instant::now();
        let sent = tokio::spawn(async move { order(&target, "oil").await });

        let mut peer = broker.accept().await;
        peer.expect(request(ORDER)).await;
        assert!(sent.await?.is_err_and(|error| error.is_timeout()));
        assert_eq!(started.elapsed().as_secs(), 3);
        Ok(())
    }

    #[tokio::test]
    async fn the_broker_rejects_an_order_that_is_not_text() -> TestResult {
        let network = MemoryNetwork::new();
        let _broker = RemotingServer::builder()
            .network(network.clone())
            .bind(ADDR)
            .processor(ORDER, Executor::inline(), accept)
            .start()
            .await?;
        let client = RemotingClient::builder().network(network).build()?;
        let request = RemotingCommand::request(ORDER).with_body(vec![0xff]);
        let response = client.to(ADDR).invoke(request).await?;
        assert_eq!(response.response_code(), ResponseCode::SYSTEM_ERROR);
        Ok(())
    }
}
