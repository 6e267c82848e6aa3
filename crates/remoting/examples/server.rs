//! A server that echoes until Ctrl-C, or for a number of seconds.
//!
//! cargo run --example server -- 127.0.0.1:9876 [SECONDS]
//! cargo run --example client -- 127.0.0.1:9876 20001 hello

use std::error::Error;
use std::time::Duration;

use remoting::prelude::*;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt().with_env_filter("info").init();
    let mut arguments = std::env::args().skip(1);
    let address = arguments.next();
    let address = address.as_deref().unwrap_or("127.0.0.1:9876");
    let seconds = arguments.next().map(|text| text.parse()).transpose()?;

    let echo = processor_fn(|_ctx, request| async move {
        let response =
            RemotingCommand::response_to(&request, ResponseCode::SUCCESS);
        Ok(response.with_body(request.into_body()))
    });
    let config = ServerConfig::new()
        .shutdown_gracefully(true)
        .shutdown_wait(Duration::from_secs(1));
    let server = RemotingServer::builder()
        .bind(address)
        .config(config)
        .default_processor(Executor::inline(), echo)
        .on_event(|event: ChannelEvent| println!("{event}"))
        .start()
        .await?;
    println!("echoing on {}, stop with Ctrl-C", server.local_addr());

    match seconds {
        Some(seconds) => tokio::time::sleep(Duration::from_secs(seconds)).await,
        None => tokio::signal::ctrl_c().await?,
    }
    println!("requests:  {}", server.traffic().take_inbound());
    println!("responses: {}", server.traffic().take_outbound());
    server.shutdown().await;
    Ok(())
}
