//! What a call of a service allocates, on both sides together: no more than a call that is written by hand.
#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

mod greeter;

use std::time::Duration;

use allocation_counter::measure;
use remoting_rpc::transport::protocol::{RemotingCommand, RequestCode, ResponseCode};
use remoting_rpc::{Executor, RemotingClient, RemotingServer, Target};
use remoting_service::{Call, Status};
use tokio::runtime::{Builder, Runtime};

use greeter::{Greeter, GreeterClient, GreeterServer, HelloReply, HelloRequest};

const BY_HAND: RequestCode = RequestCode(20_050);
const CALLS: u64 = 100;
/// The text of a time-out, the ext field, and the copy of the ext field that is sent: the request itself is kept until the
/// response has come.
const TIME: u64 = 3;

#[derive(Debug)]
struct Echo;

impl Greeter for Echo {
    async fn say_hello(&self, _call: &Call, request: HelloRequest) -> Result<HelloReply, Status> {
        Ok(reply(request))
    }

    async fn note(&self, _call: &Call, _request: HelloRequest) {}
}

fn reply(request: HelloRequest) -> HelloReply {
    HelloReply { message: request.name, data: request.data }
}

fn request() -> HelloRequest {
    HelloRequest { name: "somebody".into(), data: (&b"some data"[..]).into() }
}

/// Everything on one thread, where the counter counts.
struct Pair {
    runtime: Runtime,
    server: RemotingServer,
    client: RemotingClient,
    target: Target,
}

impl Pair {
    fn new() -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let (server, client) = runtime.block_on(async {
            let server = RemotingServer::builder()
                .bind("127.0.0.1:0")
                .processor(BY_HAND, Executor::inline(), |_, request: RemotingCommand| async move {
                    let message: HelloRequest = request.proto_body()?;
                    let response = RemotingCommand::response_to(&request, ResponseCode::SUCCESS);
                    Ok(response.with_proto_body(&reply(message)))
                })
                .processors(GreeterServer::new(Echo).processors(&Executor::inline()))
                .start()
                .await
                .unwrap();
            (server, RemotingClient::builder().build().unwrap())
        });
        let target = client.to(server.local_addr()).timeout(Duration::from_secs(5));
        Self { runtime, server, client, target }
    }

    fn call_by_hand(&self, calls: u64) {
        self.runtime.block_on(async {
            for _ in 0..calls {
                let command = RemotingCommand::request(BY_HAND).with_proto_body(&request());
                let response = self.target.invoke(command).into_success().await.unwrap();
                assert_eq!(response.proto_body::<HelloReply>().unwrap(), reply(request()));
            }
        });
    }

    fn call_service(&self, calls: u64, timeout: Option<Duration>) {
        let greeter = GreeterClient::new(&self.target);
        self.runtime.block_on(async {
            for _ in 0..calls {
                let call = greeter.say_hello(&request());
                let call = timeout.into_iter().fold(call, |call, timeout| call.timeout(timeout));
                assert_eq!(call.await.unwrap(), reply(request()));
            }
        });
    }
}

#[test]
fn a_call_of_a_service_allocates_as_much_as_one_by_hand_and_its_time_adds_three() {
    let pair = Pair::new();
    let second = Some(Duration::from_secs(1));
    pair.call_by_hand(5);
    pair.call_service(5, None);
    pair.call_service(5, second);
    let by_hand = measure(|| pair.call_by_hand(CALLS)).count_total;
    let service = measure(|| pair.call_service(CALLS, None)).count_total;
    let with_time = measure(|| pair.call_service(CALLS, second)).count_total;
    // Read buffers are renewed now and then, which comes to a fraction of an allocation for each call.
    let per_call = |count: u64| count / CALLS;
    assert_eq!(per_call(service), per_call(by_hand), "{service} by a service, {by_hand} by hand");
    assert_eq!(per_call(with_time), per_call(by_hand) + TIME, "{with_time} with a time, {by_hand} by hand");
    pair.runtime.block_on(async {
        pair.client.shutdown().await;
        pair.server.shutdown().await;
    });
}
