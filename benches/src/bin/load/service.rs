//! The echo as a service over this stack: what generated code calls, without the generator. A `Bytes` is written like the
//! message `Frame` of tonic's echo.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, ensure};
use remoting::prelude::*;
use remoting::protocol::bytes::Bytes;
use remoting::service::{Call, Caller, DeadlinePolicy, Method, ServiceProcessors, Status};
use remoting_benches::control::{Lane, Pace, RuntimeOptions, Shape, obey};
use tokio::task::JoinSet;

const ECHO: Method<Bytes, Bytes> =
    Method::new("remoting.bench.Echo", "Echo", "/remoting.bench.Echo/Echo").code(20_001);
const TIMEOUT: Duration = Duration::from_secs(10);

pub(crate) struct Echo;

impl Echo {
    async fn echo(&self, _call: &Call, frame: Bytes) -> Result<Bytes, Status> {
        Ok(frame)
    }
}

pub(crate) fn processors(executor: Executor) -> ProcessorSet<Echo> {
    let service = ServiceProcessors::new(Arc::new(Echo), DeadlinePolicy::new());
    service.unary(ECHO, executor, Echo::echo).into_set()
}

pub(crate) fn make_load(server: SocketAddr, shape: Shape, options: RuntimeOptions) -> anyhow::Result<()> {
    let runtime = options.runtime()?;
    let frame = Bytes::from(vec![b'x'; shape.body]);
    let callers = runtime.block_on(async {
        let mut callers = Vec::new();
        for _ in 0..shape.connections {
            // A client has one connection per address.
            let client = RemotingClient::builder().build()?;
            let caller = Caller::from(client.to(Address::from(server)).timeout(TIMEOUT));
            echo(&caller, &frame).await?;
            callers.push(caller);
        }
        anyhow::Ok(callers)
    })?;
    obey(&shape, shape.connections * shape.window, |pace| {
        runtime.block_on(keep_windows_full(&callers, &frame, shape.window, pace))
    })
}

async fn echo(caller: &Caller, frame: &Bytes) -> anyhow::Result<()> {
    let answer = caller.call(ECHO, frame).await?;
    ensure!(answer.len() == frame.len(), "the server did not echo");
    Ok(())
}

async fn keep_windows_full(
    callers: &[Caller],
    frame: &Bytes,
    window: usize,
    pace: &Arc<Pace>,
) -> anyhow::Result<()> {
    let mut tasks = JoinSet::new();
    for caller in callers {
        for _ in 0..window {
            tasks.spawn(call_in_turn(caller.clone(), frame.clone(), pace.lane()));
        }
    }
    while let Some(task) = tasks.join_next().await {
        task.context("a caller panicked")??;
    }
    Ok(())
}

async fn call_in_turn(caller: Caller, frame: Bytes, mut lane: Lane) -> anyhow::Result<()> {
    while lane.admit(1) == 1 {
        let started = lane.started();
        echo(&caller, &frame).await?;
        lane.answered(started);
        lane.completed(1);
    }
    Ok(())
}
