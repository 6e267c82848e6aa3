//! Calls a server, written in Rust or Java, and prints its response.
//!
//! cargo run --example client -- 127.0.0.1:9876 [CODE] [BODY]

use std::error::Error;

use remoting::prelude::*;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let usage = "usage: client ADDRESS [CODE] [BODY]";
    let address: Address = arguments.next().ok_or(usage)?.parse()?;
    let code = match arguments.next() {
        Some(code) => RequestCode(code.parse()?),
        None => RequestCode::GET_BROKER_CLUSTER_INFO,
    };
    let body = arguments.next().unwrap_or_default();

    let client = RemotingClient::builder().build()?;
    let request = RemotingCommand::request(code).with_body(body);
    let response = client.to(address).invoke(request).await?;
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
