//! What is logged of calls over gRPC.
#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

mod greeter;

use std::convert::Infallible;
use std::io;
use std::sync::{Arc, Mutex};

use greeter::grpc::channel;
use greeter::{Greeter, GreeterClient, GreeterServer, HelloReply, HelloRequest, hello};
use remoting_rpc::RemotingServer;
use remoting_rpc::transport::{Address, MemoryNetwork};
use remoting_service::grpc::Grpc;
use remoting_service::{Call, Status};
use tonic::body::Body;
use tonic::codegen::http;
use tonic::service::Routes;
use tower::{ServiceBuilder, service_fn};

/// The lines of the log.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn lines_with(&self, text: &str) -> Vec<String> {
        let log = String::from_utf8(self.0.lock().unwrap().clone()).unwrap();
        log.lines().filter(|line| line.contains(text)).map(str::to_owned).collect()
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[derive(Debug)]
struct Panics;

impl Greeter for Panics {
    async fn say_hello(&self, _call: &Call, _request: HelloRequest) -> Result<HelloReply, Status> {
        panic!("in the method")
    }

    async fn note(&self, _call: &Call, _request: HelloRequest) {}
}

/// A service in whose future something else than a method panics, and one that panics before it returns a future.
async fn panics(_request: http::Request<Body>) -> Result<http::Response<Body>, Infallible> {
    panic!("in a layer")
}

fn panics_at_once(request: http::Request<Body>) -> http::Request<Body> {
    assert!(request.uri().path().is_empty(), "at once");
    request
}

#[tokio::test(start_paused = true)]
async fn a_panic_is_answered_and_logged_with_its_peer_and_its_path_wherever_it_happens() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::DEBUG)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    tracing::subscriber::set_global_default(subscriber).unwrap();
    let network = MemoryNetwork::new();
    let steps = [
        ("in the method", Grpc::new(Routes::new(GreeterServer::new(Panics).grpc()))),
        ("in a layer", Grpc::new(service_fn(panics))),
        ("at once", Grpc::new(ServiceBuilder::new().map_request(panics_at_once).service_fn(panics))),
    ];
    for (place, step) in steps {
        let addr = Address::memory(place.replace(' ', "-"));
        let server =
            RemotingServer::builder().network(network.clone()).bind(addr.clone()).prologue_step(step);
        let server = server.start().await.unwrap();
        let greeter = GreeterClient::new(channel(&network, &addr));
        for _ in 0..2 {
            let status = greeter.say_hello(&hello("x")).await.unwrap_err();
            assert_eq!(status.to_string(), format!("UNKNOWN: request processor panicked: {place}"));
        }
        let lines = log.lines_with(&format!("a method of a service panicked: {place}"));
        assert_eq!(lines.len(), 2, "{lines:?}");
        for line in lines {
            assert!(line.contains("ERROR") && line.contains("peer=memory:"), "{line}");
            assert!(line.contains("path=\"/test.Greeter/SayHello\""), "{line}");
        }
        server.shutdown().await;
    }
}
