//! The service over gRPC, in the form of tonic's generated code.

#![allow(dead_code, reason = "each test uses a part")]

use std::convert::Infallible;
use std::sync::Arc;

use remoting_rpc::transport::{Address, MemoryNetwork, SocketOptions};
use remoting_service::DeadlinePolicy;
use remoting_service::grpc::{self, MAX_MESSAGE_SIZE, MessageDeadline};
use tonic::codegen::{BoxFuture, Context, Poll, Service, http};
use tonic::transport::{Channel, Endpoint, Uri};
use tonic_prost::ProstCodec;

use super::{Greeter, GreeterServer, HelloReply, HelloRequest, NOTE, SAY_HELLO};

/// The service that tonic calls.
#[derive(Debug)]
pub struct GreeterGrpc<T> {
    service: Arc<T>,
    deadlines: DeadlinePolicy,
}

impl<T> Clone for GreeterGrpc<T> {
    fn clone(&self) -> Self {
        Self { service: Arc::clone(&self.service), deadlines: self.deadlines }
    }
}

impl<T: Greeter> GreeterServer<T> {
    pub fn grpc(&self) -> MessageDeadline<GreeterGrpc<T>> {
        const UNARY: &[&str] = &[SAY_HELLO.path(), NOTE.path()];
        MessageDeadline::new(self.grpc_without_message_deadline(), self.deadlines, UNARY)
    }

    pub fn grpc_without_message_deadline(&self) -> GreeterGrpc<T> {
        GreeterGrpc { service: Arc::clone(&self.service), deadlines: self.deadlines }
    }
}

impl<T> tonic::server::NamedService for GreeterGrpc<T> {
    const NAME: &'static str = "test.Greeter";
}

struct SayHello<T>(GreeterGrpc<T>);

impl<T: Greeter> tonic::server::UnaryService<HelloRequest> for SayHello<T> {
    type Response = HelloReply;
    type Future = BoxFuture<tonic::Response<HelloReply>, tonic::Status>;

    fn call(&mut self, request: tonic::Request<HelloRequest>) -> Self::Future {
        let GreeterGrpc { service, deadlines } = self.0.clone();
        Box::pin(async move { grpc::unary(&*service, deadlines, request, T::say_hello).await })
    }
}

struct Note<T>(GreeterGrpc<T>);

impl<T: Greeter> tonic::server::UnaryService<HelloRequest> for Note<T> {
    type Response = ();
    type Future = BoxFuture<tonic::Response<()>, tonic::Status>;

    fn call(&mut self, request: tonic::Request<HelloRequest>) -> Self::Future {
        let GreeterGrpc { service, deadlines } = self.0.clone();
        Box::pin(async move { grpc::oneway(&*service, deadlines, request, T::note).await })
    }
}

impl<T: Greeter> Service<http::Request<tonic::body::Body>> for GreeterGrpc<T> {
    type Response = http::Response<tonic::body::Body>;
    type Error = Infallible;
    type Future = BoxFuture<Self::Response, Infallible>;

    fn poll_ready(&mut self, _cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<tonic::body::Body>) -> Self::Future {
        let this = self.clone();
        Box::pin(async move {
            Ok(match request.uri().path() {
                path if path == SAY_HELLO.path() => {
                    let codec = ProstCodec::<HelloReply, HelloRequest>::default();
                    let mut grpc = tonic::server::Grpc::new(codec)
                        .max_decoding_message_size(MAX_MESSAGE_SIZE)
                        .max_encoding_message_size(MAX_MESSAGE_SIZE);
                    grpc.unary(SayHello(this), request).await
                }
                path if path == NOTE.path() => {
                    let codec = ProstCodec::<(), HelloRequest>::default();
                    tonic::server::Grpc::new(codec).unary(Note(this), request).await
                }
                _ => tonic::Status::unimplemented("").into_http(),
            })
        })
    }
}

/// A gRPC channel to an address of a network in memory.
pub fn channel(network: &MemoryNetwork, addr: &Address) -> Channel {
    channel_of(Endpoint::from_static("http://in.memory"), network, addr)
}

/// A gRPC channel of an endpoint to an address of a network in memory.
pub fn channel_of(endpoint: Endpoint, network: &MemoryNetwork, addr: &Address) -> Channel {
    endpoint.connect_with_connector_lazy(Connector { network: network.clone(), addr: addr.clone() })
}

struct Connector {
    network: MemoryNetwork,
    addr: Address,
}

impl Service<Uri> for Connector {
    type Response = hyper_util::rt::TokioIo<remoting_rpc::transport::Stream>;
    type Error = std::io::Error;
    type Future = std::future::Ready<Result<Self::Response, Self::Error>>;

    fn poll_ready(&mut self, _cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _uri: Uri) -> Self::Future {
        let connected = self.network.connect(&self.addr, &SocketOptions::default());
        std::future::ready(
            connected.map(|(connection, _link)| hyper_util::rt::TokioIo::new(connection.stream)),
        )
    }
}
