//! A broker that answers pulls with regions of its commit log. Plain TCP sends
//! them without reading them into memory.
//!
//! cargo run --example file_region

use std::error::Error;
use std::fs::{self, File};
use std::io::Write;
use std::sync::Arc;

use remoting::prelude::*;
use serde::{Deserialize, Serialize};

/// Where a consumer continues to read, and how much it takes at most.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct PullHeader {
    queue_offset: u64,
    max_bytes: u64,
}

async fn pull(
    log: Arc<File>,
    _ctx: RequestContext,
    request: RemotingCommand,
) -> Result<RemotingCommand, ProcessorError> {
    let PullHeader { queue_offset, max_bytes } = request.header()?;
    let available = log.metadata()?.len().saturating_sub(queue_offset);
    if available == 0 {
        let code = ResponseCode::PULL_NOT_FOUND;
        return Ok(RemotingCommand::response_to(&request, code));
    }
    let length = usize::try_from(available.min(max_bytes))?;
    let region = FileRegion::new(log, queue_offset, length)?;
    let response =
        RemotingCommand::response_to(&request, ResponseCode::SUCCESS);
    Ok(response.with_body(region))
}

/// Creates a file of 1.5 MB that is gone when it is closed.
fn commit_log() -> std::io::Result<File> {
    let name = format!("commit-log-{}", std::process::id());
    let path = std::env::temp_dir().join(name);
    let mut log =
        File::options().read(true).append(true).create_new(true).open(&path)?;
    fs::remove_file(&path)?;
    let lines: String =
        (0..100_000).map(|n| format!("message {n:06}\n")).collect();
    log.write_all(lines.as_bytes())?;
    Ok(log)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let log = Arc::new(commit_log()?);
    let processor = processor_with(&log, pull);
    let broker = RemotingServer::builder()
        .bind("127.0.0.1:0")
        .processor(RequestCode::PULL_MESSAGE, Executor::runtime(64), processor)
        .start()
        .await?;

    let client = RemotingClient::builder().build()?;
    let target = client.to(broker.local_addr());
    let mut queue_offset = 0;
    let mut last = String::new();
    loop {
        let header = PullHeader { queue_offset, max_bytes: 512 << 10 };
        let request = RemotingCommand::request(RequestCode::PULL_MESSAGE)
            .with_header(&header)?;
        let response = target.invoke(request).await?;
        if response.response_code() == ResponseCode::PULL_NOT_FOUND {
            break;
        }
        let body = response.body();
        println!("offset {queue_offset}: {} bytes", body.len());
        queue_offset += body.len() as u64;
        let text = String::from_utf8_lossy(body);
        last = text.lines().last().unwrap_or_default().to_owned();
    }
    println!("the last line: {last}");

    client.shutdown().await;
    broker.shutdown().await;
    Ok(())
}
