//! A client with a list of name servers, one of which does not exist and one of which goes away.
//!
//! `cargo run --example name_servers`

use std::{error::Error, time::Duration};

use remoting::prelude::*;

/// A name server that knows no topic, but its own name.
async fn name_server(name: &'static str) -> Result<RemotingServer, Box<dyn Error>> {
    let server = RemotingServer::builder()
        .bind("127.0.0.1:0")
        .processor(
            RequestCode::GET_ROUTEINFO_BY_TOPIC,
            Executor::inline(),
            move |_, request: RemotingCommand| async move {
                let topic = request.ext_field("topic").unwrap_or_default();
                Ok(RemotingCommand::response_to(&request, ResponseCode::TOPIC_NOT_EXIST).with_remark(
                    format!("{name}: no topic route info in name server for the topic: {topic}"),
                ))
            },
        )
        .start()
        .await?;
    println!("{name} listens on {}", server.local_addr());
    Ok(server)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut servers = vec![name_server("first").await?, name_server("second").await?];
    let nobody: Address = "127.0.0.1:1".parse()?;

    let list = [servers[0].local_addr(), servers[1].local_addr(), &nobody];
    let client = RemotingClient::builder().name_servers(list).build()?;

    let request =
        || RemotingCommand::request(RequestCode::GET_ROUTEINFO_BY_TOPIC).with_ext_field("topic", "orders");
    let response = client.invoke_name_server(request()?, Duration::from_secs(3)).await?;
    let remark = response.remark().unwrap_or_default().to_owned();
    println!("asked: {remark}");

    let chosen = servers.remove(usize::from(remark.starts_with("second")));
    println!("stopping {}", chosen.local_addr());
    chosen.shutdown().await;
    let response = client.invoke_name_server(request()?, Duration::from_secs(3)).await?;
    println!("asked: {}", response.remark().unwrap_or_default());
    println!("available: {:?} of {:?}", client.available_name_servers(), client.name_servers());

    client.shutdown().await;
    for server in servers {
        server.shutdown().await;
    }
    Ok(())
}
