//! A lossless gateway between clients and a broker.
//!
//! Requests of clients go to the broker, two-way and one-way, and pushes
//! of the broker find the client that they are for. When the broker is
//! slow, the gateway stops reading its clients instead of refusing or
//! dropping their requests: TCP slows them down.
//!
//! cargo run --example gateway

use std::collections::HashMap;
use std::error::Error;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use remoting::prelude::*;

const TIMEOUT: Duration = Duration::from_secs(3);
const REGISTER: RequestCode = RequestCode(20_001);
const SEND: RequestCode = RequestCode(20_002);
const PUSH: RequestCode = RequestCode(20_003);
const CLIENT_ID: &str = "clientId";

/// Where to push to, by client id.
type Clients = Arc<Mutex<HashMap<String, RpcChannel>>>;

fn lock(clients: &Clients) -> std::sync::MutexGuard<'_, HashMap<String, RpcChannel>> {
    clients.lock().unwrap_or_else(PoisonError::into_inner)
}

fn ok(request: &RemotingCommand) -> RemotingCommand {
    RemotingCommand::response_to(request, ResponseCode::SUCCESS)
}

/// The side that faces the broker: it calls the broker, and is pushed to.
fn upstream(clients: &Clients) -> Result<RemotingClient, Box<dyn Error>> {
    let clients = Arc::clone(clients);
    let push = move |_ctx, request: RemotingCommand| {
        let client = lock(&clients).get(request.ext_field(CLIENT_ID).unwrap_or_default()).cloned();
        async move {
            match client {
                Some(client) if request.is_oneway() => {
                    client.invoke_oneway(request, TIMEOUT).await?;
                    Ok(Reply::None)
                }
                Some(client) => Ok(client.invoke(request, TIMEOUT).await?.into()),
                None => Err(ProcessorError::new("there is no such client")),
            }
        }
    };
    let pushes = Executor::runtime(64).stop_reading_when_full();
    Ok(RemotingClient::builder().processor(PUSH, pushes, push).build()?)
}

/// The side that faces the clients.
async fn gateway(
    broker: Address,
    clients: Clients,
    upstream: RemotingClient,
) -> Result<RemotingServer, Box<dyn Error>> {
    let register = move |ctx: RequestContext, request: RemotingCommand| {
        let id = request.ext_field(CLIENT_ID).unwrap_or_default().to_owned();
        lock(&clients).insert(id, ctx.channel().clone());
        async move { Ok(ok(&request)) }
    };
    let forward = move |_ctx, request: RemotingCommand| {
        let (upstream, broker) = (upstream.clone(), broker.clone());
        async move {
            if request.is_oneway() {
                upstream.invoke_oneway(&broker, request, TIMEOUT).await?;
                return Ok(Reply::None);
            }
            Ok(upstream.invoke(&broker, request, TIMEOUT).await?.into())
        }
    };
    let requests = Executor::runtime(64).stop_reading_when_full();
    let server = RemotingServer::builder()
        .bind("127.0.0.1:0")
        .processor(REGISTER, Executor::inline(), register)
        .processor(SEND, requests, forward)
        .start()
        .await?;
    Ok(server)
}

/// A broker that takes its time, counts, and pushes the count back.
async fn broker(received: Arc<AtomicU32>) -> Result<RemotingServer, Box<dyn Error>> {
    let send = move |ctx: RequestContext, request: RemotingCommand| {
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
            Ok(ok(&request))
        }
    };
    let work = Executor::runtime(8).stop_reading_when_full();
    let builder = RemotingServer::builder().bind("127.0.0.1:0");
    Ok(builder.processor(SEND, work, send).start().await?)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let received = Arc::new(AtomicU32::new(0));
    let broker = broker(Arc::clone(&received)).await?;
    let clients = Clients::default();
    let upstream = upstream(&clients)?;
    let broker_addr = broker.local_addr().clone();
    let gateway = gateway(broker_addr, clients, upstream.clone()).await?;

    let (pushed, mut pushes) = tokio::sync::mpsc::channel(1);
    let got_push = move |_ctx, request: RemotingCommand| {
        let pushed = pushed.clone();
        async move { Ok(pushed.send(request.into_body()).await?) }
    };
    let client = RemotingClient::builder().processor(PUSH, Executor::inline(), got_push).build()?;
    let addr = gateway.local_addr();
    let register = RemotingCommand::request(REGISTER).with_ext_field(CLIENT_ID, "alice")?;
    client.invoke(addr, register, TIMEOUT).await?;

    // Far more at once than gateway and broker take.
    for _ in 0..2_000 {
        let timeout = Duration::from_secs(60);
        client.invoke_oneway(addr, RemotingCommand::oneway(SEND), timeout).await?;
    }
    let last = RemotingCommand::request(SEND);
    let last = client.invoke(addr, last, Duration::from_secs(60)).await?;
    println!("the last request: {}", last.response_code());
    let push = pushes.recv().await.ok_or("no push")?;
    println!("pushed to alice: {}", String::from_utf8_lossy(&push));

    // Each finishes what it has in flight, the broker last.
    client.shutdown().await;
    gateway.shutdown().await;
    upstream.shutdown().await;
    broker.shutdown().await;
    println!("the broker has received {}", received.load(Ordering::Relaxed));
    assert_eq!(received.load(Ordering::Relaxed), 2_001);
    Ok(())
}
