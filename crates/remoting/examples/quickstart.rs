//! What the stack does, in one process: a server on a free port, a client, and an account of what they observed.
//!
//! `cargo run --release --example quickstart`

use std::{
    error::Error,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use remoting::prelude::*;
use serde::{Deserialize, Serialize};

const ECHO: RequestCode = RequestCode(20_001);
const SUM: RequestCode = RequestCode(20_002);
const FAIL: RequestCode = RequestCode(20_003);
const SLEEP: RequestCode = RequestCode(20_004);
const NOTE: RequestCode = RequestCode(20_005);
const CALL_ME_BACK: RequestCode = RequestCode(20_006);
const WHO_ARE_YOU: RequestCode = RequestCode(20_007);

const SECOND: Duration = Duration::from_secs(1);
const TIMEOUT: Duration = Duration::from_secs(10);

/// A typed header: its fields travel as ext fields.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct SumHeader {
    first_number: i64,
    second_number: i64,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let events = Arc::new(Mutex::new(Vec::new()));
    let (noted, mut notes) = tokio::sync::mpsc::channel::<String>(1);

    let seen = Arc::clone(&events);
    let server = RemotingServer::builder()
        .bind("127.0.0.1:0")
        .config(ServerConfig::new().shutdown_timeout(SECOND / 10))
        .processor(ECHO, Executor::inline(), |_, request: RemotingCommand| async move {
            Ok(RemotingCommand::response_to(&request, ResponseCode::SUCCESS).with_body(request.into_body()))
        })
        .processor(SUM, Executor::inline(), |_, request: RemotingCommand| async move {
            let header: SumHeader = request.header()?;
            let sum = header
                .first_number
                .checked_add(header.second_number)
                .ok_or_else(|| ProcessorError::new("the sum does not fit"))?;
            Ok(RemotingCommand::response_to(&request, ResponseCode::SUCCESS)
                .with_ext_field("sum", &sum.to_string())?)
        })
        .processor(FAIL, Executor::inline(), |_, _: RemotingCommand| async move {
            Err::<Reply, _>(ProcessorError::new("the disk is full"))
        })
        .processor(SLEEP, Executor::runtime(16), |_, request: RemotingCommand| async move {
            tokio::time::sleep(30 * SECOND).await;
            Ok(RemotingCommand::response_to(&request, ResponseCode::SUCCESS))
        })
        .processor(NOTE, Executor::inline(), move |_, request: RemotingCommand| {
            let noted = noted.clone();
            async move {
                noted.send(String::from_utf8_lossy(request.body()).into_owned()).await?;
                Ok(Reply::None)
            }
        })
        .processor(
            CALL_ME_BACK,
            Executor::runtime(16),
            |ctx: RequestContext, request: RemotingCommand| async move {
                let answer = ctx.channel().invoke(RemotingCommand::request(WHO_ARE_YOU), TIMEOUT).await?;
                Ok(RemotingCommand::response_to(&request, ResponseCode::SUCCESS)
                    .with_body(answer.into_body()))
            },
        )
        .on_event(move |event: ChannelEvent| {
            let text = event.to_string();
            let kind = text.split(' ').next().unwrap_or_default().to_owned();
            seen.lock().unwrap_or_else(PoisonError::into_inner).push(kind);
        })
        .start()
        .await?;
    println!("server         listening on {}", server.local_addr());

    let client = RemotingClient::builder()
        .processor(WHO_ARE_YOU, Executor::inline(), |_, request: RemotingCommand| async move {
            Ok(RemotingCommand::response_to(&request, ResponseCode::SUCCESS)
                .with_body("the quickstart client"))
        })
        .build()?;
    let addr = server.local_addr();

    // Sync: awaiting the call.
    let response = client.invoke(addr, RemotingCommand::request(ECHO).with_body("hello"), TIMEOUT).await?;
    println!("sync           sent \"hello\", got {:?}", String::from_utf8_lossy(response.body()));

    // Async: many calls at once over one connection, each answer to its own caller.
    let started = Instant::now();
    let calls: Vec<_> = (0..1_000)
        .map(|number: u32| {
            let (client, addr) = (client.clone(), addr.clone());
            tokio::spawn(async move {
                let request = RemotingCommand::request(ECHO).with_body(number.to_string());
                let response = client.invoke(addr, request, TIMEOUT).await?;
                Ok::<_, RpcError>(response.body() == number.to_string().as_bytes())
            })
        })
        .collect();
    let mut paired = 0;
    for call in calls {
        paired += usize::from(call.await??);
    }
    println!(
        "async          {paired} of 1000 concurrent calls got their own answer, in {:?}",
        started.elapsed()
    );

    // One-way: no answer comes, but the server has seen it.
    client.invoke_oneway(addr, RemotingCommand::request(NOTE).with_body("no reply needed"), TIMEOUT).await?;
    println!("one-way        the server noted {:?}", notes.recv().await.unwrap_or_default());

    // A typed header, in the binary encoding.
    let request = RemotingCommand::request(SUM)
        .with_header(&SumHeader { first_number: 40, second_number: 2 })?
        .with_serialize_type(SerializeType::RocketMq);
    let response = client.invoke(addr, request, TIMEOUT).await?;
    println!("typed header   40 + 2 = {}", response.ext_field("sum").unwrap_or("missing"));

    // A push: the server calls its client over the client's connection.
    let response = client.invoke(addr, RemotingCommand::request(CALL_ME_BACK), TIMEOUT).await?;
    println!(
        "server push    the server asked back and learned {:?}",
        String::from_utf8_lossy(response.body())
    );

    // Errors are answers: of the processor, and of the dispatcher.
    for code in [FAIL, RequestCode(4711)] {
        let response = client.invoke(addr, RemotingCommand::request(code), TIMEOUT).await?;
        println!(
            "error answer   {} {:?}",
            response.response_code(),
            response.remark().unwrap_or_default().trim_start()
        );
    }

    // A time-out ends its call and nothing else.
    let started = Instant::now();
    match client.invoke(addr, RemotingCommand::request(SLEEP), Duration::from_millis(100)).await {
        Ok(_) => println!("time-out       none, which is wrong"),
        Err(error) => println!("time-out       after {:?}: {error}", started.elapsed()),
    }
    let response =
        client.invoke(addr, RemotingCommand::request(ECHO).with_body("still here"), TIMEOUT).await?;
    println!("afterwards     the same connection answers {:?}", String::from_utf8_lossy(response.body()));

    // A graceful stop, on both sides.
    client.shutdown().await;
    println!("client         stopped, {} calls left behind", client.in_flight());
    let report = server.shutdown().await;
    println!(
        "server         stopped, {} requests cut off (the one that sleeps 30 s)",
        report.aborted_requests
    );
    println!(
        "events         the server saw {}",
        events.lock().unwrap_or_else(PoisonError::into_inner).join(", ")
    );
    Ok(())
}
