//! The memory that a waiting request pins besides itself.

#![expect(clippy::unwrap_used, reason = "a test fails by a panic")]

use std::time::Duration;

use remoting_rpc::testing::{ScriptedPeer, any};
use remoting_rpc::transport::protocol::{RemotingCommand, RequestCode, ResponseCode, SerializeType};
use remoting_rpc::{Executor, RemotingServer, RequestContext};
use tokio::time::sleep;

const PULL: RequestCode = RequestCode(20_001);
const ECHO: RequestCode = RequestCode(20_002);
const KEPT: usize = 200;
const BETWEEN: usize = 400;

fn request(code: RequestCode) -> RemotingCommand {
    RemotingCommand::request(code)
        .with_serialize_type(SerializeType::RocketMq)
        .with_ext_field("topic", "a topic with a name of usual length")
        .unwrap()
        .with_body(vec![7; 60])
}

/// One in 400 requests on a busy connection waits, as a long poll does.
async fn busy_connection(name: &str, executor: Executor) -> (RemotingServer, ScriptedPeer) {
    let server = RemotingServer::builder()
        .bind(format!("memory:kept-{name}"))
        .processor(PULL, executor, |_ctx: RequestContext, request: RemotingCommand| async move {
            std::future::pending::<()>().await;
            Ok(request) // it is kept until here
        })
        .processor(ECHO, Executor::inline(), |_ctx, _request| async {
            Ok(RemotingCommand::response(ResponseCode::SUCCESS))
        })
        .start()
        .await
        .unwrap();
    let mut peer = ScriptedPeer::connect(server.local_addr()).await.unwrap();
    for _ in 0..KEPT {
        peer.send(request(PULL)).await;
        for _ in 0..BETWEEN {
            peer.send(request(ECHO)).await;
        }
        for _ in 0..BETWEEN {
            peer.expect(any()).await;
        }
    }
    (server, peer)
}

#[test]
fn a_waiting_request_does_not_pin_the_read_buffer() {
    for (name, executor) in [("inline", Executor::inline()), ("runtime", Executor::runtime(1_000))] {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build();
        let runtime = runtime.unwrap();
        let mut kept = None;
        let allocations = allocation_counter::measure(|| {
            kept = Some(runtime.block_on(async {
                let connection = busy_connection(name, executor).await;
                sleep(Duration::from_secs(60)).await; // buffers of a quiet channel are given back
                connection
            }));
        });
        let (server, _peer) = kept.unwrap();
        assert_eq!(server.statistics().requests.in_flight, KEPT);
        let each = allocations.bytes_current / i64::try_from(KEPT).unwrap();
        println!("{name}: {each} bytes for each request that waits");
        assert!(each < 8_000, "{name}: {each} bytes for each");
    }
}
