//! Load that consists of connections: idle connections, and many connections in a short time.

use std::future::Future;
use std::time::{Duration, Instant};

use anyhow::bail;
use tokio::runtime::Runtime;
use tokio::task::JoinSet;

use super::input::Orders;
use super::session::say;

/// The number of connections opened or used concurrently.
const AT_ONCE: usize = 64;

/// The connections of a stack.
pub trait Dialler: Clone + Send + Sync + 'static {
    /// A connection. It closes when dropped.
    type Connection: Send + 'static;

    /// Opens a connection that is ready for requests and has not been used.
    fn open(&self) -> impl Future<Output = anyhow::Result<Self::Connection>> + Send + 'static;

    /// Sends one request on a connection and waits for its response.
    fn call(
        &self,
        connection: Self::Connection,
    ) -> impl Future<Output = anyhow::Result<Self::Connection>> + Send + 'static;
}

/// Opens, uses and closes connections as commanded on standard input, until its end.
///
/// # Errors
/// Returns an error if a connection fails or the input is invalid.
pub fn hold<D: Dialler>(runtime: &Runtime, dialler: &D) -> anyhow::Result<()> {
    runtime.block_on(async {
        let mut orders = Orders::new();
        let mut kept = Vec::new();
        say("ready")?;
        while let Some(line) = orders.next().await {
            let line = line?;
            let words: Vec<&str> = line.split_whitespace().collect();
            let (done, took) = match words[..] {
                ["open", count] => {
                    let opening = (0..count.parse()?).map(|_| dialler.open());
                    ("opened", at_most_at_once(opening, |connection| kept.push(connection)).await?)
                }
                ["use"] => {
                    let calls: Vec<_> = kept.drain(..).map(|connection| dialler.call(connection)).collect();
                    ("used", at_most_at_once(calls, |connection| kept.push(connection)).await?)
                }
                ["churn", count] => {
                    let lives = (0..count.parse()?).map(|_| live(dialler));
                    ("churned", at_most_at_once(lives, drop).await?)
                }
                _ => bail!("invalid command {line:?}: expected `open COUNT`, `use` or `churn COUNT`"),
            };
            orders.obeyed();
            say(&format!("{done} {}", took.as_secs_f64()))?;
        }
        Ok(())
    })
}

/// Opens a connection and uses it once.
fn live<D: Dialler>(dialler: &D) -> impl Future<Output = anyhow::Result<D::Connection>> + Send + 'static {
    let (open, dialler) = (dialler.open(), dialler.clone());
    async move { dialler.call(open.await?).await }
}

/// Runs the futures, a limited number at a time, and returns the elapsed time.
async fn at_most_at_once<T: Send + 'static>(
    futures: impl IntoIterator<Item = impl Future<Output = anyhow::Result<T>> + Send + 'static>,
    mut each: impl FnMut(T),
) -> anyhow::Result<Duration> {
    let started = Instant::now();
    let mut running = JoinSet::new();
    for future in futures {
        if running.len() == AT_ONCE
            && let Some(done) = running.join_next().await
        {
            each(done??);
        }
        running.spawn(future);
    }
    while let Some(done) = running.join_next().await {
        each(done??);
    }
    Ok(started.elapsed())
}
