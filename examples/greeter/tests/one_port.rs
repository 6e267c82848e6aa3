//! One server, called over both protocols.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

use std::process::{Command, Stdio};

use greeter::helloworld::{
    GreeterClient, HelloRequest, Note, VisitorServer, greeter_client, greeter_methods,
};
use greeter::{MyVisitor, serve};
use prost::Message;
use remoting::protocol::{RemotingCommand, RequestCode};
use remoting::service::Code;
use remoting::{Executor, RemotingClient, RemotingServer};
use tokio_stream::StreamExt;
use tonic::transport::{Channel, Endpoint};

async fn server() -> RemotingServer {
    serve("127.0.0.1:0").await.unwrap()
}

fn grpc_channel(server: &RemotingServer) -> Channel {
    Endpoint::from_shared(format!("http://{}", server.local_addr())).unwrap().connect_lazy()
}

fn somebody() -> HelloRequest {
    HelloRequest { name: "somebody".to_owned() }
}

#[tokio::test]
async fn the_generated_client_calls_over_both_protocols() {
    let server = server().await;
    let client = RemotingClient::builder().build().unwrap();
    let over_remoting = GreeterClient::new(client.to(server.local_addr()));
    let over_grpc = GreeterClient::new(grpc_channel(&server));
    for greeter in [&over_remoting, &over_grpc] {
        assert_eq!(greeter.say_hello(&somebody()).await.unwrap().message, "Hello, somebody!");
        let status = greeter.say_hello(&HelloRequest::default()).await.unwrap_err();
        assert_eq!((status.code(), status.message()), (Code::InvalidArgument, "the request has no name"));
    }
    client.shutdown().await;
    server.shutdown().await;
}

#[tokio::test]
async fn a_note_that_was_taken_over_grpc_is_listed_over_remoting_with_its_attachment() {
    let server = server().await;
    let client = RemotingClient::builder().build().unwrap();
    let over_grpc = GreeterClient::new(grpc_channel(&server));
    let note = Note { text: "a note".to_owned(), attachment: vec![7; 100_000].into() };
    over_grpc.take_note(&note).await.unwrap();
    let over_remoting = GreeterClient::new(client.to(server.local_addr()));
    assert_eq!(over_remoting.list_notes(&()).await.unwrap().notes, [note]);
    client.shutdown().await;
    server.shutdown().await;
}

#[tokio::test]
async fn a_server_calls_its_client_over_remoting() {
    let server = server().await;
    let visitor = VisitorServer::new(MyVisitor::new("friend"));
    let client =
        RemotingClient::builder().processors(visitor.processors(Executor::inline())).build().unwrap();
    let greeter = GreeterClient::new(client.to(server.local_addr()));
    assert_eq!(greeter.welcome(&()).await.unwrap().message, "Welcome, friend!");

    let status = GreeterClient::new(grpc_channel(&server)).welcome(&()).await.unwrap_err();
    assert_eq!(status.code(), Code::FailedPrecondition);
    client.shutdown().await;
    server.shutdown().await;
}

#[tokio::test]
async fn tonics_client_calls_methods_with_and_without_streams() {
    let server = server().await;
    let mut greeter = greeter_client::GreeterClient::new(grpc_channel(&server));
    let reply = greeter.say_hello(somebody()).await.unwrap().into_inner();
    assert_eq!(reply.message, "Hello, somebody!");
    let replies = greeter.say_many_hellos(somebody()).await.unwrap().into_inner();
    let messages: Vec<_> = replies.map(|reply| reply.unwrap().message).collect().await;
    assert_eq!(messages, ["Hello, somebody!", "Bonjour, somebody!", "Ni hao, somebody!"]);
    server.shutdown().await;
}

#[tokio::test]
async fn bytes_of_a_message_are_those_of_the_body() {
    let note = Note { text: String::new(), attachment: vec![7; 100_000].into() };
    let command = RemotingCommand::request(RequestCode(20_002)).with_body(note.encode_to_vec());
    let body = command.body_bytes();
    let attachment = command.proto_body::<Note>().unwrap().attachment;
    assert!(body.as_ptr_range().contains(&attachment.as_ptr()), "the attachment was copied");
}

#[test]
fn constants_have_the_codes_of_the_file() {
    assert_eq!(greeter_methods::SAY_HELLO.request_code(), Some(RequestCode(20_001)));
    assert!(greeter_methods::TAKE_NOTE.is_oneway());
}

#[tokio::test]
async fn the_client_program_calls_the_server() {
    let server = server().await;
    let address = server.local_addr().to_string();
    let run = move || {
        let mut program = Command::new(env!("CARGO_BIN_EXE_greeter-client"));
        program.arg(address).stderr(Stdio::inherit()).output().unwrap()
    };
    let output = tokio::task::spawn_blocking(run).await.unwrap();
    assert!(output.status.success());
    assert_eq!(
        String::from_utf8(output.stdout).unwrap(),
        "over remoting: Hi, remoting!\n\
         over remoting: INVALID_ARGUMENT: the request has no name\n\
         over gRPC: Hi, gRPC!\n\
         over gRPC: INVALID_ARGUMENT: the request has no name\n\
         over remoting: Welcome, a client of remoting!\n"
    );
    server.shutdown().await;
}
