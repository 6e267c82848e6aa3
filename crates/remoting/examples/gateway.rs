//! A lossless gateway between clients and a broker.
//!
//! Requests of clients go to the broker, two-way and one-way. Pushes of the
//! broker go to the client that they are for. When the broker is slow, the
//! gateway stops reading its clients instead of refusing or dropping their
//! requests, so TCP slows the clients down.
//!
//! cargo run --example gateway

use std::collections::HashMap;
use std::error::Error;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use remoting::prelude::*;

const TIMEOUT: Duration = Duration::from_secs(3);
const MINUTE: Duration = Duration::from_secs(60);
const REGISTER: RequestCode = RequestCode(20_001);
const SEND: RequestCode = RequestCode(20_002);
const PUSH: RequestCode = RequestCode(20_003);
const CLIENT_ID: &str = "clientId";

/// The channels of the clients, by client id.
#[derive(Default)]
struct Clients(Mutex<HashMap<String, RpcChannel>>);

impl Clients {
    fn lock(&self) -> MutexGuard<'_, HashMap<String, RpcChannel>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn register(
        self: Arc<Self>,
        ctx: RequestContext,
        request: RemotingCommand,
    ) -> Result<RemotingCommand, ProcessorError> {
        let id = request.ext_field(CLIENT_ID).ok_or("no client id")?;
        self.lock().insert(id.to_owned(), ctx.channel().clone());
        Ok(success(&request))
    }

    async fn push(
        self: Arc<Self>,
        _ctx: RequestContext,
        request: RemotingCommand,
    ) -> Result<Reply, ProcessorError> {
        let id = request.ext_field(CLIENT_ID).ok_or("no client id")?;
        let client = self.lock().get(id).cloned().ok_or("no such client")?;
        if request.is_oneway() {
            client.invoke_oneway(request, TIMEOUT).await?;
            return Ok(Reply::None);
        }
        Ok(client.invoke(request, TIMEOUT).await?.into())
    }
}

fn success(request: &RemotingCommand) -> RemotingCommand {
    RemotingCommand::response_to(request, ResponseCode::SUCCESS)
}

/// The gateway's client of the broker. It receives the broker's pushes.
fn upstream(clients: &Arc<Clients>) -> Result<RemotingClient, Box<dyn Error>> {
    let pushes = Executor::runtime(64).stop_reading_when_full();
    let push = processor_with(clients, Clients::push);
    Ok(RemotingClient::builder().processor(PUSH, pushes, push).build()?)
}

/// The gateway's server for the clients.
async fn gateway(
    broker: Target,
    clients: &Arc<Clients>,
) -> Result<RemotingServer, Box<dyn Error>> {
    let forward = processor_fn(move |_ctx, request: RemotingCommand| {
        let broker = broker.clone();
        async move {
            if request.is_oneway() {
                broker.invoke_oneway(request).await?;
                return Ok(Reply::None);
            }
            Ok(broker.invoke(request).await?.into())
        }
    });
    let requests = Executor::runtime(64).stop_reading_when_full();
    let register = processor_with(clients, Clients::register);
    let server = RemotingServer::builder()
        .bind("127.0.0.1:0")
        .processor(REGISTER, Executor::inline(), register)
        .processor(SEND, requests, forward)
        .start()
        .await?;
    Ok(server)
}

/// A slow broker. It counts requests and pushes the count to a client.
async fn broker(
    received: &Arc<AtomicU32>,
) -> Result<RemotingServer, Box<dyn Error>> {
    let received = Arc::clone(received);
    let send = processor_fn(move |ctx, request: RemotingCommand| {
        let received = Arc::clone(&received);
        async move {
            tokio::time::sleep(Duration::from_millis(1)).await;
            let count = 1 + received.fetch_add(1, Ordering::Relaxed);
            if !request.is_oneway() {
                let push = RemotingCommand::oneway(PUSH)
                    .with_ext_field(CLIENT_ID, "alice")?
                    .with_body(count.to_string());
                ctx.channel().invoke_oneway(push, TIMEOUT).await?;
            }
            Ok(success(&request))
        }
    });
    let work = Executor::runtime(8).stop_reading_when_full();
    let builder = RemotingServer::builder().bind("127.0.0.1:0");
    Ok(builder.processor(SEND, work, send).start().await?)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let received = Arc::new(AtomicU32::new(0));
    let broker = broker(&received).await?;
    let clients = Arc::new(Clients::default());
    let upstream = upstream(&clients)?;
    let target = upstream.to(broker.local_addr()).timeout(TIMEOUT);
    let gateway = gateway(target, &clients).await?;

    let (pushed, mut pushes) = tokio::sync::mpsc::channel(1);
    let push = processor_fn(move |_ctx, request: RemotingCommand| {
        let pushed = pushed.clone();
        async move { Ok(pushed.send(request.into_body()).await?) }
    });
    let client = RemotingClient::builder()
        .processor(PUSH, Executor::inline(), push)
        .build()?;
    let target = client.to(gateway.local_addr()).timeout(MINUTE);
    let register = RemotingCommand::request(REGISTER)
        .with_ext_field(CLIENT_ID, "alice")?;
    target.invoke(register).into_success().await?;

    // Many more at once than the gateway and the broker accept.
    for _ in 0..2_000 {
        target.invoke_oneway(RemotingCommand::oneway(SEND)).await?;
    }
    let last = target.invoke(RemotingCommand::request(SEND)).await?;
    println!("the last request: {}", last.response_code());
    let push = pushes.recv().await.ok_or("no push")?;
    println!("pushed to alice: {}", String::from_utf8_lossy(&push));

    // Each side finishes what it has in flight, the broker last.
    client.shutdown().await;
    gateway.shutdown().await;
    upstream.shutdown().await;
    broker.shutdown().await;
    let received = received.load(Ordering::Relaxed);
    println!("the broker has received {received} of 2001 requests");
    assert_eq!(received, 2_001);
    Ok(())
}
