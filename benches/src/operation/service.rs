//! A call with a protobuf message, as a service and by hand with the same message: headers in ROCKETMQ, a body of 128 bytes in
//! the message and back.

use std::sync::Arc;
use std::time::Duration;

use remoting::prelude::*;
use remoting::protocol::SerializeType;
use remoting::protocol::bytes::Bytes;
use remoting::service::{Call, Caller, DeadlinePolicy, Method, ServiceProcessors, Status};
use tokio::runtime::{Builder, Runtime};

use super::Operation;

const BY_HAND: RequestCode = RequestCode(20_001);
const ECHO: Method<Bytes, Bytes> = Method::new("bench.Echo", "Echo", "/bench.Echo/Echo").code(20_002);

/// One call after the other, by hand and of a service.
#[must_use]
pub fn service() -> Vec<Operation> {
    let start = |name| Pair::new(name).unwrap_or_else(|error| panic!("the fixture does not start: {error}"));
    let message = Bytes::from(vec![b'x'; 128]);
    let (pair, body) = (start("bench-by-hand"), message.clone());
    let by_hand =
        Operation::new("round_trip/message by hand".to_owned(), 0, move || pair.call_by_hand(&body));
    let pair = start("bench-service");
    let service =
        Operation::new("round_trip/message by a service".to_owned(), 0, move || pair.call_service(&message));
    vec![by_hand, service]
}

struct Echo;

impl Echo {
    async fn echo(&self, _call: &Call, message: Bytes) -> Result<Bytes, Status> {
        Ok(message)
    }
}

struct Pair {
    runtime: Runtime,
    _server: RemotingServer,
    target: Target,
    caller: Caller,
}

impl Pair {
    fn new(name: &str) -> Result<Self, Box<dyn std::error::Error>> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let (server, client) = runtime.block_on(async {
            let service = ServiceProcessors::new(Arc::new(Echo), DeadlinePolicy::new());
            let server = RemotingServer::builder()
                .bind(format!("memory:{name}"))
                .processor(BY_HAND, Executor::inline(), |_, request: RemotingCommand| async move {
                    let message: Bytes = request.proto_body()?;
                    Ok(RemotingCommand::response_to(&request, ResponseCode::SUCCESS)
                        .with_proto_body(&message))
                })
                .processors(service.unary(ECHO, Executor::inline(), Echo::echo).into_set())
                .start()
                .await?;
            Ok::<_, Box<dyn std::error::Error>>((server, RemotingClient::builder().build()?))
        })?;
        let target = client.to(server.local_addr()).timeout(Duration::from_secs(10));
        let caller = Caller::from(&target);
        Ok(Self { runtime, _server: server, target, caller })
    }

    fn call_by_hand(&self, message: &Bytes) {
        let request = RemotingCommand::request(BY_HAND)
            .with_serialize_type(SerializeType::RocketMq)
            .with_proto_body(message);
        let response = self.runtime.block_on(self.target.invoke(request).into_success());
        let answer = response.map(|response| response.proto_body::<Bytes>());
        assert!(matches!(answer, Ok(Ok(answer)) if answer == *message), "the echo by hand failed");
    }

    fn call_service(&self, message: &Bytes) {
        let answer = self.runtime.block_on(self.caller.call(ECHO, message));
        assert!(matches!(answer, Ok(answer) if answer == *message), "the echo of the service failed");
    }
}
