//! What the stack does, in one process: a server on a free port, a client, and
//! what they observe.
//!
//! cargo run --example quickstart

use std::error::Error;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use remoting::prelude::*;
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;

// Codes of your own are numbers from 20 000 to 32 767.
const ECHO: RequestCode = RequestCode(20_001);
const SUM: RequestCode = RequestCode(20_002);
const FAIL: RequestCode = RequestCode(20_003);
const SLEEP: RequestCode = RequestCode(20_004);
const NOTE: RequestCode = RequestCode(20_005);
const CALL_ME_BACK: RequestCode = RequestCode(20_006);
const WHO_ARE_YOU: RequestCode = RequestCode(20_007);
const NOBODY_KNOWS: RequestCode = RequestCode(20_008);

const SECOND: Duration = Duration::from_secs(1);

/// A typed header. Its fields travel as ext fields.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct SumHeader {
    first_number: i64,
    second_number: i64,
}

/// What processors return.
type Processed<T = RemotingCommand> = Result<T, ProcessorError>;

fn success(request: &RemotingCommand) -> RemotingCommand {
    RemotingCommand::response_to(request, ResponseCode::SUCCESS)
}

async fn echo(_: RequestContext, request: RemotingCommand) -> Processed {
    Ok(success(&request).with_body(request.into_body()))
}

async fn sum(_: RequestContext, request: RemotingCommand) -> Processed {
    let SumHeader { first_number, second_number } = request.header()?;
    let sum = first_number.checked_add(second_number).ok_or("overflow")?;
    Ok(success(&request).with_ext_field("sum", &sum.to_string())?)
}

async fn fail(_: RequestContext, _: RemotingCommand) -> Processed {
    Err("the disk is full".into())
}

async fn sleep(_: RequestContext, request: RemotingCommand) -> Processed {
    tokio::time::sleep(30 * SECOND).await;
    Ok(success(&request))
}

/// Calls the client over the client's own connection.
async fn call_me_back(
    ctx: RequestContext,
    request: RemotingCommand,
) -> Processed {
    let question = RemotingCommand::request(WHO_ARE_YOU);
    let response = ctx.channel().invoke(question, 10 * SECOND).await?;
    Ok(success(&request).with_body(response.into_body()))
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let events = Arc::new(Mutex::new(Vec::new()));
    let (noted, mut notes) = mpsc::channel::<String>(1);
    let note = processor_fn(move |_ctx, request| {
        let noted = noted.clone();
        async move { Ok(noted.send(text(request.body())).await?) }
    });

    let seen = Arc::clone(&events);
    let server = RemotingServer::builder()
        .bind("127.0.0.1:0")
        .config(ServerConfig::new().shutdown_timeout(SECOND / 10))
        .processor(ECHO, Executor::inline(), echo)
        .processor(SUM, Executor::inline(), sum)
        .processor(FAIL, Executor::inline(), fail)
        .processor(SLEEP, Executor::runtime(16), sleep)
        .processor(NOTE, Executor::inline(), note)
        .processor(CALL_ME_BACK, Executor::runtime(16), call_me_back)
        .on_event(move |event: ChannelEvent| {
            let text = event.to_string();
            let kind = text.split(' ').next().unwrap_or_default().to_owned();
            seen.lock().unwrap_or_else(PoisonError::into_inner).push(kind);
        })
        .start()
        .await?;
    println!("server         listening on {}", server.local_addr());

    let who_are_you = processor_fn(|_ctx, request| async move {
        Ok(success(&request).with_body("the quickstart client"))
    });
    let client = RemotingClient::builder()
        .processor(WHO_ARE_YOU, Executor::inline(), who_are_you)
        .build()?;
    let target = client.to(server.local_addr()).timeout(10 * SECOND);

    // Sync: the call is awaited.
    let request = RemotingCommand::request(ECHO).with_body("hello");
    let response = target.invoke(request).await?;
    println!("sync           sent \"hello\", got {:?}", text(response.body()));

    // Async: many calls at once over one connection. Each gets the response
    // to its own request.
    let calls: Vec<_> = (0..1_000)
        .map(|number: u32| {
            let body = number.to_string();
            let request = RemotingCommand::request(ECHO).with_body(body);
            (number, tokio::spawn(target.invoke(request)))
        })
        .collect();
    let mut paired = 0;
    for (number, call) in calls {
        paired += usize::from(text(call.await??.body()) == number.to_string());
    }
    println!("async          {paired} of 1000 calls got their own response");

    // One-way: no response comes.
    let request = RemotingCommand::request(NOTE).with_body("no reply needed");
    target.invoke_oneway(request).await?;
    let note = notes.recv().await.unwrap_or_default();
    println!("one-way        the server received {note:?}");

    // A typed header, in the binary encoding.
    let request = RemotingCommand::request(SUM)
        .with_header(&SumHeader { first_number: 40, second_number: 2 })?
        .with_serialize_type(SerializeType::RocketMq);
    let response = target.invoke(request).await?;
    let sum = response.ext_field("sum").unwrap_or("missing");
    println!("typed header   40 + 2 = {sum}");

    // Push: the server calls its client.
    let request = RemotingCommand::request(CALL_ME_BACK);
    let response = target.invoke(request).await?;
    println!("push           the server called {:?}", text(response.body()));

    // A failed or unknown request is answered as well.
    for code in [FAIL, NOBODY_KNOWS] {
        let response = target.invoke(RemotingCommand::request(code)).await?;
        let remark = response.remark().unwrap_or_default().trim_start();
        println!("error response {}: {remark}", response.response_code());
    }

    // `into_success` turns such a response into an error.
    let call = target.invoke(RemotingCommand::request(FAIL)).into_success();
    if let Err(error) = call.await {
        println!("as an error    {error}");
    }

    // A time-out ends its call and nothing else.
    let impatient = target.clone().timeout(SECOND / 10);
    let started = Instant::now();
    if let Err(error) = impatient.invoke(RemotingCommand::request(SLEEP)).await
    {
        println!("time-out       after {:?}: {error}", started.elapsed());
    }
    // Nothing at all arrived meanwhile, so the next call uses a new connection.
    let request = RemotingCommand::request(ECHO).with_body("still here");
    let response = target.invoke(request).await?;
    println!("afterwards     the server says {:?}", text(response.body()));

    // A graceful stop, on both sides. The request that sleeps is dropped when
    // its caller disconnects.
    client.shutdown().await;
    println!("client         stopped");
    let cut_off = server.shutdown().await.aborted_requests;
    println!("server         stopped, requests cut off: {cut_off}");
    let events = events.lock().unwrap_or_else(PoisonError::into_inner);
    println!("events         {}", events.join(", "));

    println!();
    println!("Next: the examples tls, hooks, name_servers and gateway, and");
    println!("the guide: cargo doc -p remoting --all-features --open");
    Ok(())
}
