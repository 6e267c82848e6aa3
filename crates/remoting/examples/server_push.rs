//! A server that invokes its clients, as a broker tells consumers that their group has changed.
//!
//! `cargo run --example server_push`

use std::{error::Error, time::Duration};

use remoting::prelude::*;

const TIMEOUT: Duration = Duration::from_secs(3);

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let server = RemotingServer::builder()
        .bind("127.0.0.1:0")
        .processor(RequestCode::HEART_BEAT, Executor::inline(), |_, request: RemotingCommand| async move {
            Ok(RemotingCommand::response_to(&request, ResponseCode::SUCCESS))
        })
        .start()
        .await?;

    let mut clients = Vec::new();
    for name in ["consumer-a", "consumer-b"] {
        let client = RemotingClient::builder()
            .processor(
                RequestCode::NOTIFY_CONSUMER_IDS_CHANGED,
                Executor::inline(),
                move |_, request: RemotingCommand| async move {
                    println!(
                        "{name}: group {} has changed",
                        request.ext_field("consumerGroup").unwrap_or("?")
                    );
                    Ok(Reply::None)
                },
            )
            .processor(
                RequestCode::GET_CONSUMER_RUNNING_INFO,
                Executor::inline(),
                move |_, request: RemotingCommand| async move {
                    Ok(RemotingCommand::response_to(&request, ResponseCode::SUCCESS).with_body(name))
                },
            )
            .build()?;
        client
            .invoke(server.local_addr(), RemotingCommand::request(RequestCode::HEART_BEAT), TIMEOUT)
            .await?;
        clients.push(client);
    }

    for channel in server.channels() {
        let notice = RemotingCommand::oneway(RequestCode::NOTIFY_CONSUMER_IDS_CHANGED)
            .with_ext_field("consumerGroup", "orders")?;
        channel.invoke_oneway(notice, TIMEOUT).await?;
        let info = RemotingCommand::request(RequestCode::GET_CONSUMER_RUNNING_INFO);
        let answer = channel.invoke(info, TIMEOUT).await?;
        println!("server: {} is {}", channel.peer_addr(), String::from_utf8_lossy(answer.body()));
    }

    for client in clients {
        client.shutdown().await;
    }
    server.shutdown().await;
    Ok(())
}
