//! A server that calls its clients, as a broker tells consumers that their
//! group has changed.
//!
//! cargo run --example server_push

use std::error::Error;
use std::time::Duration;

use remoting::prelude::*;

const TIMEOUT: Duration = Duration::from_secs(3);
const HEART_BEAT: RequestCode = RequestCode::HEART_BEAT;
const IDS_CHANGED: RequestCode = RequestCode::NOTIFY_CONSUMER_IDS_CHANGED;
const RUNNING_INFO: RequestCode = RequestCode::GET_CONSUMER_RUNNING_INFO;

fn success(request: &RemotingCommand) -> RemotingCommand {
    RemotingCommand::response_to(request, ResponseCode::SUCCESS)
}

/// What a consumer answers to its broker.
fn consumer(name: &'static str) -> ProcessorSet {
    let ids_changed = processor_fn(move |_ctx, request| async move {
        let group = request.ext_field("consumerGroup").unwrap_or("?");
        println!("{name}: group {group} has changed");
        Ok(())
    });
    let running_info = processor_fn(move |_ctx, request| async move {
        Ok(success(&request).with_body(name))
    });
    let inline = Executor::inline();
    ProcessorSet::new().on(IDS_CHANGED, inline.clone(), ids_changed).on(
        RUNNING_INFO,
        inline,
        running_info,
    )
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let heart_beat =
        processor_fn(|_ctx, request| async move { Ok(success(&request)) });
    let broker = RemotingServer::builder()
        .bind("127.0.0.1:0")
        .processor(HEART_BEAT, Executor::inline(), heart_beat)
        .start()
        .await?;

    let mut clients = Vec::new();
    for name in ["consumer-a", "consumer-b"] {
        let client =
            RemotingClient::builder().processors(consumer(name)).build()?;
        let target = client.to(broker.local_addr());
        target.invoke(RemotingCommand::request(HEART_BEAT)).await?;
        clients.push(client);
    }

    for channel in broker.channels() {
        let notice = RemotingCommand::oneway(IDS_CHANGED)
            .with_ext_field("consumerGroup", "orders")?;
        channel.invoke_oneway(notice, TIMEOUT).await?;
        let request = RemotingCommand::request(RUNNING_INFO);
        let response = channel.invoke(request, TIMEOUT).await?;
        let name = String::from_utf8_lossy(response.body());
        println!("broker: {} is {name}", channel.peer_addr());
    }

    for client in clients {
        client.shutdown().await;
    }
    broker.shutdown().await;
    Ok(())
}
