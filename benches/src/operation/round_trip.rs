//! A call from end to end, over the in-memory transport: response table, dispatcher and codec on both sides, without
//! system calls.

use std::time::Duration;

use remoting::prelude::*;
use remoting::protocol::bytes::Bytes;
use tokio::runtime::{Builder, Runtime};

use super::Operation;

const ECHO: RequestCode = RequestCode(1001);
const TIMEOUT: Duration = Duration::from_secs(10);

/// One call after the other, for each header encoding.
#[must_use]
pub fn round_trip() -> Vec<Operation> {
    [SerializeType::RocketMq, SerializeType::Json].map(one_call).into()
}

struct Pair {
    runtime: Runtime,
    server: RemotingServer,
    client: RemotingClient,
}

impl Pair {
    fn new(name: &str) -> Result<Self, Box<dyn std::error::Error>> {
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let (server, client) = runtime.block_on(async {
            let server = RemotingServer::builder()
                .bind(format!("memory:{name}"))
                .processor(ECHO, Executor::inline(), |_, request: RemotingCommand| async move {
                    Ok(RemotingCommand::response_to(&request, ResponseCode::SUCCESS)
                        .with_body(request.into_body()))
                })
                .start()
                .await?;
            Ok::<_, Box<dyn std::error::Error>>((server, RemotingClient::builder().build()?))
        })?;
        Ok(Self { runtime, server, client })
    }

    fn call(&self, request: RemotingCommand) {
        let answer = self.runtime.block_on(self.client.invoke(self.server.local_addr(), request, TIMEOUT));
        if let Err(error) = answer {
            panic!("the echo over memory failed: {error}");
        }
    }
}

fn one_call(serialize_type: SerializeType) -> Operation {
    let pair = Pair::new(&format!("round-trip-{serialize_type}"))
        .unwrap_or_else(|error| panic!("the fixture does not start: {error}"));
    let body = Bytes::from(vec![b'x'; 128]);
    Operation::new(format!("round_trip/{serialize_type}"), 0, move || {
        let request =
            RemotingCommand::request(ECHO).with_serialize_type(serialize_type).with_body(body.clone());
        pair.call(request);
    })
}
