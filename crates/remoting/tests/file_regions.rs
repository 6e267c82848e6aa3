//! Regions of files as bodies of calls, both ways, and a file that loses its end under one of them.
#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

use std::{fs::File, io::Write, sync::Arc, time::Duration};

use remoting::{prelude::*, transport::Address};
use tokio::task::JoinSet;

const PULL: RequestCode = RequestCode::PULL_MESSAGE;
const PULL_LATER: RequestCode = RequestCode(1001);
const PULL_CUT: RequestCode = RequestCode(1002);
const STORE: RequestCode = RequestCode(1003);
const NEVER: RequestCode = RequestCode(1004);
const LEN: usize = 300_000;
/// A time-out that does not come, however busy the machine is.
const HOUR: Duration = Duration::from_secs(3600);

fn bytes() -> Vec<u8> {
    (0..LEN).map(|place| (place % 251) as u8).collect()
}

fn file() -> Arc<File> {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(&bytes()).unwrap();
    Arc::new(file)
}

async fn broker(address: &str) -> RemotingServer {
    let log = file();
    let pull = move |request: &RemotingCommand| {
        let region = FileRegion::new(Arc::clone(&log), 1000, LEN - 1000)?;
        Ok(RemotingCommand::response_to(request, ResponseCode::SUCCESS).with_body(region))
    };
    let pull_later = pull.clone();
    RemotingServer::builder()
        .bind(address)
        .processor(PULL, Executor::inline(), move |_, request: RemotingCommand| {
            let answer = pull(&request);
            async move { answer }
        })
        .processor(PULL_LATER, Executor::runtime(1000), move |_, request: RemotingCommand| {
            let answer = pull_later(&request);
            async move {
                tokio::task::yield_now().await;
                answer
            }
        })
        .processor(PULL_CUT, Executor::inline(), |_, request: RemotingCommand| async move {
            let log = file();
            let region = FileRegion::new(Arc::clone(&log), 0, LEN)?;
            log.set_len(LEN as u64 / 2)?;
            Ok(RemotingCommand::response_to(&request, ResponseCode::SUCCESS).with_body(region))
        })
        .processor(STORE, Executor::inline(), |_, request: RemotingCommand| async move {
            let stored = request.body() == &bytes()[7..];
            Ok(RemotingCommand::response_to(&request, ResponseCode::SUCCESS).with_remark(stored.to_string()))
        })
        .processor(NEVER, Executor::runtime(10), |_, _: RemotingCommand| async move {
            std::future::pending::<()>().await;
            Ok(Reply::None)
        })
        .config(ServerConfig::new().shutdown_timeout(Duration::from_millis(10)))
        .start()
        .await
        .unwrap()
}

async fn pull(client: RemotingClient, addr: Address, code: RequestCode) {
    let response = client.invoke(&addr, RemotingCommand::request(code), HOUR).await.unwrap();
    assert!(response.body() == &bytes()[1000..], "{} bytes", response.body().len());
}

#[tokio::test]
async fn processors_answer_with_regions() {
    for address in ["127.0.0.1:0", "memory:pulls"] {
        let server = broker(address).await;
        let client = RemotingClient::builder().build().unwrap();
        let mut pulls = JoinSet::new();
        for number in 0..50 {
            let code = if number % 2 == 0 { PULL } else { PULL_LATER };
            pulls.spawn(pull(client.clone(), server.local_addr().clone(), code));
        }
        while let Some(pulled) = pulls.join_next().await {
            pulled.unwrap();
        }
        client.shutdown().await;
        server.shutdown().await;
    }
}

#[tokio::test]
async fn a_request_may_have_a_region_too() {
    let server = broker("127.0.0.1:0").await;
    let client = RemotingClient::builder().build().unwrap();
    let request = RemotingCommand::request(STORE).with_body(FileRegion::new(file(), 7, LEN - 7).unwrap());
    let response = client.invoke(server.local_addr(), request, HOUR).await.unwrap();
    assert_eq!(response.remark(), Some("true"));
    client.shutdown().await;
    server.shutdown().await;
}

#[tokio::test]
async fn a_file_that_shrinks_harms_its_own_channel_alone() {
    for address in ["127.0.0.1:0", "memory:cut"] {
        let server = broker(address).await;
        let [harmed, other] = [(); 2].map(|()| RemotingClient::builder().build().unwrap());
        let addr = server.local_addr().clone();
        pull(other.clone(), addr.clone(), PULL).await;
        let pending = [NEVER, PULL_CUT].map(|code| {
            let (client, addr) = (harmed.clone(), addr.clone());
            tokio::spawn(async move { client.invoke(&addr, RemotingCommand::request(code), HOUR).await })
        });
        for call in pending {
            let error = call.await.unwrap().unwrap_err();
            assert!(matches!(error, RpcError::ChannelClosed { .. }), "{error}");
            assert!(error.to_string().contains("middle of a frame"), "{error}");
        }
        pull(other.clone(), addr.clone(), PULL).await;
        pull(harmed.clone(), addr, PULL).await;
        harmed.shutdown().await;
        other.shutdown().await;
        server.shutdown().await;
    }
}
