//! A service by hand, in the form of generated code.

#![allow(dead_code, unreachable_pub, reason = "each test uses a part")]

pub mod grpc;

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use remoting_service::{
    Call, Caller, DeadlinePolicy, Executor, Method, ProcessorSet, ServiceCall, ServiceProcessors, Status,
};

#[derive(Clone, PartialEq, prost::Message)]
pub struct HelloRequest {
    #[prost(string, tag = "1")]
    pub name: String,
    #[prost(bytes = "bytes", tag = "2")]
    pub data: Bytes,
}

#[derive(Clone, PartialEq, prost::Message)]
pub struct HelloReply {
    #[prost(string, tag = "1")]
    pub message: String,
    #[prost(bytes = "bytes", tag = "2")]
    pub data: Bytes,
}

pub const SAY_HELLO: Method<HelloRequest, HelloReply> =
    Method::new("test.Greeter", "SayHello", "/test.Greeter/SayHello").code(20_001);
pub const NOTE: Method<HelloRequest, ()> =
    Method::new("test.Greeter", "Note", "/test.Greeter/Note").code(20_002).oneway();
pub const GRPC_ONLY: Method<HelloRequest, HelloReply> =
    Method::new("test.Greeter", "GrpcOnly", "/test.Greeter/GrpcOnly");

pub trait Greeter: Send + Sync + 'static {
    fn say_hello(
        &self,
        call: &Call,
        request: HelloRequest,
    ) -> impl Future<Output = Result<HelloReply, Status>> + Send;

    fn note(&self, call: &Call, request: HelloRequest) -> impl Future<Output = ()> + Send;
}

#[derive(Debug)]
pub struct GreeterServer<T> {
    pub service: Arc<T>,
    pub deadlines: DeadlinePolicy,
}

impl<T: Greeter> GreeterServer<T> {
    pub fn new(service: T) -> Self {
        Self { service: Arc::new(service), deadlines: DeadlinePolicy::new() }
    }

    pub fn deadlines(mut self, deadlines: DeadlinePolicy) -> Self {
        self.deadlines = deadlines;
        self
    }

    pub fn processors(&self, executor: &Executor) -> ProcessorSet<T> {
        ServiceProcessors::new(Arc::clone(&self.service), self.deadlines)
            .unary(SAY_HELLO, executor.clone(), T::say_hello)
            .oneway(NOTE, executor.clone(), T::note)
            .into_set()
    }
}

#[derive(Debug, Clone)]
pub struct GreeterClient {
    caller: Caller,
}

impl GreeterClient {
    pub fn new(caller: impl Into<Caller>) -> Self {
        Self { caller: caller.into() }
    }

    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    pub fn timeout(self, timeout: Duration) -> Self {
        Self { caller: self.caller.timeout(timeout) }
    }

    pub fn say_hello(&self, request: &HelloRequest) -> ServiceCall<HelloReply> {
        self.caller.call(SAY_HELLO, request)
    }

    pub fn note(&self, request: &HelloRequest) -> ServiceCall<()> {
        self.caller.call(NOTE, request)
    }

    pub fn grpc_only(&self, request: &HelloRequest) -> ServiceCall<HelloReply> {
        self.caller.call(GRPC_ONLY, request)
    }
}

pub fn hello(name: &str) -> HelloRequest {
    HelloRequest { name: name.to_owned(), data: Bytes::new() }
}
