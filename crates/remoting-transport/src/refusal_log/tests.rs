use std::{io, sync::Arc};

use super::*;

/// What was logged on this thread.
#[derive(Clone, Default)]
pub(crate) struct Lines(Arc<Mutex<Vec<u8>>>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Lines {
    pub(crate) fn catch() -> (Self, tracing::subscriber::DefaultGuard) {
        Self::catch_from(tracing::Level::WARN)
    }

    pub(crate) fn catch_from(level: tracing::Level) -> (Self, tracing::subscriber::DefaultGuard) {
        let lines = Self::default();
        let writer = lines.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(level)
            .without_time()
            .with_ansi(false)
            .with_writer(move || writer.clone())
            .finish();
        (lines, tracing::subscriber::set_default(subscriber))
    }

    /// What has come since the last call.
    pub(crate) fn take(&self) -> Vec<String> {
        let text = String::from_utf8(std::mem::take(&mut *self.0.lock())).unwrap();
        text.lines().map(str::to_owned).collect()
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
    let (lines, _logging) = Lines::catch();
    let log = log();
    refuse(&log, 10);
    let logged = lines.take();
    assert_eq!(logged.len(), 10);
    assert!(logged.iter().all(|line| line.contains("WARN") && line.contains("it is not wanted")));
    assert!(logged[0].contains("listener=memory:here") && logged[0].contains("peer=memory:there"));
    drop(log);
    assert!(lines.take().is_empty(), "there is nothing to sum up");
}

#[tokio::test(start_paused = true)]
async fn a_flood_is_summed_up_at_the_end_of_its_interval_though_nothing_follows() {
    let (lines, _logging) = Lines::catch();
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
async fn a_refusal_after_the_interval_sums_it_up_first() {
    let (lines, _logging) = Lines::catch();
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
async fn a_listener_that_closes_sums_up_what_it_has_not() {
    let (lines, _logging) = Lines::catch();
    let log = log();
    refuse(&log, 15);
    lines.take();
    drop(log);
    assert!(lines.take()[0].contains("... and 5 more "));
}

#[tokio::test(start_paused = true)]
async fn a_log_that_is_no_longer_run_sums_up_what_it_has_not() {
    let (lines, _logging) = Lines::catch();
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
