//! When a request arrived, as its processor sees it.

use std::time::Duration;

use remoting_rpc::transport::protocol::{RemotingCommand, RequestCode, ResponseCode};
use remoting_rpc::{Executor, ProcessorError, RemotingClient, RemotingServer, RequestContext};
use tokio::time::Instant;

const CODE: RequestCode = RequestCode(20_001);
const SECOND: Duration = Duration::from_secs(1);

/// Answers with the seconds since the request arrived, ten seconds later.
async fn seconds(ctx: RequestContext, _request: RemotingCommand) -> Result<RemotingCommand, ProcessorError> {
    let waited = Instant::now().duration_since(ctx.received_at().into());
    tokio::time::sleep(SECOND * 10).await;
    Ok(RemotingCommand::response(ResponseCode::SUCCESS).with_remark(waited.as_secs().to_string()))
}

#[tokio::test(start_paused = true)]
async fn the_time_for_which_a_request_waits_for_its_executor_is_known() {
    let executor = Executor::runtime(1).stop_reading_when_full();
    let server =
        RemotingServer::builder().bind("memory:received-at").processor(CODE, executor, seconds).start();
    let server = server.await.unwrap();
    let client = RemotingClient::builder().build().unwrap();
    let call = || client.to(server.local_addr()).timeout(SECOND * 60).invoke(RemotingCommand::request(CODE));
    let (first, second) = tokio::join!(call(), call());
    let (first, second) = (first.unwrap(), second.unwrap());
    let mut waited = [first.remark(), second.remark()];
    waited.sort_unstable();
    assert_eq!(waited, [Some("0"), Some("10")]);
    client.shutdown().await;
    server.shutdown().await;
}
