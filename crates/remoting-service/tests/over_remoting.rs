//! A service over remoting.
#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

mod greeter;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use remoting_rpc::tower::{DeadlineLayer, RetryPolicy};
use remoting_rpc::transport::protocol::{ErrorChain, RemotingCommand, RequestCode, ResponseCode};
use remoting_rpc::transport::{Address, MemoryNetwork};
use remoting_rpc::{Executor, HookContext, ProcessorError, RemotingClient, RemotingServer, RpcHook};
use remoting_service::{Call, Caller, Code, DeadlinePolicy, Metadata, Protocol, ServiceProcessors, Status};
use tokio::sync::Notify;
use tokio::time::Instant;
use tower::ServiceBuilder;
use tower::retry::RetryLayer;

use greeter::{Greeter, GreeterClient, GreeterServer, HelloReply, HelloRequest, NOTE, SAY_HELLO, hello};

/// Does what the name of the request says.
#[derive(Debug, Default)]
struct Service {
    notes: AtomicUsize,
    noted: Notify,
    dropped: Arc<AtomicUsize>,
}

struct CountDrop(Arc<AtomicUsize>);

impl Drop for CountDrop {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

impl Greeter for Service {
    async fn say_hello(&self, call: &Call, request: HelloRequest) -> Result<HelloReply, Status> {
        let message = match request.name.as_str() {
            "wait" => {
                let _dropped = CountDrop(Arc::clone(&self.dropped));
                std::future::pending().await
            }
            "deadline" => match call.deadline() {
                Some(deadline) => format!("{:?}", deadline - Instant::now()),
                None => "none".to_owned(),
            },
            "metadata" => {
                call.reply_metadata(|metadata| metadata.insert("answer", "yes"))
                    .map_err(|error| Status::internal(error.to_string()))?;
                format!("{:?} {:?}", call.metadata().get("tenant"), call.metadata().get_bin("trace-bin"))
            }
            "panic" => panic!("boom"),
            "call me back" => {
                let caller = call.channel().ok_or_else(|| Status::internal("no channel"))?;
                GreeterClient::new(caller).say_hello(&hello("server")).await?.message
            }
            "refused" => return Err(Status::failed_precondition("not now").with_details(request.data)),
            name => format!("hello {name}, {:?}", call.protocol()),
        };
        Ok(HelloReply { message, data: request.data })
    }

    async fn note(&self, _call: &Call, _request: HelloRequest) {
        self.notes.fetch_add(1, Ordering::SeqCst);
        self.noted.notify_one();
    }
}

async fn server(service: GreeterServer<Service>, addr: &str) -> RemotingServer {
    let processors = service.processors(&Executor::runtime(64));
    RemotingServer::builder().bind(addr).processors(processors).start().await.unwrap()
}

fn client() -> RemotingClient {
    RemotingClient::builder().build().unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_method_returns_a_message_or_a_status_and_the_caller_gets_it() {
    let server = server(GreeterServer::new(Service::default()), "memory:service-answers").await;
    let client = client();
    let greeter = GreeterClient::new(client.to(server.local_addr()));
    let data = Bytes::from(vec![7; 4 << 20]);
    let reply = greeter.say_hello(&HelloRequest { name: "you".into(), data: data.clone() }).await.unwrap();
    assert_eq!((reply.message.as_str(), reply.data), ("hello you, Remoting", data));

    let status =
        greeter.say_hello(&HelloRequest { name: "refused".into(), data: "why".into() }).await.unwrap_err();
    assert_eq!((status.code(), status.message()), (Code::FailedPrecondition, "not now"));
    assert_eq!(
        (&status.details()[..], status.response_code()),
        (&b"why"[..], Some(ResponseCode::INVALID_PARAMETER))
    );

    let status = greeter.grpc_only(&hello("x")).await.unwrap_err();
    assert_eq!((status.code(), status.may_have_been_sent()), (Code::Unimplemented, false));
    assert_eq!(status.message(), "/test.Greeter/GrpcOnly has no request code: call it over gRPC");

    let status = greeter.say_hello(&hello("panic")).await.unwrap_err();
    assert_eq!((status.code(), status.message()), (Code::Unknown, "request processor panicked: boom"));
}

#[tokio::test(start_paused = true)]
async fn metadata_travels_both_ways_and_invalid_metadata_is_not_sent() {
    let server = server(GreeterServer::new(Service::default()), "memory:service-metadata").await;
    let client = client();
    let greeter = GreeterClient::new(client.to(server.local_addr()));
    let call =
        greeter.say_hello(&hello("metadata")).metadata("tenant", "orders").metadata_bin("trace-bin", "id");
    let response = call.into_response().await.unwrap();
    assert_eq!(response.message, "Some(\"orders\") Some(b\"id\")");
    let mut expected = Metadata::new();
    expected.insert("answer", "yes").unwrap();
    assert_eq!(response.metadata(), &expected);

    let status = greeter.say_hello(&hello("metadata")).metadata("grpc-timeout", "1S").await.unwrap_err();
    assert_eq!((status.code(), status.may_have_been_sent()), (Code::InvalidArgument, false));
}

#[tokio::test(start_paused = true)]
async fn the_time_of_a_call_travels_and_is_bounded_by_the_server() {
    let policy = DeadlinePolicy::new().maximum(Duration::from_secs(60));
    let service = GreeterServer::new(Service::default());
    let dropped = Arc::clone(&service.service.dropped);
    let server = server(service.deadlines(policy), "memory:service-deadline").await;
    let client = client();
    let target = client.to(server.local_addr()).timeout(Duration::from_secs(3_600));
    let greeter = GreeterClient::new(&target);
    let of = |timeout| greeter.say_hello(&hello("deadline")).timeout(timeout);
    assert_eq!(of(Duration::from_secs(5)).await.unwrap().message, "5s");
    assert_eq!(of(Duration::from_secs(500)).await.unwrap().message, "60s");
    assert_eq!(greeter.say_hello(&hello("deadline")).await.unwrap().message, "60s");
    let limited = GreeterClient::new(&target).timeout(Duration::from_millis(70));
    assert_eq!(limited.say_hello(&hello("deadline")).await.unwrap().message, "70ms");

    // The method is dropped at the deadline, and says so while the caller still waits.
    let started = Instant::now();
    let status = greeter.say_hello(&hello("wait")).await.unwrap_err();
    assert_eq!((status.code(), started.elapsed().as_secs()), (Code::DeadlineExceeded, 60));
    assert_eq!((status.rpc_error().is_none(), dropped.load(Ordering::SeqCst)), (true, 1));
}

#[tokio::test(start_paused = true)]
async fn a_call_that_times_out_here_has_the_same_code_as_one_that_times_out_there() {
    let server = server(GreeterServer::new(Service::default()), "memory:service-timeout").await;
    let client = client();
    let greeter = GreeterClient::new(client.to(server.local_addr()));
    let status = greeter.say_hello(&hello("wait")).await.unwrap_err();
    assert_eq!((status.code(), status.may_have_been_sent()), (Code::DeadlineExceeded, true));
    assert!(status.rpc_error().unwrap().is_timeout());
}

#[tokio::test(start_paused = true)]
async fn a_one_way_method_is_called_without_a_response_and_may_be_called_with_one() {
    let service = GreeterServer::new(Service::default());
    let state = Arc::clone(&service.service);
    let server = server(service, "memory:service-oneway").await;
    let client = client();
    let greeter = GreeterClient::new(client.to(server.local_addr()));
    greeter.note(&hello("x")).await.unwrap();
    state.noted.notified().await;
    assert_eq!(state.notes.load(Ordering::SeqCst), 1);

    let request = RemotingCommand::request(RequestCode(20_002));
    let response = client.to(server.local_addr()).invoke(request).await.unwrap();
    assert_eq!((response.response_code(), state.notes.load(Ordering::SeqCst)), (ResponseCode::SUCCESS, 2));
}

#[tokio::test(start_paused = true)]
async fn a_one_way_request_that_is_no_message_or_too_late_is_counted_as_failed() {
    let service = GreeterServer::new(Service::default());
    let state = Arc::clone(&service.service);
    let server = server(service, "memory:service-oneway-failed").await;
    let client = client();
    let target = client.to(server.local_addr());
    let request = RemotingCommand::request(RequestCode(20_002));
    target.invoke_oneway(request.clone().with_body(vec![0xff; 9])).await.unwrap();
    target.invoke_oneway(request.with_ext_field("grpc-timeout", "0n").unwrap()).await.unwrap();
    let counted = async {
        while server.statistics().requests.failed < 2 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), counted).await.unwrap();
    assert_eq!(state.notes.load(Ordering::SeqCst), 0);
}

#[tokio::test(start_paused = true)]
async fn a_method_calls_its_caller_back() {
    let server = server(GreeterServer::new(Service::default()), "memory:service-callback").await;
    let own = GreeterServer::new(Service::default()).processors(&Executor::inline());
    let client = RemotingClient::builder().processors(own).build().unwrap();
    let greeter = GreeterClient::new(client.to(server.local_addr()));
    let reply = greeter.say_hello(&hello("call me back")).await.unwrap();
    assert_eq!(reply.message, "hello server, Remoting");
}

#[tokio::test(start_paused = true)]
async fn a_request_that_is_no_message_is_refused() {
    let server = server(GreeterServer::new(Service::default()), "memory:service-garbage").await;
    let client = client();
    let request = RemotingCommand::request(RequestCode(20_001)).with_body(vec![0xff; 9]);
    let response = client.to(server.local_addr()).invoke(request).await.unwrap();
    assert_eq!(response.ext_field("grpc-status"), Some("13"));
    assert!(response.remark().unwrap().starts_with("failed to decode Protobuf message"));
}

/// Notes the ext fields that a hook sees.
struct Signer(Arc<AtomicUsize>);

impl RpcHook for Signer {
    fn before_request(
        &self,
        _ctx: &mut HookContext<'_>,
        request: &mut RemotingCommand,
    ) -> Result<(), ProcessorError> {
        let fields = ["tenant", "grpc-timeout"];
        let seen = fields.iter().filter(|field| request.ext_field(field).is_some()).count();
        self.0.fetch_add(seen, Ordering::SeqCst);
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn hooks_see_metadata_and_deadline_so_signatures_cover_them() {
    let server = server(GreeterServer::new(Service::default()), "memory:service-hooks").await;
    let seen = Arc::new(AtomicUsize::new(0));
    let client = RemotingClient::builder().hook(Signer(Arc::clone(&seen))).build().unwrap();
    let greeter = GreeterClient::new(client.to(server.local_addr()));
    let call = greeter.say_hello(&hello("x")).metadata("tenant", "orders").timeout(Duration::from_secs(1));
    call.await.unwrap();
    assert_eq!(seen.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_service_is_called_without_a_connection() {
    let service = Service::default();
    let reply = service.say_hello(&Call::in_process(), hello("x")).await.unwrap();
    assert_eq!(reply.message, "hello x, InProcess");
    assert_eq!(Call::in_process().protocol(), Protocol::InProcess);
}

#[tokio::test(start_paused = true)]
async fn a_call_through_layers_of_tower_is_repeated_and_keeps_its_status() {
    let network = MemoryNetwork::new();
    let addr = Address::memory("later");
    let client = RemotingClient::builder().network(network.clone()).build().unwrap();
    let service = ServiceBuilder::new()
        .layer(RetryLayer::new(RetryPolicy::new().attempts(100)))
        .service(client.to(&addr).into_service());
    let greeter = GreeterClient::new(Caller::from_service(service));
    let call = tokio::spawn(greeter.say_hello(&hello("you")).timeout(Duration::from_secs(3_600)));
    // Attempts fail until there is a server.
    tokio::time::sleep(Duration::from_secs(1)).await;
    let processors = GreeterServer::new(Service::default()).processors(&Executor::runtime(64));
    let server = RemotingServer::builder().network(network).bind(addr).processors(processors);
    let server = server.start().await.unwrap();
    assert_eq!(call.await.unwrap().unwrap().message, "hello you, Remoting");

    greeter.note(&hello("x")).await.unwrap();
    let status = greeter.say_hello(&hello("refused")).await.unwrap_err();
    assert_eq!((status.code(), status.message()), (Code::FailedPrecondition, "not now"));
    let status = greeter.say_hello(&hello("wait")).timeout(Duration::from_secs(1)).await.unwrap_err();
    assert_eq!(status.code(), Code::DeadlineExceeded);

    let hasty = ServiceBuilder::new()
        .timeout(Duration::from_millis(10))
        .service(client.to(server.local_addr()).into_service());
    let status = GreeterClient::new(Caller::from_service(hasty)).say_hello(&hello("wait")).await.unwrap_err();
    assert_eq!((status.code(), status.may_have_been_sent()), (Code::Unknown, true));
    assert_eq!(ErrorChain(&status).to_string(), "UNKNOWN: a layer around the call failed: request timed out");
}

#[tokio::test(start_paused = true)]
async fn the_deadline_of_a_layer_is_the_same_status_with_and_without_boxed_errors() {
    let server = server(GreeterServer::new(Service::default()), "memory:service-deadline-layer").await;
    let client = client();
    let service = ServiceBuilder::new()
        .layer(DeadlineLayer::new(Duration::from_secs(1)))
        .service(client.to(server.local_addr()).into_service());
    let boxed = ServiceBuilder::new()
        .layer(DeadlineLayer::new(Duration::from_secs(1)))
        .map_err(tower::BoxError::from)
        .service(client.to(server.local_addr()).into_service());
    for caller in [Caller::from_service(service), Caller::from_service(boxed)] {
        let status = GreeterClient::new(caller).say_hello(&hello("wait")).await.unwrap_err();
        assert_eq!(status.to_string(), "DEADLINE_EXCEEDED: call not done within 1s");
        assert_eq!((status.may_have_been_sent(), status.rpc_error().unwrap().is_timeout()), (true, true));
    }
}

/// Notes the names of its requests. The first one waits on its thread.
#[derive(Debug)]
struct Blocking {
    names: Mutex<Vec<String>>,
    gate: Mutex<std::sync::mpsc::Receiver<()>>,
    called: Notify,
}

impl Greeter for Blocking {
    async fn say_hello(&self, call: &Call, request: HelloRequest) -> Result<HelloReply, Status> {
        self.names.lock().unwrap().push(request.name.clone());
        if request.name == "first" {
            self.called.notify_one();
            self.gate.lock().unwrap().recv().map_err(|error| Status::internal(error.to_string()))?;
        }
        let left = call.deadline().map(|deadline| deadline - Instant::now());
        Ok(HelloReply { message: format!("{}", left.unwrap_or_default().as_secs()), data: request.data })
    }

    async fn note(&self, _call: &Call, _request: HelloRequest) {
        self.called.notify_one();
    }
}

#[tokio::test]
async fn the_time_of_a_call_includes_its_wait_for_a_thread_and_a_late_method_is_not_called() {
    const WAIT: Duration = Duration::from_millis(50);
    let (open, gate) = std::sync::mpsc::channel();
    let service =
        Arc::new(Blocking { names: Mutex::default(), gate: Mutex::new(gate), called: Notify::new() });
    let processors = ServiceProcessors::new(Arc::clone(&service), DeadlinePolicy::new())
        .unary(SAY_HELLO, Executor::blocking(1, 16), Greeter::say_hello)
        .oneway(NOTE, Executor::inline(), Greeter::note)
        .into_set();
    let server = RemotingServer::builder().bind("memory:service-blocking").processors(processors);
    let server = server.start().await.unwrap();
    let client = client();
    let greeter = GreeterClient::new(client.to(server.local_addr()).timeout(Duration::from_secs(3_600)));

    let first = tokio::spawn(greeter.say_hello(&hello("first")));
    service.called.notified().await;
    let late = tokio::spawn(greeter.say_hello(&hello("late")).timeout(WAIT));
    let queued = tokio::spawn(greeter.say_hello(&hello("queued")).timeout(Duration::from_secs(1_000)));
    assert_eq!(late.await.unwrap().unwrap_err().code(), Code::DeadlineExceeded);
    // The note came after both, so both had arrived.
    greeter.note(&hello("x")).await.unwrap();
    service.called.notified().await;
    let another = greeter.say_hello(&hello("another")).timeout(WAIT * 2).await;
    assert_eq!(another.unwrap_err().code(), Code::DeadlineExceeded);

    open.send(()).unwrap();
    first.await.unwrap().unwrap();
    assert_eq!(queued.await.unwrap().unwrap().message, "999");
    assert_eq!(*service.names.lock().unwrap(), ["first", "queued"]);
    client.shutdown().await;
    server.shutdown().await;
}
