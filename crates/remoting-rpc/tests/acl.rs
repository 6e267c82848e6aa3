//! Signed requests: Java's signatures are matched, and invalid ones are rejected.

#![expect(clippy::unwrap_used, reason = "a test fails by a panic")]

#[path = "acl/java.rs"]
mod java;
#[path = "acl/sides.rs"]
mod sides;

use std::collections::HashMap;
use std::sync::Arc;

use remoting_rpc::acl::{AclClientHook, AclVerifier, CredentialsError, SessionCredentials, UnsignableBody};
use remoting_rpc::testing::{ScriptedPeer, any};
use remoting_rpc::transport::protocol::{
    ErrorChain, ExternalBody, MqVersion, RemotingCommand, RequestCode, ResponseCode, SerializeType,
};
use remoting_rpc::transport::{Address, Secret};
use remoting_rpc::{
    Executor, Extensions, HookContext, RemotingClient, RemotingServer, RpcChannel, RpcError, RpcHook,
    ZoneHook,
};
use sides::*;

/// Returns the response of the server to each of these requests, sent unchanged.
async fn answers(server: &RemotingServer, requests: Vec<RemotingCommand>) -> Vec<(ResponseCode, String)> {
    let mut peer = ScriptedPeer::connect(server.local_addr()).await.unwrap();
    let mut answers = Vec::new();
    for request in requests {
        peer.send(request).await;
        let answer = peer.expect(any()).await.into_command();
        answers.push((answer.response_code(), answer.remark().unwrap_or_default().to_owned()));
    }
    answers
}

fn refused(remark: &str) -> (ResponseCode, String) {
    (ResponseCode::NO_PERMISSION, remark.to_owned())
}

#[test]
fn signatures_are_those_that_java_makes() {
    for vector in java::vectors() {
        let mut request =
            RemotingCommand::request(RequestCode::SEND_MESSAGE_V2).with_body(vector.body.clone());
        for (key, value) in &vector.ext_fields {
            request = request.with_ext_field(key, value).unwrap();
        }
        let request = signed(vector.credentials(), request);
        assert_eq!(request.ext_field("Signature"), Some(vector.signature.as_str()), "{}", vector.id);
    }
}

#[tokio::test(start_paused = true)]
async fn requests_signed_by_java_are_accepted() {
    for vector in java::vectors() {
        let keys = HashMap::from([(vector.access_key.clone(), Secret::from(vector.secret_key.clone()))]);
        let server = serve(&format!("java-{}", vector.id), AclVerifier::new(keys)).await;
        let answers = answers(&server, vec![vector.request()]).await;
        assert_eq!(answers[0], (ResponseCode::SUCCESS, String::new()), "{}", vector.id);
    }
}

#[derive(Debug)]
struct Elsewhere;

impl ExternalBody for Elsewhere {
    fn len(&self) -> usize {
        7
    }
}

#[tokio::test(start_paused = true)]
async fn an_external_body_is_not_signed_as_an_empty_body() {
    let server = serve("external", AclVerifier::new(keys())).await;
    let request = request().with_body(Arc::new(Elsewhere));
    let error = client(alice()).invoke(server.local_addr(), request.clone(), SECOND).await.unwrap_err();
    assert!(matches!(error, RpcError::Hook { may_have_been_sent: false, .. }), "{error}");
    assert!(ErrorChain(&error).to_string().contains("7 bytes is not in memory"), "{error:?}");

    let mut refused = request;
    let peer: Address = "memory:peer".parse().unwrap();
    let error = AclClientHook::new(alice())
        .before_request(&mut HookContext::new(&peer, &mut Extensions::new()), &mut refused)
        .unwrap_err();
    assert_eq!(error.as_error().downcast_ref(), Some(&UnsignableBody { length: 7 }));
    assert_eq!(refused.ext_field("AccessKey"), None);
}

#[tokio::test(start_paused = true)]
async fn a_signed_request_is_accepted_in_either_encoding() {
    let server = serve("encodings", AclVerifier::new(keys())).await;
    for credentials in [alice(), alice().with_security_token(TOKEN)] {
        let client = client(credentials);
        for encoding in [SerializeType::Json, SerializeType::RocketMq] {
            let request = request().with_ext_field("empty", "").unwrap().with_serialize_type(encoding);
            let response = client.invoke(server.local_addr(), request, SECOND).await.unwrap();
            assert_eq!((response.response_code(), response.remark()), (ResponseCode::SUCCESS, None));
            assert_eq!(response.ext_field("AccessKey"), Some("alice"), "the processor learns who asks");
            assert_eq!(response.ext_field("Signature"), None);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn every_invalid_signature_gets_no_permission() {
    let server = serve("wrong", AclVerifier::new(keys())).await;
    let tampered = |change: fn(RemotingCommand) -> RemotingCommand| change(signed(alice(), request()));
    let failed = || refused("check signature failed.");
    let cases = [
        (request(), refused("username cannot be null.")),
        (RemotingCommand::request(CODE), refused("username cannot be null.")),
        (request().with_ext_field("AccessKey", "").unwrap(), refused("username cannot be null.")),
        (request().with_ext_field("AccessKey", "alice").unwrap(), failed()),
        (signed(SessionCredentials::new("alice", "barley").unwrap(), request()), failed()),
        (signed(SessionCredentials::new("mallory", SECRET).unwrap(), request()), failed()),
        (signed(SessionCredentials::new("mallory", "nobody").unwrap(), request()), failed()),
        (signed(SessionCredentials::new("nokey", "nobody").unwrap(), request()), failed()),
        (tampered(|request| request.with_body("hullo")), failed()),
        (tampered(|request| request.with_ext_field("topic", "U").unwrap()), failed()),
        (tampered(|request| request.with_ext_field("more", "x").unwrap()), failed()),
        (tampered(|request| request.with_ext_field("SecurityToken", "x").unwrap()), failed()),
        (tampered(|request| request.with_ext_field("Signature", "").unwrap()), failed()),
        (tampered(|request| request.with_ext_field("Signature", "not base64!").unwrap()), failed()),
        (tampered(|request| request.with_ext_field("Signature", "AAAA").unwrap()), failed()),
    ];
    let (requests, expected): (Vec<_>, Vec<_>) = cases.into_iter().unzip();
    assert_eq!(answers(&server, requests).await, expected);
}

#[tokio::test(start_paused = true)]
async fn a_signature_covers_no_more_than_javas_does() {
    let server = serve("uncovered", AclVerifier::new(keys())).await;
    let signed = || signed(alice(), request().with_ext_field("user", "U1").unwrap());
    let changed = vec![
        signed().with_code(1002).with_opaque(5),
        signed().with_ext_field("topic", "TU").unwrap().with_ext_field("user", "1").unwrap(),
    ];
    for (code, _) in answers(&server, changed).await {
        assert_eq!(code, ResponseCode::SUCCESS);
    }
}

#[tokio::test(start_paused = true)]
async fn an_unsigned_one_way_request_is_not_processed() {
    let server = serve("oneway", AclVerifier::new(keys())).await;
    let mut peer = ScriptedPeer::connect(server.local_addr()).await.unwrap();
    peer.send(RemotingCommand::oneway(CODE)).await;
    peer.send(signed(alice(), request()).with_opaque(7)).await;
    assert_eq!(peer.expect(any()).await.command().opaque(), 7);
}

#[tokio::test(start_paused = true)]
async fn exempt_codes_are_accepted_unsigned() {
    let verifier = AclVerifier::new(keys()).exempt([RequestCode::HEART_BEAT]);
    let server = serve("exempt", verifier).await;
    let answers = answers(&server, vec![RemotingCommand::request(RequestCode::HEART_BEAT), request()]).await;
    assert_eq!(answers[0].0, ResponseCode::SUCCESS);
    assert_eq!(answers[1].0, ResponseCode::NO_PERMISSION);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_verifies_still_calls_its_clients() {
    let server = serve("push", AclVerifier::new(keys())).await;
    let push = RequestCode::NOTIFY_CONSUMER_IDS_CHANGED;
    let client = RemotingClient::builder().hook(AclClientHook::new(alice())).processor(
        push,
        Executor::inline(),
        |_, request: RemotingCommand| async move {
            Ok(RemotingCommand::response_to(&request, ResponseCode::SUCCESS))
        },
    );
    let client = client.build().unwrap();
    client.invoke(server.local_addr(), request(), SECOND).await.unwrap();
    let channel: RpcChannel = server.channels().remove(0);
    let response = channel.invoke(RemotingCommand::request(push), SECOND).await.unwrap();
    assert_eq!(response.response_code(), ResponseCode::SUCCESS);
}

#[tokio::test(start_paused = true)]
async fn fields_added_before_the_acl_hook_are_signed_and_later_ones_are_rejected() {
    let server = serve("order", AclVerifier::new(keys())).await;
    let (sign, zone) = (AclClientHook::new(alice()), ZoneHook::new("z1"));
    let before = RemotingClient::builder().hook(zone.clone()).hook(sign.clone()).build().unwrap();
    let behind = RemotingClient::builder().hook(sign).hook(zone).build().unwrap();
    for (client, expected) in [(before, ResponseCode::SUCCESS), (behind, ResponseCode::NO_PERMISSION)] {
        let response = client.invoke(server.local_addr(), request(), SECOND).await.unwrap();
        assert_eq!(response.response_code(), expected);
    }
}

#[tokio::test(start_paused = true)]
async fn credentials_are_replaced_while_the_client_works() {
    let server = serve("rotate", AclVerifier::new(keys())).await;
    let hook = AclClientHook::new(SessionCredentials::new("alice", "expired").unwrap());
    let client = RemotingClient::builder().hook(hook.clone()).build().unwrap();
    for expected in [ResponseCode::NO_PERMISSION, ResponseCode::SUCCESS] {
        let response = client.invoke(server.local_addr(), request(), SECOND).await.unwrap();
        assert_eq!(response.response_code(), expected);
        hook.replace_credentials(alice());
    }
}

#[tokio::test(start_paused = true)]
async fn the_flag_that_old_java_clients_add_unsigned_is_accepted_only_from_them() {
    let server = serve("unique", AclVerifier::new(keys())).await;
    let request = |version| {
        let signed = signed(alice(), request().with_version(MqVersion(version)));
        signed.with_ext_field("_UNIQUE_KEY_QUERY", "true").unwrap()
    };
    let codes: Vec<_> =
        answers(&server, vec![request(399), request(400)]).await.into_iter().map(|answer| answer.0).collect();
    assert_eq!(codes, [ResponseCode::SUCCESS, ResponseCode::NO_PERMISSION]);
}

#[tokio::test(start_paused = true)]
async fn a_signed_field_that_a_later_null_removes_is_not_signed() {
    let server = serve("twice", AclVerifier::new(keys())).await;
    let mut peer = ScriptedPeer::connect(server.local_addr()).await.unwrap();
    let request = signed(alice(), request().with_serialize_type(SerializeType::RocketMq));
    // A null after the value, which only a handmade header has.
    let request = java::with_raw_entry(request, "topic", "");
    assert_eq!(request.ext_field("topic"), None, "to a reader of the request the topic is gone");
    peer.send(request).await;
    let answer = peer.expect(any()).await.into_command();
    assert_eq!(answer.response_code(), ResponseCode::NO_PERMISSION);
}

#[test]
fn empty_keys_are_rejected() {
    assert_eq!(SessionCredentials::new("", SECRET).unwrap_err(), CredentialsError::NoAccessKey);
    assert_eq!(SessionCredentials::new("alice", "").unwrap_err(), CredentialsError::NoSecretKey);
}
