//! Commands from the observer.

use std::future::Future;
use std::io::{self, BufRead as _, Read as _};
use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use anyhow::Context;
use tokio::sync::{mpsc, oneshot};

/// Lines of standard input, one after the other. If the input ends while a line is being obeyed, the observer is gone,
/// and the process exits at once: nobody is left to see what it does.
pub(super) struct Orders {
    lines: mpsc::Receiver<io::Result<String>>,
    busy: Arc<AtomicBool>,
}

impl Orders {
    pub(super) fn new() -> Self {
        let (sender, lines) = mpsc::channel(1);
        let busy = Arc::new(AtomicBool::new(false));
        let obeying = Arc::clone(&busy);
        thread::spawn(move || {
            for line in io::stdin().lock().lines() {
                if sender.blocking_send(line).is_err() {
                    return;
                }
            }
            if obeying.load(Ordering::Acquire) {
                process::exit(1);
            }
        });
        Self { lines, busy }
    }

    /// Call this before reporting completion to the observer, which may exit then.
    pub(super) fn obeyed(&self) {
        self.busy.store(false, Ordering::Release);
    }

    /// Returns the next line, or `None` at the end of the input. Blocks, so async code must not call it.
    pub(super) fn next_blocking(&mut self) -> Option<io::Result<String>> {
        let line = self.lines.blocking_recv();
        self.busy.store(line.is_some(), Ordering::Release);
        line
    }

    /// Async version of `next`. This method is cancel safe: a received line is kept.
    pub(super) async fn next(&mut self) -> Option<io::Result<String>> {
        let line = self.lines.recv().await;
        self.busy.store(line.is_some(), Ordering::Release);
        line
    }
}

pub(super) fn end_of_input() -> impl Future<Output = anyhow::Result<()>> {
    let (ended, told) = oneshot::channel();
    thread::spawn(move || {
        let result = io::stdin().read_to_end(&mut Vec::new());
        // Nobody listens when the server has failed before.
        let _ = ended.send(result);
    });
    async move {
        told.await.context("the reader of standard input is gone")??;
        Ok(())
    }
}
