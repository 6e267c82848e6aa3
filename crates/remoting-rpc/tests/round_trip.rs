//! A server and raw clients over each transport.

#![expect(clippy::unwrap_used, reason = "a test fails by a panic")]

use remoting_rpc::testing::{ScriptedPeer, response};
use remoting_rpc::transport::protocol::{RemotingCommand, RequestCode, ResponseCode, SerializeType};
use remoting_rpc::{Executor, RemotingServer};

const ECHO: RequestCode = RequestCode(1001);

async fn echo_server(address: &str) -> RemotingServer {
    RemotingServer::builder()
        .bind(address)
        .processor(ECHO, Executor::inline(), |_ctx, request: RemotingCommand| async move {
            Ok(RemotingCommand::response_to(&request, ResponseCode::SUCCESS).with_body(request.into_body()))
        })
        .start()
        .await
        .unwrap()
}

async fn echoes(server: &RemotingServer) {
    let mut peer = ScriptedPeer::connect(server.local_addr()).await.unwrap();
    for (opaque, serialize_type) in [(7, SerializeType::Json), (-8, SerializeType::RocketMq)] {
        let request = RemotingCommand::request(ECHO).with_opaque(opaque).with_serialize_type(serialize_type);
        peer.send(request.with_body("hello")).await;
        let echo = peer.expect(response(ResponseCode::SUCCESS)).await.into_command();
        assert_eq!((echo.opaque(), echo.serialize_type()), (opaque, serialize_type));
        assert_eq!(echo.body(), b"hello");
    }
}

#[tokio::test]
async fn a_request_over_tcp_is_answered_in_its_own_encoding() {
    let server = echo_server("127.0.0.1:0").await;
    echoes(&server).await;
    assert!(server.shutdown().await.is_clean());
}

#[tokio::test]
async fn a_request_over_memory_is_answered_in_its_own_encoding() {
    let server = echo_server("memory:round-trip").await;
    echoes(&server).await;
    assert!(server.shutdown().await.is_clean());
}

#[cfg(unix)]
#[tokio::test]
async fn a_request_over_a_unix_socket_is_answered_in_its_own_encoding() {
    let path = std::env::temp_dir().join(format!("remoting-rpc-{}.sock", std::process::id()));
    let _ = std::fs::remove_file(&path); // left by a killed process with this ID
    let server = echo_server(&format!("unix:{}", path.display())).await;
    echoes(&server).await;
    assert!(server.shutdown().await.is_clean());
    assert!(!path.exists(), "the socket's file is removed");
}
