//! A handler in a server's pipeline that limits the rate of each connection.
//!
//! cargo run --example custom_handler

use std::error::Error;
use std::time::{Duration, Instant};

use remoting::prelude::*;

const PING: RequestCode = RequestCode(20_001);

/// Passes a number of requests per second, and answers the rest itself.
struct RateLimit {
    per_second: u32,
    window: Option<Instant>,
    seen: u32,
}

impl RateLimit {
    fn new(per_second: u32) -> Self {
        Self { per_second, window: None, seen: 0 }
    }
}

impl ChannelHandler for RateLimit {
    fn channel_read(
        &mut self,
        ctx: &mut HandlerContext<'_>,
        command: &mut RemotingCommand,
    ) -> Flow {
        if command.is_response() {
            return Flow::Continue;
        }
        // The time comes from the channel, so a test can move it.
        let now = ctx.now();
        let second = Duration::from_secs(1);
        if self.window.is_none_or(|start| now >= start + second) {
            (self.window, self.seen) = (Some(now), 0);
        }
        self.seen += 1;
        if self.seen <= self.per_second {
            return Flow::Continue;
        }
        if !command.is_oneway() {
            let code = ResponseCode::FLOW_CONTROL;
            let remark = format!("limit: {} requests/s", self.per_second);
            let response = RemotingCommand::response_to(command, code);
            ctx.send(response.with_remark(remark));
        }
        Flow::Drop
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let accept = processor_fn(|_ctx, request| async move {
        Ok(RemotingCommand::response_to(&request, ResponseCode::SUCCESS))
    });
    let server = RemotingServer::builder()
        .bind("127.0.0.1:0")
        .processor(PING, Executor::inline(), accept)
        .handlers(|_: &Channel, pipeline: &mut ChannelPipeline| {
            pipeline.add_last("rateLimit", RateLimit::new(5))?;
            Ok(())
        })
        .start()
        .await?;

    let client = RemotingClient::builder().build()?;
    let target = client.to(server.local_addr());
    for number in 1..=7 {
        let response = target.invoke(RemotingCommand::request(PING)).await?;
        match response.remark() {
            Some(remark) => {
                println!("{number}: {}, {remark}", response.response_code());
            }
            None => println!("{number}: {}", response.response_code()),
        }
    }
    client.shutdown().await;
    server.shutdown().await;
    Ok(())
}
