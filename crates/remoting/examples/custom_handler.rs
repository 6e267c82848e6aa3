//! Handlers of one's own: one in a server's pipeline that limits the rate of each connection.
//!
//! `cargo run --example custom_handler`

use std::{
    error::Error,
    time::{Duration, Instant},
};

use remoting::prelude::*;

/// Lets a number of requests in each second through, and answers the rest itself.
struct RateLimit {
    each_second: u32,
    window: Option<Instant>,
    seen: u32,
}

impl ChannelHandler for RateLimit {
    fn channel_read(&mut self, ctx: &mut HandlerContext<'_>, command: &mut RemotingCommand) -> Flow {
        // Handlers are told the time: they work the same in a test that moves it.
        let now = ctx.now();
        if self.window.is_none_or(|window| now >= window + Duration::from_secs(1)) {
            (self.window, self.seen) = (Some(now), 0);
        }
        self.seen += 1;
        if command.is_response() || self.seen <= self.each_second {
            return Flow::Continue;
        }
        if !command.is_oneway() {
            let refusal = RemotingCommand::response_to(command, ResponseCode::FLOW_CONTROL);
            ctx.send(refusal.with_remark(format!("more than {} requests in a second", self.each_second)));
        }
        Flow::Drop
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let server = RemotingServer::builder()
        .bind("127.0.0.1:0")
        .default_processor(Executor::inline(), |_, request: RemotingCommand| async move {
            Ok(RemotingCommand::response_to(&request, ResponseCode::SUCCESS))
        })
        .handlers(|_: &Channel, pipeline: &mut ChannelPipeline| {
            pipeline.add_last("rateLimit", RateLimit { each_second: 5, window: None, seen: 0 })?;
            Ok(())
        })
        .start()
        .await?;

    let client = RemotingClient::builder().build()?;
    for number in 1..=7 {
        let request = RemotingCommand::request(RequestCode(1));
        let response = client.invoke(server.local_addr(), request, Duration::from_secs(3)).await?;
        println!("{number}: {} {}", response.response_code(), response.remark().unwrap_or_default());
    }
    client.shutdown().await;
    server.shutdown().await;
    Ok(())
}
