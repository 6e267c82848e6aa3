//! Limits around processors: the time of a request, and the requests of a peer at once.

mod client_support;

use std::sync::Arc;
use std::time::Duration;

use client_support::{SECOND, address, request, until};
use remoting_rpc::testing::{ScriptedPeer, response};
use remoting_rpc::tower::{DeadlineLayer, PeerConcurrencyLimitLayer};
use remoting_rpc::transport::protocol::{RemotingCommand, RequestCode, ResponseCode};
use remoting_rpc::{Executor, RemotingServer, RemotingServerBuilder, RequestContext};
use tokio::sync::Semaphore;

const CODE: RequestCode = RequestCode(20_001);

/// A server whose processor answers when it gets a permit of the gate.
fn gated(gate: &Arc<Semaphore>) -> RemotingServerBuilder {
    let gate = Arc::clone(gate);
    let processor = move |_ctx: RequestContext, _request: RemotingCommand| {
        let gate = Arc::clone(&gate);
        async move {
            gate.acquire().await?.forget();
            Ok(RemotingCommand::response(ResponseCode::SUCCESS))
        }
    };
    RemotingServer::builder().bind(address("limits")).processor(CODE, Executor::runtime(100), processor)
}

#[tokio::test(start_paused = true)]
async fn a_processor_is_dropped_at_its_deadline_and_the_error_answered() {
    let gate = Arc::new(Semaphore::new(0));
    let server = gated(&gate).layer(DeadlineLayer::new(SECOND)).start().await.unwrap();
    let client = client_support::client();
    let begun = tokio::time::Instant::now();
    let answer = client.to(server.local_addr()).invoke(request(CODE)).await.unwrap();
    assert_eq!(answer.response_code(), ResponseCode::SYSTEM_ERROR);
    assert_eq!(answer.remark(), Some("not done within 1s"));
    assert_eq!(begun.elapsed(), SECOND);
    gate.add_permits(1);
    assert_eq!(gate.available_permits(), 1, "nothing waits for the gate");
    let answer = client.to(server.local_addr()).invoke(request(CODE)).await.unwrap();
    assert_eq!(answer.response_code(), ResponseCode::SUCCESS);
}

#[tokio::test(start_paused = true)]
async fn a_deadline_of_a_century_is_not_too_long() {
    let gate = Arc::new(Semaphore::new(1));
    let server = gated(&gate).layer(DeadlineLayer::new(Duration::MAX)).start().await.unwrap();
    let answer = client_support::client().to(server.local_addr()).invoke(request(CODE)).await.unwrap();
    assert_eq!(answer.response_code(), ResponseCode::SUCCESS);
}

#[tokio::test(start_paused = true)]
async fn a_peer_at_its_limit_is_refused_while_others_are_served() {
    let gate = Arc::new(Semaphore::new(0));
    let layer = PeerConcurrencyLimitLayer::new(2);
    let server = gated(&gate).layer(layer.clone()).start().await.unwrap();
    let mut greedy = ScriptedPeer::connect(server.local_addr()).await.unwrap();
    let mut modest = ScriptedPeer::connect(server.local_addr()).await.unwrap();
    for opaque in 1..=3 {
        greedy.send(request(CODE).with_opaque(opaque)).await;
    }
    let refused = greedy.expect(response(ResponseCode::SYSTEM_BUSY)).await.into_command();
    assert_eq!(refused.opaque(), 3);
    assert_eq!(refused.remark(), Some("[OVERLOAD]system busy: 2 requests of this peer are in progress"));
    modest.send(request(CODE)).await;
    until(|| layer.peers() == 2).await;

    gate.add_permits(3);
    greedy.expect(response(ResponseCode::SUCCESS)).await;
    greedy.expect(response(ResponseCode::SUCCESS)).await;
    modest.expect(response(ResponseCode::SUCCESS)).await;
    assert_eq!(layer.peers(), 0);
    gate.add_permits(1);
    greedy.send(request(CODE)).await;
    greedy.expect(response(ResponseCode::SUCCESS)).await;
}

#[tokio::test(start_paused = true)]
async fn a_peer_that_leaves_is_forgotten() {
    let layer = PeerConcurrencyLimitLayer::new(10);
    let server = gated(&Arc::new(Semaphore::new(0))).layer(layer.clone()).start().await.unwrap();
    for _ in 0..5 {
        let peer = ScriptedPeer::connect(server.local_addr()).await.unwrap();
        peer.send(request(CODE)).await;
        until(|| layer.peers() == 1).await;
        peer.close();
        until(|| layer.peers() == 0).await;
    }
}

#[tokio::test(start_paused = true)]
async fn connections_with_one_key_share_a_limit_over_all_processors() {
    let gate = Arc::new(Semaphore::new(0));
    let layer = PeerConcurrencyLimitLayer::by(1, |_ctx| "the only one");
    let other = |_ctx: RequestContext, _request: RemotingCommand| async { Ok(()) };
    let server = gated(&gate)
        .processor(RequestCode(20_002), Executor::inline(), other)
        .layer(layer.clone())
        .start()
        .await
        .unwrap();
    let one = ScriptedPeer::connect(server.local_addr()).await.unwrap();
    let mut another = ScriptedPeer::connect(server.local_addr()).await.unwrap();
    one.send(request(CODE)).await;
    until(|| layer.peers() == 1).await;
    another.send(request(RequestCode(20_002))).await;
    another.expect(response(ResponseCode::SYSTEM_BUSY)).await;
}

#[tokio::test(start_paused = true)]
async fn a_limit_of_zero_refuses_all() {
    let server =
        gated(&Arc::new(Semaphore::new(9))).layer(PeerConcurrencyLimitLayer::new(0)).start().await.unwrap();
    let answer = client_support::client().to(server.local_addr()).invoke(request(CODE)).await.unwrap();
    assert_eq!(answer.response_code(), ResponseCode::SYSTEM_BUSY);
}
