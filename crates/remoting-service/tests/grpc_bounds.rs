//! What a peer over gRPC can hold, and for how long.
#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

mod greeter;

use std::collections::VecDeque;
use std::convert::Infallible;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Body as HttpBody, Frame};
use prost::Message;
use remoting_rpc::RemotingServer;
use remoting_rpc::transport::{Address, HTTP2_PREFACE, MemoryNetwork, SocketOptions};
use remoting_service::grpc::Grpc;
use remoting_service::{Call, Code, DeadlinePolicy, Status};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::Semaphore;
use tokio::time::Instant;
use tonic::body::Body;
use tonic::codegen::{Service as _, http};
use tonic::service::Routes;
use tonic::transport::{Channel, Endpoint};

use greeter::grpc::channel_of;
use greeter::{Greeter, GreeterClient, GreeterServer, HelloReply, HelloRequest, SAY_HELLO, hello};

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);

/// Counts its calls, and returns what it gets.
#[derive(Debug)]
struct Echo {
    calls: AtomicUsize,
    /// Calls with the name `wait` take a permit.
    gate: Semaphore,
}

impl Default for Echo {
    fn default() -> Self {
        Self { calls: AtomicUsize::new(0), gate: Semaphore::new(0) }
    }
}

impl Greeter for Echo {
    async fn say_hello(&self, call: &Call, request: HelloRequest) -> Result<HelloReply, Status> {
        self.calls.fetch_add(1, Ordering::SeqCst);
        if request.name == "wait" {
            self.gate.acquire().await.unwrap().forget();
        }
        let left = call.deadline().map(|deadline| deadline - Instant::now());
        Ok(HelloReply { message: format!("{left:?}"), data: request.data })
    }

    async fn note(&self, _call: &Call, _request: HelloRequest) {}
}

struct Port {
    service: Arc<Echo>,
    network: MemoryNetwork,
    server: RemotingServer,
}

impl Port {
    /// Serves requests with or without the limit of generated servers.
    async fn start(policy: DeadlinePolicy, message_deadline: bool) -> Self {
        let greeter = GreeterServer::new(Echo::default()).deadlines(policy);
        let routes = if message_deadline {
            Routes::new(greeter.grpc())
        } else {
            Routes::new(greeter.grpc_without_message_deadline())
        };
        let network = MemoryNetwork::new();
        let server = RemotingServer::builder()
            .network(network.clone())
            .bind("memory:bounds")
            .prologue_step(Grpc::new(routes))
            .start()
            .await
            .unwrap();
        Self { service: greeter.service, network, server }
    }

    fn channel(&self) -> Channel {
        let endpoint = Endpoint::from_static("http://in.memory").initial_stream_window_size(64 << 10);
        channel_of(endpoint, &self.network, &Address::memory("bounds"))
    }
}

/// A body that comes in parts, each after a pause, and never ends.
struct Endless {
    parts: VecDeque<Bytes>,
    pause: Duration,
    sleep: Pin<Box<tokio::time::Sleep>>,
}

impl Endless {
    fn new(pause: Duration, parts: impl IntoIterator<Item = Bytes>) -> Self {
        let sleep = Box::pin(tokio::time::sleep(Duration::ZERO));
        Self { parts: parts.into_iter().collect(), pause, sleep }
    }
}

impl HttpBody for Endless {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if self.parts.is_empty() || self.sleep.as_mut().poll(cx).is_pending() {
            return Poll::Pending;
        }
        let next = Instant::now() + self.pause;
        self.sleep.as_mut().reset(next);
        Poll::Ready(self.parts.pop_front().map(|part| Ok(Frame::data(part))))
    }
}

/// Returns the bytes of a message with its prefix.
fn framed(data: Bytes) -> Bytes {
    let message = HelloRequest { name: "you".into(), data }.encode_to_vec();
    let length = u32::try_from(message.len()).unwrap().to_be_bytes();
    [&[0], &length[..], &message].concat().into()
}

fn request(body: impl HttpBody<Data = Bytes, Error = Infallible> + Send + 'static) -> http::Request<Body> {
    http::Request::post(format!("http://in.memory{}", SAY_HELLO.path()))
        .header("content-type", "application/grpc")
        .header("te", "trailers")
        .body(Body::new(body))
        .unwrap()
}

async fn send(channel: &mut Channel, request: http::Request<Body>) -> http::Response<Body> {
    poll_fn(|cx| channel.poll_ready(cx)).await.unwrap();
    channel.call(request).await.unwrap()
}

/// Returns the status in the head of a response, and after how long it came.
async fn refused(channel: &mut Channel, request: http::Request<Body>) -> (Code, Duration) {
    let started = Instant::now();
    let response = tokio::time::timeout(MINUTE * 60, send(channel, request)).await.unwrap();
    let status = tonic::Status::from_header_map(response.headers()).unwrap();
    (Status::from(status).code(), started.elapsed())
}

#[tokio::test(start_paused = true)]
async fn a_request_must_be_complete_within_a_minute_and_before_its_deadline() {
    let message = framed(Bytes::new());
    let parts = [vec![], vec![message.slice(..7)], vec![message.clone()]];
    let timed = |parts: Vec<Bytes>, timeout: &'static str| {
        let mut request = request(Endless::new(Duration::ZERO, parts));
        request.headers_mut().insert("grpc-timeout", http::HeaderValue::from_static(timeout));
        request
    };
    let port = Port::start(DeadlinePolicy::new(), true).await;
    let mut channel = port.channel();
    for parts in parts.clone() {
        let request = request(Endless::new(Duration::ZERO, parts.clone()));
        assert_eq!(refused(&mut channel, request).await, (Code::DeadlineExceeded, MINUTE), "{parts:?}");
        let late = refused(&mut channel, timed(parts.clone(), "1H")).await;
        assert_eq!(late, (Code::DeadlineExceeded, MINUTE), "{parts:?}");
    }
    let port_with_maximum = Port::start(DeadlinePolicy::new().maximum(SECOND), true).await;
    let mut channel = port_with_maximum.channel();
    for parts in parts {
        let late = refused(&mut channel, timed(parts.clone(), "1H")).await;
        assert_eq!(late, (Code::DeadlineExceeded, SECOND), "{parts:?}");
    }
    for port in [port, port_with_maximum] {
        assert_eq!(port.service.calls.load(Ordering::SeqCst), 0);
        assert!(port.server.shutdown().await.is_clean());
    }
}

#[tokio::test(start_paused = true)]
async fn the_time_of_a_call_starts_with_the_head_of_its_request() {
    let port = Port::start(DeadlinePolicy::new().maximum(SECOND * 50), true).await;
    let message = framed(Bytes::new());
    let parts = [message.slice(..1), message.slice(1..9), message.slice(9..)];
    let body = Endless::new(SECOND * 10, parts);
    let mut channel = port.channel();
    let call = send(&mut channel, request(Ending(body)));
    let mut response = call.await.into_body();
    let data = poll_fn(|cx| Pin::new(&mut response).poll_frame(cx)).await.unwrap().unwrap();
    let reply = HelloReply::decode(data.into_data().unwrap().slice(5..)).unwrap();
    assert_eq!(reply.message, "Some(30s)");
}

/// A body that ends after its parts.
struct Ending(Endless);

impl HttpBody for Ending {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if self.0.parts.is_empty() { Poll::Ready(None) } else { Pin::new(&mut self.0).poll_frame(cx) }
    }
}

#[tokio::test(start_paused = true)]
async fn a_message_of_any_service_must_make_progress_and_a_stream_may_pause() {
    let port = Port::start(DeadlinePolicy::new(), false).await;
    let mut channel = port.channel();
    let message = framed(Bytes::from(vec![7; 100 << 10]));
    for (sent, ends) in [(7, MINUTE), (80 << 10, MINUTE)] {
        let request = request(Endless::new(Duration::ZERO, [message.slice(..sent)]));
        assert_eq!(refused(&mut channel, request).await, (Code::DeadlineExceeded, ends), "{sent}");
    }
    // A byte now and then is no progress.
    let drops = (0..10).map(|at| message.slice(at..=at));
    let request_of_drops = request(Endless::new(SECOND * 50, drops));
    assert_eq!(refused(&mut channel, request_of_drops).await, (Code::DeadlineExceeded, MINUTE));

    // 64 KiB a minute are.
    let halves = [message.slice(..70 << 10), message.slice(70 << 10..)];
    let slow = request(Ending(Endless::new(SECOND * 50, halves)));
    assert_eq!(send(&mut channel, slow).await.status(), http::StatusCode::OK);
    assert_eq!(port.service.calls.load(Ordering::SeqCst), 1);

    // No message has begun: for what it is worth, the call may become one with a stream.
    let silent = send(&mut channel, request(Endless::new(Duration::ZERO, [])));
    assert!(tokio::time::timeout(MINUTE * 60, silent).await.is_err());
    assert!(port.server.shutdown().await.is_clean());
}

/// Reads a response in steps of 64 KiB with a pause between them. Returns how many bytes came before it ended, and whether it
/// was reset.
async fn read_slowly(response: http::Response<Body>, pause: Duration) -> (usize, bool) {
    let (mut body, mut read, mut in_step) = (response.into_body(), 0, 0);
    loop {
        match poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
            None => return (read, false),
            Some(Err(_reset)) => return (read, true),
            Some(Ok(frame)) => {
                let length = frame.data_ref().map_or(0, Bytes::len);
                (read, in_step) = (read + length, in_step + length);
                if in_step >= 64 << 10 {
                    in_step = 0;
                    tokio::time::sleep(pause).await;
                }
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_response_that_its_peer_does_not_take_is_reset_after_a_minute() {
    const SIZE: usize = 300 << 10;
    let port = Port::start(DeadlinePolicy::new(), true).await;
    let mut channel = port.channel();
    for (pause, complete) in [(SECOND * 50, true), (SECOND * 70, false)] {
        let body = Ending(Endless::new(Duration::ZERO, [framed(Bytes::from(vec![7; SIZE]))]));
        let response = send(&mut channel, request(body)).await;
        let (read, reset) = read_slowly(response, pause).await;
        assert_eq!((read > SIZE, reset), (complete, !complete), "{read} bytes");
    }
    assert!(port.server.shutdown().await.is_clean());
}

#[tokio::test(start_paused = true)]
async fn of_a_connection_256_calls_run_at_once_and_further_ones_wait() {
    let port = Port::start(DeadlinePolicy::new(), true).await;
    let greeter = GreeterClient::new(port.channel());
    let calls: Vec<_> = (0..300).map(|_| tokio::spawn(greeter.say_hello(&hello("wait")))).collect();
    // The paused clock goes on when nothing else does.
    tokio::time::sleep(SECOND).await;
    assert_eq!(port.service.calls.load(Ordering::SeqCst), 256);
    port.service.gate.add_permits(300);
    for call in calls {
        call.await.unwrap().unwrap();
    }
    assert_eq!(port.service.calls.load(Ordering::SeqCst), 300);
}

#[tokio::test(start_paused = true)]
async fn a_call_with_more_than_16_kib_of_headers_is_refused() {
    let port = Port::start(DeadlinePolicy::new(), true).await;
    let greeter = GreeterClient::new(port.channel());
    let with = |length| greeter.say_hello(&hello("you")).metadata("long", "x".repeat(length));
    assert!(with(15 << 10).await.is_ok());
    assert!(with(17 << 10).await.is_err());
    assert_eq!(port.service.calls.load(Ordering::SeqCst), 1);
    assert!(with(15 << 10).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_connection_whose_peer_answers_no_ping_is_closed() {
    const EMPTY_SETTINGS: [u8; 9] = [0, 0, 0, 4, 0, 0, 0, 0, 0];
    let port = Port::start(DeadlinePolicy::new(), true).await;
    let (connection, _link) =
        port.network.connect(&Address::memory("bounds"), &SocketOptions::default()).unwrap();
    let mut stream = connection.stream;
    stream.write_all(HTTP2_PREFACE).await.unwrap();
    stream.write_all(&EMPTY_SETTINGS).await.unwrap();
    let started = Instant::now();
    let _end = stream.read_to_end(&mut Vec::new()).await;
    assert_eq!(started.elapsed().as_secs(), 80);
}
