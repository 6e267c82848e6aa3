//! What a client or server does for a thread that is not of its own runtime.

#![expect(clippy::unwrap_used, reason = "a test fails by a panic")]

mod raw_peer;

use std::sync::Arc;
use std::time::Duration;

use raw_peer::*;
use remoting_rpc::testing::{ScriptedPeer, request};
use remoting_rpc::transport::protocol::RemotingCommand;
use remoting_rpc::{EventLoops, Executor, RemotingClient, RemotingServer, Reply, Responder, ServerConfig};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::Semaphore;

fn runtime() -> Runtime {
    Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap()
}

#[test]
fn a_connection_outlives_the_runtime_of_the_call_that_opened_it() {
    let (home, other) = (runtime(), runtime());
    let gate = Arc::new(Semaphore::new(0));
    let gated = {
        let gate = Arc::clone(&gate);
        move |_ctx, _request| {
            let gate = Arc::clone(&gate);
            async move {
                gate.acquire().await?.forget();
                Ok(success())
            }
        }
    };
    let (server, client) = home.block_on(async {
        let server = RemotingServer::builder()
            .bind("127.0.0.1:0")
            .processor(ECHO, Executor::inline(), answers_of(1))
            .processor(PULL, Executor::inline(), gated);
        (server.start().await.unwrap(), RemotingClient::builder().build().unwrap())
    });
    let target = client.to(server.local_addr()).timeout(HOUR);
    other.block_on(target.invoke(RemotingCommand::request(ECHO))).unwrap();
    let call = home.spawn(target.invoke(pull(1)));
    home.block_on(until("the request has arrived", || server.statistics().requests.in_flight > 0));
    drop(other);
    gate.add_permits(1);
    home.block_on(call).unwrap().unwrap();
    assert_eq!(server.listener_statistics().accepted(), 1);
}

#[test]
fn a_callback_is_called_after_the_end_of_the_runtime_that_called() {
    let home = runtime();
    for event_loops in [None, Some(EventLoops::new(1))] {
        let (server, mut peer) = home.block_on(async {
            let server = builder("callback").event_loops(event_loops).start().await.unwrap();
            let peer = ScriptedPeer::connect(server.local_addr()).await.unwrap();
            until("the channel is listed", || !server.channels().is_empty()).await;
            (server, peer)
        });
        let (called, result) = tokio::sync::oneshot::channel();
        let caller = runtime();
        caller.block_on(async {
            let channel = server.channels().remove(0);
            channel.invoke_with_callback(pull(1), HOUR, move |result| drop(called.send(result)));
        });
        home.block_on(async {
            let received = peer.expect(request(PULL)).await;
            tokio::task::block_in_place(|| drop(caller));
            received.reply(success()).await;
            result.await.unwrap().unwrap();
            server.shutdown().await;
        });
    }
}

#[test]
fn name_servers_are_replaced_by_a_thread_without_a_runtime() {
    let home = runtime();
    let (server, client) = home.block_on(async {
        let server = builder("replaced").processor(ECHO, Executor::inline(), answers_of(1));
        let server = server.start().await.unwrap();
        let list = [server.local_addr().clone()];
        let client = RemotingClient::builder().name_servers(list).build().unwrap();
        client.invoke_name_server(RemotingCommand::request(ECHO), HOUR).await.unwrap();
        (server, client)
    });
    client.set_name_servers("memory:other").unwrap();
    home.block_on(until("the channel is closed", || server.channels().is_empty()));
}

#[test]
fn a_responder_waits_for_a_slow_peer_where_there_are_no_timers() {
    let home = runtime();
    let (keep, mut kept) = tokio::sync::mpsc::unbounded_channel();
    let keeps = move |_ctx, _request| {
        let keep = keep.clone();
        async move { Ok(Reply::later(move |responder| drop(keep.send(responder)))) }
    };
    let (server, _stalled) = home.block_on(async {
        let config = ServerConfig::new().max_response_wait(Duration::from_millis(50));
        let server = builder("no-timers").config(config).processor(PULL, Executor::inline(), keeps);
        let server = server.start().await.unwrap();
        let stalled = stalled(&server, 8).await;
        (server, stalled)
    });
    let without_timers = Builder::new_current_thread().build().unwrap();
    let error = without_timers.block_on(async {
        loop {
            let responder: Responder = kept.recv().await.unwrap();
            if let Err(error) = responder.send(success().with_body(vec![0; 400 << 10])).await {
                return error;
            }
        }
    });
    assert!(error.to_string().contains("max_response_wait"), "{error}");
    drop(server);
}
