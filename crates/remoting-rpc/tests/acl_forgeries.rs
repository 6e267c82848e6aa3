//! Requests that only look signed.

#![expect(clippy::unwrap_used, reason = "a test fails by a panic")]

#[path = "acl/java.rs"]
#[allow(dead_code, reason = "each test program uses its own part")]
mod java;
#[path = "acl/sides.rs"]
#[allow(dead_code, reason = "each test program uses its own part")]
mod sides;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use remoting_rpc::acl::AclVerifier;
use remoting_rpc::testing::{ScriptedPeer, any};
use remoting_rpc::transport::Secret;
use remoting_rpc::transport::protocol::{RemotingCommand, ResponseCode, SerializeType};
use remoting_rpc::{Executor, RemotingServer};
use sha1::Sha1;
use sides::*;

/// A server that verifies, and responds with every field `topic` that its processor finds and with its lookup.
async fn serve_topics(name: &str, verifier: AclVerifier) -> RemotingServer {
    let topics = |_, request: RemotingCommand| async move {
        let fields = request.ext_fields().into_iter().flatten();
        let mut topics: Vec<_> = fields.filter(|(key, _)| *key == "topic").map(|(_, value)| value).collect();
        topics.extend(request.ext_field("topic"));
        Ok(RemotingCommand::response(ResponseCode::SUCCESS).with_remark(topics.join(" ")))
    };
    let server = RemotingServer::builder().bind(format!("memory:forgeries-{name}"));
    let server = server.request_pipeline(verifier).default_processor(Executor::inline(), topics);
    server.start().await.unwrap()
}

async fn answer(server: &RemotingServer, request: RemotingCommand) -> (ResponseCode, String) {
    let mut peer = ScriptedPeer::connect(server.local_addr()).await.unwrap();
    peer.send(request).await;
    let answer = peer.expect(any()).await.into_command();
    (answer.response_code(), answer.remark().unwrap_or_default().to_owned())
}

/// A request of alice with the topic `T` and a ROCKETMQ header.
fn request_of_alice() -> RemotingCommand {
    signed(alice(), request().with_serialize_type(SerializeType::RocketMq))
}

#[tokio::test(start_paused = true)]
async fn a_field_added_after_the_signed_one_breaks_the_signature() {
    let server = serve_topics("behind", AclVerifier::new(keys())).await;
    let forged = java::with_raw_entry(request_of_alice(), "topic", "forged");
    assert_eq!(answer(&server, forged).await.0, ResponseCode::NO_PERMISSION);
}

#[tokio::test(start_paused = true)]
async fn of_a_repeated_field_the_processor_sees_only_the_signed_value() {
    let server = serve_topics("before", AclVerifier::new(keys())).await;
    // The signed field comes last, as where Java sends a field twice, and another one before it.
    let forged = request_of_alice().with_ext_field("topic", "forged").unwrap();
    let forged = java::with_raw_entry(forged, "topic", "T");
    assert_eq!(forged.ext_fields().unwrap().iter().filter(|(key, _)| *key == "topic").count(), 2);
    assert_eq!(answer(&server, forged).await, (ResponseCode::SUCCESS, "T T".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn a_user_whose_key_is_empty_cannot_sign() {
    let keys = |user: &str| (user == "nokey").then(|| Secret::from(""));
    let server = serve_topics("empty-key", AclVerifier::new(keys)).await;
    // The content to sign with an empty key: the values in the order of their keys, and the body.
    let mut mac = Hmac::<Sha1>::new_from_slice(b"").unwrap();
    mac.update(b"nokey");
    mac.update(b"T");
    mac.update(b"hello");
    let signature = STANDARD.encode(mac.finalize().into_bytes());
    let request = request().with_ext_field("AccessKey", "nokey").unwrap();
    let request = request.with_ext_field("Signature", &signature).unwrap();
    assert_eq!(
        answer(&server, request).await,
        (ResponseCode::NO_PERMISSION, "check signature failed.".to_owned())
    );
}
