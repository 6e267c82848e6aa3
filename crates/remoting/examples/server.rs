//! A server that echoes, until Ctrl-C. With a number of seconds it stops by itself.
//!
//! `cargo run --example server -- 127.0.0.1:9876 [SECONDS]`, then `cargo run --example client -- 127.0.0.1:9876`

use std::{error::Error, time::Duration};

use remoting::prelude::*;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt().with_env_filter("info").init();
    let mut arguments = std::env::args().skip(1);
    let address = arguments.next().unwrap_or_else(|| "127.0.0.1:9876".to_owned());
    let seconds = arguments.next().map(|seconds| seconds.parse()).transpose()?;

    let server = RemotingServer::builder()
        .bind(address)
        .config(ServerConfig::new().shutdown_gracefully(true).shutdown_wait(Duration::from_secs(1)))
        .default_processor(Executor::inline(), |_, request: RemotingCommand| async move {
            Ok(RemotingCommand::response_to(&request, ResponseCode::SUCCESS).with_body(request.into_body()))
        })
        .on_event(|event: ChannelEvent| println!("{event}"))
        .start()
        .await?;
    println!("echoing on {}, stop with Ctrl-C", server.local_addr());

    match seconds {
        Some(seconds) => tokio::time::sleep(Duration::from_secs(seconds)).await,
        None => tokio::signal::ctrl_c().await?,
    }
    println!("in: {}  out: {}", server.traffic().take_inbound(), server.traffic().take_outbound());
    server.shutdown().await;
    Ok(())
}
