//! A server behind a load balancer that speaks the PROXY protocol: it sees the
//! addresses of its clients, not the load balancer's.
//!
//! cargo run --example proxy_protocol

use std::error::Error;

use remoting::prelude::*;
use remoting::transport::{
    PROXY_PROTOCOL_SERVER_ADDR, ProxyHeader, ProxyProtocol, ProxyTlv,
    SendProxyHeader, proxy_protocol_tlv,
};

const WHO_AM_I: RequestCode = RequestCode(20_001);

async fn who_am_i(
    ctx: RequestContext,
    request: RemotingCommand,
) -> Result<RemotingCommand, ProcessorError> {
    let attributes = ctx.channel().attributes();
    let server = attributes.get(&PROXY_PROTOCOL_SERVER_ADDR);
    let connection = attributes.get(&proxy_protocol_tlv(ProxyTlv::UNIQUE_ID));
    let remark = format!(
        "you are {}, you dialled {}, your connection is {}",
        ctx.peer_addr(),
        server.as_deref().map_or("?", String::as_str),
        connection.as_deref().map_or("?", String::as_str),
    );
    let response =
        RemotingCommand::response_to(&request, ResponseCode::SUCCESS);
    Ok(response.with_remark(remark))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt().with_env_filter("error").init();

    // Headers are accepted from these networks, connections from no other.
    let load_balancers =
        ProxyProtocol::required(["127.0.0.0/8".parse()?, "::1/128".parse()?]);
    let server = RemotingServer::builder()
        .bind("127.0.0.1:0")
        .proxy_protocol(load_balancers)
        .processor(WHO_AM_I, Executor::inline(), who_am_i)
        .start()
        .await?;

    // HAProxy does this with
    // `server broker 10.0.0.5:10911 send-proxy-v2`. Here the client does it.
    let client_addr = "203.0.113.9:51234".parse()?;
    let server_addr = "198.51.100.7:10911".parse()?;
    let header = ProxyHeader::proxied(client_addr, server_addr)
        .with_tlv(ProxyTlv::UNIQUE_ID, "edge-1/42");
    let client = RemotingClient::builder()
        .proxy_header(SendProxyHeader::new(header).with_checksum())
        .build()?;
    let call = client
        .to(server.local_addr())
        .invoke(RemotingCommand::request(WHO_AM_I));
    println!("header:    {}", call.await?.remark().unwrap_or_default());

    // A connection without a header is closed.
    let direct = RemotingClient::builder().build()?;
    let call = direct
        .to(server.local_addr())
        .invoke(RemotingCommand::request(WHO_AM_I));
    match call.await {
        Ok(_) => return Err("a connection without header was accepted".into()),
        Err(error) => println!("no header: {}", ErrorChain(&error)),
    }

    client.shutdown().await;
    direct.shutdown().await;
    server.shutdown().await;
    Ok(())
}
