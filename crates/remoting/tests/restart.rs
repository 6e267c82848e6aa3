//! Orderly restarts of a server under load, with default settings.

#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use remoting::prelude::*;

const ECHO: RequestCode = RequestCode(20_001);
const CALLERS: usize = 20;
const RESTARTS: usize = 5;

async fn serve(address: &Address) -> RemotingServer {
    let echo = |_ctx, request: RemotingCommand| async move {
        tokio::time::sleep(Duration::from_millis(2)).await;
        let response = RemotingCommand::response_to(&request, ResponseCode::SUCCESS);
        Ok(response.with_body(request.into_body()))
    };
    let builder = RemotingServer::builder().bind(address.clone());
    builder.processor(ECHO, Executor::runtime(1_000), echo).start().await.unwrap()
}

/// The outcomes of the calls of one caller.
#[derive(Debug, Default)]
struct Calls {
    answered: AtomicUsize,
    moved: AtomicUsize,
    in_doubt: AtomicUsize,
}

/// Calls the one server, and where that did not take the request the other one, until it is stopped.
async fn call(client: RemotingClient, servers: [Address; 2], calls: Arc<Calls>, stop: Arc<AtomicBool>) {
    let mut preferred = 0;
    let mut number = 0_u32;
    while !stop.load(Ordering::Relaxed) {
        number += 1;
        let request = RemotingCommand::request(ECHO).with_body(number.to_be_bytes().to_vec());
        match client.invoke(&servers[preferred], request, Duration::from_secs(30)).await {
            Ok(response) => {
                assert_eq!(response.response_code(), ResponseCode::SUCCESS, "{response:?}");
                assert_eq!(response.body(), &number.to_be_bytes()[..]);
                calls.answered.fetch_add(1, Ordering::Relaxed);
            }
            Err(error) if error.may_have_been_sent() => {
                println!("in doubt: {}", ErrorChain(&error));
                calls.in_doubt.fetch_add(1, Ordering::Relaxed);
            }
            Err(_) => {
                preferred = 1 - preferred;
                calls.moved.fetch_add(1, Ordering::Relaxed);
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        }
    }
}

async fn restart_under_load(servers: [Address; 2]) {
    let mut running = [serve(&servers[0]).await, serve(&servers[1]).await];
    let addresses = [running[0].local_addr().clone(), running[1].local_addr().clone()];
    let client = RemotingClient::builder().build().unwrap();
    let (calls, stop) = (Arc::<Calls>::default(), Arc::<AtomicBool>::default());
    let callers: Vec<_> = (0..CALLERS)
        .map(|_| {
            let (calls, stop) = (Arc::clone(&calls), Arc::clone(&stop));
            tokio::spawn(call(client.clone(), addresses.clone(), calls, stop))
        })
        .collect();
    for restart in 0..RESTARTS {
        tokio::time::sleep(Duration::from_millis(300)).await;
        let at = restart % 2;
        let report = running[at].shutdown().await;
        assert!(report.is_clean(), "{report:?}");
        running[at] = serve(&addresses[at]).await;
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    stop.store(true, Ordering::Relaxed);
    for caller in callers {
        caller.await.unwrap();
    }
    client.shutdown().await;
    println!("{calls:?}");
    assert!(calls.answered.load(Ordering::Relaxed) > CALLERS * RESTARTS, "{calls:?}");
    assert_eq!(calls.in_doubt.load(Ordering::Relaxed), 0, "{calls:?}");
}

#[tokio::test(start_paused = true)]
async fn orderly_restarts_under_load_leave_no_call_in_doubt() {
    let address = |name: &str| Address::memory(format!("restart-{name}"));
    restart_under_load([address("a"), address("b")]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn orderly_restarts_under_load_leave_no_call_in_doubt_on_sockets() {
    let address = || "127.0.0.1:0".parse().unwrap();
    restart_under_load([address(), address()]).await;
}
