//! Peers that read as they please, and what servers of these tests answer.

#![allow(dead_code, reason = "each test program uses a part of it")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::BytesMut;
use remoting_rpc::testing::{ScriptedPeer, any};
use remoting_rpc::transport::protocol::{
    FrameEncoder, FrameLimits, RemotingCommand, RequestCode, ResponseCode,
};
use remoting_rpc::transport::{Address, ConnectOptions, Stream, connect};
use remoting_rpc::{RemotingServer, RemotingServerBuilder, Reply, RequestProcessor};
use tokio::io::AsyncWriteExt;
use tokio::time::{sleep, timeout};

pub(crate) const PULL: RequestCode = RequestCode(20_001);
pub(crate) const ECHO: RequestCode = RequestCode(20_002);
pub(crate) const SECOND: Duration = Duration::from_secs(1);
pub(crate) const HOUR: Duration = Duration::from_secs(3_600);

pub(crate) fn builder(name: &str) -> RemotingServerBuilder {
    RemotingServer::builder().bind(format!("memory:{name}"))
}

pub(crate) fn success() -> RemotingCommand {
    RemotingCommand::response(ResponseCode::SUCCESS)
}

pub(crate) fn pull(opaque: usize) -> RemotingCommand {
    RemotingCommand::request(PULL).with_opaque(i32::try_from(opaque).unwrap())
}

/// Answers with a body of this size.
pub(crate) fn answers_of(bytes: usize) -> impl RequestProcessor {
    move |_ctx, _request| async move { Ok(success().with_body(vec![0; bytes])) }
}

/// Never answers, and counts how many of its futures are alive.
pub(crate) fn waits(alive: &Arc<AtomicUsize>) -> impl RequestProcessor {
    struct Alive(Arc<AtomicUsize>);
    impl Drop for Alive {
        fn drop(&mut self) {
            self.0.fetch_sub(1, Ordering::Relaxed);
        }
    }
    let alive = Arc::clone(alive);
    move |_ctx, _request| {
        alive.fetch_add(1, Ordering::Relaxed);
        let alive = Alive(Arc::clone(&alive));
        async move {
            std::future::pending::<()>().await;
            drop(alive);
            Ok(Reply::None)
        }
    }
}

pub(crate) fn frames(commands: impl IntoIterator<Item = RemotingCommand>) -> BytesMut {
    let encoder = FrameEncoder::new(FrameLimits::default());
    let mut bytes = BytesMut::new();
    for command in commands {
        encoder.encode(&command, &mut bytes).unwrap();
    }
    bytes
}

/// Connects without reading anything.
pub(crate) async fn stream(server: &RemotingServer) -> Stream {
    let address = Address::from(server.local_addr());
    connect(&address, &ConnectOptions::default(), SECOND).await.unwrap().stream
}

/// Connects, asks, and reads nothing. What does not fit into the pipe is written as the server reads.
pub(crate) async fn stalled(server: &RemotingServer, requests: usize) -> Stream {
    let mut stream = stream(server).await;
    stream.write_all(&frames((0..requests).map(pull))).await.unwrap();
    stream
}

pub(crate) async fn until(what: &str, condition: impl Fn() -> bool) {
    let waited = timeout(60 * SECOND, async {
        while !condition() {
            sleep(Duration::from_millis(10)).await;
        }
    });
    assert!(waited.await.is_ok(), "{what} never came true");
}

pub(crate) async fn is_answered(peer: &mut ScriptedPeer) -> bool {
    peer.send(RemotingCommand::request(ECHO)).await;
    peer.expect(any()).await.command().response_code() == ResponseCode::SUCCESS
}
