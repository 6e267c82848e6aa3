//! A client with a list of name servers: one does not exist, one goes away.
//!
//! cargo run --example name_servers

use std::error::Error;
use std::time::Duration;

use remoting::prelude::*;

const TIMEOUT: Duration = Duration::from_secs(3);
const ROUTE: RequestCode = RequestCode::GET_ROUTEINFO_BY_TOPIC;

/// Starts a name server without topics, whose remarks contain its name.
async fn name_server(
    name: &'static str,
) -> Result<RemotingServer, Box<dyn Error>> {
    let route = processor_fn(move |_ctx, request| async move {
        let topic = request.ext_field("topic").unwrap_or_default();
        let code = ResponseCode::TOPIC_NOT_EXIST;
        let remark = format!("the {name} server has no topic {topic}");
        Ok(RemotingCommand::response_to(&request, code).with_remark(remark))
    });
    let server = RemotingServer::builder()
        .bind("127.0.0.1:0")
        .processor(ROUTE, Executor::inline(), route)
        .start()
        .await?;
    println!("{name}: listening on {}", server.local_addr());
    Ok(server)
}

/// Calls a name server of the list and returns its remark.
async fn route(client: &RemotingClient) -> Result<String, Box<dyn Error>> {
    let request =
        RemotingCommand::request(ROUTE).with_ext_field("topic", "orders")?;
    let response = client.invoke_name_server(request, TIMEOUT).await?;
    let remark = response.remark().unwrap_or_default().to_owned();
    println!("response: {remark}");
    Ok(remark)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let first = name_server("first").await?;
    let second = name_server("second").await?;
    let nobody: Address = "127.0.0.1:1".parse()?;

    let list = [first.local_addr(), second.local_addr(), &nobody];
    let client = RemotingClient::builder().name_servers(list).build()?;
    let remark = route(&client).await?;

    // Calls stay with the name server that answered, until it goes away.
    let (chosen, other) = match remark.contains("second") {
        true => (second, first),
        false => (first, second),
    };
    println!("stopping {}", chosen.local_addr());
    chosen.shutdown().await;
    route(&client).await?;
    println!("still there: {}", other.local_addr());

    client.shutdown().await;
    other.shutdown().await;
    Ok(())
}
