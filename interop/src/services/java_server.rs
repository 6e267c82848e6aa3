//! The generated client calls the services of a plain `NettyRemotingServer`.

use std::time::Duration;

use anyhow::{Context, ensure};
use greeter::MyVisitor;
use greeter::helloworld::{GreeterClient, HelloRequest, Note, VisitorServer};
use remoting::protocol::{ResponseCode, SerializeType};
use remoting::service::{Caller, Code, Method};
use remoting::{Executor, RemotingClient};
use tokio::time::sleep;

use super::descriptors::Descriptors;
use crate::client::{Cases, ENCODINGS};
use crate::java::{Drivers, ServerProcess};
use crate::outcome::CaseResult;

/// Runs the cases against a Java server.
pub(crate) async fn run(drivers: &Drivers, only: &str) -> anyhow::Result<Vec<CaseResult>> {
    let descriptors = Descriptors::write(drivers)?;
    let mut command = drivers.command("server.ServiceServerDriver");
    command.arg(descriptors.path());
    let server = ServerProcess::start(command).await?;
    let addr = server.addr("services")?;
    let visitor = VisitorServer::new(MyVisitor::new("Rust"));
    let client = RemotingClient::builder().processors(visitor.processors(Executor::inline())).build()?;
    let mut cases = Cases::new(only);
    for (encoding, suffix) in ENCODINGS {
        let caller = Caller::from(client.to(addr)).serialize_type(encoding);
        let greeter = GreeterClient::new(caller.clone());
        cases.run(format!("service-call/{suffix}"), call(&greeter)).await;
        cases.run(format!("service-metadata/{suffix}"), metadata(&greeter)).await;
        cases.run(format!("service-deadline/{suffix}"), deadline(&greeter)).await;
        cases.run(format!("service-status/{suffix}"), status(&greeter)).await;
        cases.run(format!("service-unknown-method/{suffix}"), unknown_method(&caller)).await;
        cases.run(format!("service-oneway/{suffix}"), oneway(&greeter, encoding)).await;
        cases.run(format!("service-calls-its-client/{suffix}"), called_back(&greeter)).await;
    }
    client.shutdown().await;
    server.end().await;
    Ok(cases.into_results())
}

fn somebody() -> HelloRequest {
    HelloRequest { name: "Rust".to_owned() }
}

async fn call(greeter: &GreeterClient) -> anyhow::Result<()> {
    let reply = greeter.say_hello(&somebody()).await?;
    ensure!(reply.message == "Hello, Rust!", "{reply:?}");
    Ok(())
}

async fn metadata(greeter: &GreeterClient) -> anyhow::Result<()> {
    let reply = greeter.say_hello(&somebody()).metadata("greeting", "Bonjour").await?;
    ensure!(reply.message == "Bonjour, Rust!", "{reply:?}");
    Ok(())
}

/// The server sends the time back, as metadata of its answer.
async fn deadline(greeter: &GreeterClient) -> anyhow::Result<()> {
    let call = greeter.say_hello(&somebody()).timeout(Duration::from_secs(7));
    let response = call.into_response().await?;
    let time = response.metadata().get("time").context("the server saw no time")?;
    ensure!(time == "7000000u", "{time}");
    Ok(())
}

/// Java knows no status of gRPC: its response code becomes the status.
async fn status(greeter: &GreeterClient) -> anyhow::Result<()> {
    let Err(status) = greeter.say_hello(&HelloRequest::default()).await else {
        anyhow::bail!("a request without a name was answered");
    };
    ensure!(status.code() == Code::InvalidArgument, "{status}");
    ensure!(status.message() == "the request has no name", "{status}");
    ensure!(status.response_code() == Some(ResponseCode::INVALID_PARAMETER), "{status}");
    Ok(())
}

async fn unknown_method(caller: &Caller) -> anyhow::Result<()> {
    const UNKNOWN: Method<(), ()> =
        Method::new("helloworld.Greeter", "Unknown", "/helloworld.Greeter/Unknown").code(20_999);
    let Err(status) = caller.call(UNKNOWN, &()).await else {
        anyhow::bail!("an unknown method was answered");
    };
    ensure!(status.code() == Code::Unimplemented, "{status}");
    Ok(())
}

/// Sends a note one-way, and waits until it is in the list.
async fn oneway(greeter: &GreeterClient, encoding: SerializeType) -> anyhow::Result<()> {
    let note = Note { text: format!("from Rust, {encoding:?}"), attachment: vec![7; 100_000].into() };
    greeter.take_note(&note).await?;
    while !greeter.list_notes(&()).await?.notes.contains(&note) {
        sleep(Duration::from_millis(20)).await;
    }
    Ok(())
}

async fn called_back(greeter: &GreeterClient) -> anyhow::Result<()> {
    let reply = greeter.welcome(&()).await?;
    ensure!(reply.message == "Welcome, Rust!", "{reply:?}");
    Ok(())
}
