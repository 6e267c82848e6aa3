//! A server behind a load balancer that speaks the PROXY protocol: it sees its clients, and not the load balancer.
//!
//! `cargo run --example proxy_protocol`

use std::{error::Error, time::Duration};

use remoting::prelude::*;
use remoting::transport::{
    PROXY_PROTOCOL_SERVER_ADDR, ProxyHeader, ProxyProtocol, ProxyTlv, SendProxyHeader, proxy_protocol_tlv,
};

const WHO_AM_I: RequestCode = RequestCode(20_001);

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt().with_env_filter("warn").init();

    // Only the load balancers of these networks are believed, and nobody else is let in.
    let load_balancers = ProxyProtocol::required(["127.0.0.0/8".parse()?, "::1/128".parse()?]);
    let server = RemotingServer::builder()
        .bind("127.0.0.1:0")
        .proxy_protocol(load_balancers)
        .processor(WHO_AM_I, Executor::inline(), |cx: RequestContext, request: RemotingCommand| async move {
            let attributes = cx.channel().attributes();
            let asked_for = attributes.get(&PROXY_PROTOCOL_SERVER_ADDR);
            let connection = attributes.get(&proxy_protocol_tlv(ProxyTlv::UNIQUE_ID));
            Ok(RemotingCommand::response_to(&request, ResponseCode::SUCCESS).with_remark(format!(
                "you are {}, came to {} and are connection {}",
                cx.peer_addr(),
                asked_for.as_deref().map_or("?", String::as_str),
                connection.as_deref().map_or("?", String::as_str),
            )))
        })
        .start()
        .await?;

    // HAProxy does this with `server broker 10.0.0.5:10911 send-proxy-v2`; here the client does it itself.
    let header = ProxyHeader::proxied("203.0.113.9:51234".parse()?, "198.51.100.7:10911".parse()?)
        .with_tlv(ProxyTlv::UNIQUE_ID, "edge-1/42");
    let client =
        RemotingClient::builder().proxy_header(SendProxyHeader::new(header).with_checksum()).build()?;
    let request = RemotingCommand::request(WHO_AM_I);
    let response = client.invoke(server.local_addr(), request, Duration::from_secs(3)).await?;
    println!("{}", response.remark().unwrap_or_default());

    // Without a header there is no way in.
    let direct = RemotingClient::builder().build()?;
    let request = RemotingCommand::request(WHO_AM_I);
    match direct.invoke(server.local_addr(), request, Duration::from_secs(3)).await {
        Ok(_) => return Err("a connection without a PROXY header was let in".into()),
        Err(error) => println!("without a header: {}", ErrorChain(&error)),
    }

    client.shutdown().await;
    direct.shutdown().await;
    server.shutdown().await;
    Ok(())
}
