use std::{
    cell::RefCell,
    io,
    sync::{Arc, Once},
};

use super::*;

thread_local! {
    /// The lines logged on this thread, if a test captures them.
    static LOGGED: RefCell<Option<Vec<u8>>> = const { RefCell::new(None) };
}

struct Log;

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LOGGED.with_borrow_mut(|logged| logged.iter_mut().for_each(|logged| logged.extend_from_slice(bytes)));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Captures the lines logged on this thread, from this level on.
pub(crate) struct Lines(tracing::Level);

impl Lines {
    /// Captures lines from level WARN on.
    pub(crate) fn catch() -> Self {
        Self::catch_from(tracing::Level::WARN)
    }

    /// Captures lines from `level` on. Tests that log lines which other tests expect must call this too: tracing caches
    /// the interest in a call site for all threads, so all threads must have the same subscriber.
    pub(crate) fn catch_from(level: tracing::Level) -> Self {
        static SUBSCRIBE: Once = Once::new();
        SUBSCRIBE.call_once(|| {
            let subscriber = tracing_subscriber::fmt()
                .with_max_level(tracing::Level::DEBUG)
                .without_time()
                .with_ansi(false)
                .with_writer(|| Log)
                .finish();
            tracing::subscriber::set_global_default(subscriber).unwrap();
        });
        LOGGED.set(Some(Vec::new()));
        Self(level)
    }

    /// Returns the lines since the last call.
    pub(crate) fn take(&self) -> Vec<String> {
        let text = String::from_utf8(LOGGED.replace(Some(Vec::new())).unwrap_or_default()).unwrap();
        let level = |line: &str| line.split_whitespace().next().unwrap().parse::<tracing::Level>().unwrap();
        text.lines().filter(|line| level(line) <= self.0).map(str::to_owned).collect()
    }
}

impl Drop for Lines {
    fn drop(&mut self) {
        LOGGED.set(None);
    }
}

fn log() -> Arc<RefusalLog> {
    Arc::new(RefusalLog::new(Address::memory("here")))
}

fn refuse(log: &RefusalLog, times: usize) {
    for _ in 0..times {
        log.closed(&Address::memory("there"), &"it is not wanted");
    }
}

#[tokio::test(start_paused = true)]
async fn a_few_refusals_are_logged_one_by_one() {
    let lines = Lines::catch();
    let log = log();
    refuse(&log, 10);
    let logged = lines.take();
    assert_eq!(logged.len(), 10);
    assert!(logged.iter().all(|line| line.contains("WARN") && line.contains("it is not wanted")));
    assert!(logged[0].contains("listener=memory:here") && logged[0].contains("peer=memory:there"));
    drop(log);
    assert!(lines.take().is_empty(), "there is nothing to summarize");
}

#[tokio::test(start_paused = true)]
async fn a_flood_is_summarized_at_the_end_of_its_interval() {
    let lines = Lines::catch();
    let log = log();
    let running = Arc::clone(&log);
    let task = tokio::spawn(async move { running.run().await });
    refuse(&log, 1_000);
    assert_eq!(lines.take().len(), 10);
    tokio::time::sleep(INTERVAL + Duration::from_millis(1)).await;
    let logged = lines.take();
    assert_eq!(logged.len(), 1);
    assert!(logged[0].contains("... and 990 more connections closed in the last 10 s"), "{}", logged[0]);

    refuse(&log, 11);
    assert_eq!(lines.take().len(), 10, "the next interval has lines again");
    tokio::time::sleep(INTERVAL + Duration::from_millis(1)).await;
    assert!(lines.take()[0].contains("... and 1 more "));
    task.abort();
}

#[tokio::test(start_paused = true)]
async fn a_refusal_after_the_interval_logs_the_summary_first() {
    let lines = Lines::catch();
    let log = log();
    refuse(&log, 12);
    tokio::time::advance(INTERVAL * 2).await;
    lines.take();
    refuse(&log, 1);
    let logged = lines.take();
    assert!(logged[0].contains("... and 2 more connections closed in the last 20 s"), "{}", logged[0]);
    assert!(logged[1].contains("it is not wanted"));
}

#[tokio::test(start_paused = true)]
async fn a_listener_that_closes_logs_the_outstanding_summary() {
    let lines = Lines::catch();
    let log = log();
    refuse(&log, 15);
    lines.take();
    drop(log);
    assert!(lines.take()[0].contains("... and 5 more "));
}

#[tokio::test(start_paused = true)]
async fn a_log_that_is_no_longer_run_logs_the_outstanding_summary() {
    let lines = Lines::catch();
    let log = log();
    let running = Arc::clone(&log);
    let task = tokio::spawn(async move { running.run().await });
    tokio::task::yield_now().await;
    refuse(&log, 15);
    lines.take();
    task.abort();
    assert!(task.await.is_err());
    assert!(lines.take().iter().any(|line| line.contains("... and 5 more ")));
}
