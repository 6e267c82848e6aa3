//! A client that calls a server, Rust or Java, and prints what it answers.
//!
//! `cargo run --example client -- 127.0.0.1:9876 [CODE] [BODY]`

use std::{error::Error, time::Duration};

use remoting::prelude::*;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let address = arguments.next().ok_or("usage: client ADDRESS [CODE] [BODY]")?;
    let code = arguments.next().map_or(Ok(RequestCode::GET_BROKER_CLUSTER_INFO.0), |code| code.parse())?;
    let body = arguments.next().unwrap_or_default();

    let client = RemotingClient::builder().build()?;
    let request = RemotingCommand::request(RequestCode(code)).with_body(body);
    let response = client.invoke(address, request, Duration::from_secs(3)).await?;
    println!("{}", response.response_code());
    if let Some(remark) = response.remark() {
        println!("remark: {remark}");
    }
    for (key, value) in response.ext_fields().into_iter().flatten() {
        println!("{key}: {value}");
    }
    println!("{}", String::from_utf8_lossy(response.body()));
    client.shutdown().await;
    Ok(())
}
