//! A broker that answers pulls with regions of its commit log, which plain TCP sends without taking them into memory.
//!
//! `cargo run --example file_region`

use std::{
    error::Error,
    fs::{self, File},
    io::Write,
    sync::Arc,
    time::Duration,
};

use remoting::prelude::*;
use serde::{Deserialize, Serialize};

/// Where a consumer wants to go on reading, and how much at most.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct PullHeader {
    queue_offset: u64,
    max_bytes: u64,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::temp_dir().join(format!("commit-log-{}", std::process::id()));
    let mut log = File::options().read(true).append(true).create_new(true).open(&path)?;
    // Open it stays readable; nothing is left behind.
    fs::remove_file(&path)?;
    for number in 0..100_000 {
        writeln!(log, "message {number:06}")?;
    }

    let log = Arc::new(log);
    let broker = RemotingServer::builder()
        .bind("127.0.0.1:0")
        .processor(RequestCode::PULL_MESSAGE, Executor::inline(), move |_, request: RemotingCommand| {
            let log = Arc::clone(&log);
            async move {
                let PullHeader { queue_offset, max_bytes } = request.header()?;
                let available = log.metadata()?.len().saturating_sub(queue_offset);
                if available == 0 {
                    return Ok(RemotingCommand::response_to(&request, ResponseCode::PULL_NOT_FOUND));
                }
                let region = FileRegion::new(log, queue_offset, usize::try_from(available.min(max_bytes))?)?;
                Ok(RemotingCommand::response_to(&request, ResponseCode::SUCCESS).with_body(region))
            }
        })
        .start()
        .await?;

    let consumer = RemotingClient::builder().build()?;
    let (mut queue_offset, mut last) = (0, String::new());
    loop {
        let pull = RemotingCommand::request(RequestCode::PULL_MESSAGE)
            .with_header(&PullHeader { queue_offset, max_bytes: 512 << 10 })?;
        let pulled = consumer.invoke(broker.local_addr(), pull, Duration::from_secs(3)).await?;
        if pulled.response_code() == ResponseCode::PULL_NOT_FOUND {
            break;
        }
        println!("{:7} bytes from {queue_offset}", pulled.body().len());
        queue_offset += pulled.body().len() as u64;
        let whole_lines = String::from_utf8_lossy(pulled.body());
        last = whole_lines.lines().last().unwrap_or_default().to_owned();
    }
    println!("the last of it: {last}");

    consumer.shutdown().await;
    broker.shutdown().await;
    Ok(())
}
