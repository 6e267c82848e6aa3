//! Long polling. A broker parks pulls for which it has no message, and answers
//! them when one arrives or when they have waited long enough. A parked pull
//! is a `Responder` in a list, not a task.
//!
//! cargo run --example long_polling

use std::error::Error;
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use remoting::prelude::*;

const PULL: RequestCode = RequestCode(20_001);
/// How long a pull is parked.
const HOLD: Duration = Duration::from_millis(300);

/// The parked pulls, and when each was parked.
#[derive(Default)]
struct Pulls(Mutex<Vec<(Instant, Responder)>>);

impl Pulls {
    fn parked(&self) -> MutexGuard<'_, Vec<(Instant, Responder)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Processes a pull. The executor's permit stays taken until the responder
    /// is used or dropped, so at most that many pulls are parked.
    async fn park(
        self: Arc<Self>,
        _ctx: RequestContext,
        _request: RemotingCommand,
    ) -> Result<Reply, ProcessorError> {
        Ok(Reply::later(move |responder| {
            self.parked().push((Instant::now(), responder));
        }))
    }

    /// Answers all parked pulls with a message, each in a task of its own: a
    /// caller that reads slowly holds up no other one.
    fn publish(&self, message: &'static str) {
        let parked = mem::take(&mut *self.parked());
        for (_, responder) in parked {
            let response = RemotingCommand::response(ResponseCode::SUCCESS);
            // An error means that the caller has disconnected.
            tokio::spawn(responder.send(response.with_body(message)));
        }
    }

    /// Answers the pulls that have waited too long, and drops those of callers
    /// that have disconnected.
    fn expire(&self) {
        let mut expired = Vec::new();
        {
            let mut parked = self.parked();
            for (since, responder) in mem::take(&mut *parked) {
                if responder.context().is_caller_gone() {
                    continue;
                }
                if since.elapsed() >= HOLD {
                    expired.push(responder);
                } else {
                    parked.push((since, responder));
                }
            }
        }
        for responder in expired {
            let code = ResponseCode::PULL_NOT_FOUND;
            tokio::spawn(responder.send(RemotingCommand::response(code)));
        }
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let pulls = Arc::new(Pulls::default());
    let park = processor_with(&pulls, Pulls::park);
    let broker = RemotingServer::builder()
        .bind("127.0.0.1:0")
        .processor(PULL, Executor::runtime(10_000), park)
        .start()
        .await?;

    let expiring = Arc::clone(&pulls);
    let expiry = tokio::spawn(async move {
        let mut ticks = tokio::time::interval(Duration::from_millis(50));
        loop {
            ticks.tick().await;
            expiring.expire();
        }
    });

    let client = RemotingClient::builder().build()?;
    let target = client.to(broker.local_addr());

    // Two consumers wait for the same message.
    let consumers: Vec<_> = (0..2)
        .map(|_| tokio::spawn(target.invoke(RemotingCommand::request(PULL))))
        .collect();
    while pulls.parked().len() < consumers.len() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    println!("{} pulls are parked", consumers.len());
    pulls.publish("a message");
    for consumer in consumers {
        let response = consumer.await??;
        let body = String::from_utf8_lossy(response.body());
        println!("{}: {body}", response.response_code());
    }

    // Nothing arrives for the third.
    let response = target.invoke(RemotingCommand::request(PULL)).await?;
    println!("{}", response.response_code());

    expiry.abort();
    client.shutdown().await;
    broker.shutdown().await;
    Ok(())
}
