//! A channel closed by its peer ends with the last of the peer's requests.

#![expect(clippy::unwrap_used, reason = "a test fails by a panic")]

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use remoting_rpc::transport::protocol::{FrameEncoder, RemotingCommand, RequestCode};
use remoting_rpc::transport::{Address, ConnectOptions, Connection, connect};
use remoting_rpc::{Executor, RemotingServer, RequestContext, RpcChannel};
use tokio::io::AsyncWriteExt;
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout};

const CODE: RequestCode = RequestCode(31_001);
/// The duration of the first request; the second takes twice as long, and so on. Shorter than the close
/// time-out.
const WORK: Duration = Duration::from_millis(100);

/// Returns a channel whose peer has sent one-way requests and closed.
async fn closed_by_its_peer(
    name: &str,
    executor: Executor,
    requests: usize,
) -> (RemotingServer, RpcChannel, Connection) {
    let begun = Arc::new(Semaphore::new(0));
    let (begins, requests_begun) = (Arc::clone(&begun), AtomicU32::new(0));
    let processor = move |_: RequestContext, _: RemotingCommand| {
        begins.add_permits(1);
        let work = WORK * (requests_begun.fetch_add(1, Ordering::SeqCst) + 1);
        async move {
            tokio::time::sleep(work).await;
            Ok(())
        }
    };
    let server = RemotingServer::builder().bind(Address::memory(format!("closing-channel-{name}")));
    let server = server.processor(CODE, executor, processor).start().await.unwrap();

    let mut peer = connect(server.local_addr(), &ConnectOptions::default(), WORK).await.unwrap();
    let mut bytes = bytes::BytesMut::new();
    for _ in 0..requests {
        FrameEncoder::default().encode(&RemotingCommand::oneway(CODE), &mut bytes).unwrap();
    }
    peer.stream.write_all(&bytes).await.unwrap();
    let requests = u32::try_from(requests).unwrap();
    timeout(WORK, begun.acquire_many(requests)).await.unwrap().unwrap().forget();
    let channel = server.channels().remove(0);
    peer.stream.shutdown().await.unwrap();
    (server, channel, peer)
}

#[tokio::test(start_paused = true)]
async fn a_channel_that_its_peer_closed_ends_when_its_last_request_does() {
    for (name, executor) in [("inline", Executor::inline()), ("runtime", Executor::runtime(10))] {
        let began = Instant::now();
        let (server, channel, _peer) = closed_by_its_peer(name, executor, 3).await;
        channel.closed().await;
        assert_eq!(began.elapsed(), 3 * WORK, "{name}: neither before, nor at the close time-out");
        server.shutdown().await;
    }
}
