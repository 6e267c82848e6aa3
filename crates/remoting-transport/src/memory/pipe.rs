//! One direction of an in-memory connection.

use std::{
    fmt,
    future::Future,
    io::{self, IoSlice},
    pin::pin,
    sync::Arc,
    task::{Context, Poll, Waker, ready},
};

use bytes::{Buf, BytesMut};
use parking_lot::Mutex;
use tokio::{io::ReadBuf, task::consume_budget};

/// One direction of an in-memory connection, controlled by a test; see [`MemoryLink`](crate::MemoryLink).
///
/// Written bytes stay in the pipe until they are read. Clones refer to the same pipe.
#[derive(Clone)]
pub struct MemoryPipe(Arc<Mutex<State>>);

struct State {
    bytes: BytesMut,
    capacity: usize,
    /// Whether the writer has shut down the pipe. The reader sees the end after the bytes.
    ended: bool,
    /// Whether the reader is gone.
    abandoned: bool,
    stalled: bool,
    read_error: Option<io::ErrorKind>,
    write_error: Option<io::ErrorKind>,
    reader: Option<Waker>,
    writer: Option<Waker>,
}

impl MemoryPipe {
    pub(crate) fn new(capacity: usize) -> Self {
        Self(Arc::new(Mutex::new(State {
            bytes: BytesMut::new(),
            capacity: capacity.max(1),
            ended: false,
            abandoned: false,
            stalled: false,
            read_error: None,
            write_error: None,
            reader: None,
            writer: None,
        })))
    }

    /// Ends the pipe, as if its writer had shut it down. The reader sees the end of the stream after the written bytes, and
    /// later writes fail with [`BrokenPipe`](io::ErrorKind::BrokenPipe). Ending one pipe of a connection is a half-close.
    pub fn end(&self) {
        self.change(|state| state.ended = true);
    }

    /// Makes every read fail with `kind` from now on. Unread bytes are lost. A waiting reader fails at once.
    pub fn fail_reads(&self, kind: io::ErrorKind) {
        self.change(|state| state.read_error = Some(kind));
    }

    /// Makes every write fail with `kind` from now on. Bytes written before can still be read. A waiting writer fails at
    /// once.
    pub fn fail_writes(&self, kind: io::ErrorKind) {
        self.change(|state| state.write_error = Some(kind));
    }

    /// Holds written bytes and the end of the stream back from the reader until [`resume`](Self::resume). The writer is not
    /// affected until the pipe is full.
    pub fn stall(&self) {
        self.change(|state| state.stalled = true);
    }

    /// Ends a [stall](Self::stall).
    pub fn resume(&self) {
        self.change(|state| state.stalled = false);
    }

    /// Sets how many bytes the pipe holds before its writer waits. Zero counts as one. A smaller capacity does not remove
    /// bytes.
    pub fn set_capacity(&self, bytes: usize) {
        self.change(|state| state.capacity = bytes.max(1));
    }

    /// Returns how many bytes are written and not read yet.
    #[must_use]
    pub fn unread(&self) -> usize {
        self.0.lock().bytes.len()
    }

    /// Returns whether bytes can still pass: the pipe was not ended, the reader is not gone, and neither side fails.
    #[must_use]
    pub fn is_open(&self) -> bool {
        let state = self.0.lock();
        let failed = state.read_error.is_some() || state.write_error.is_some();
        !state.ended && !state.abandoned && !failed
    }

    /// Returns whether a reader would reach the end or an error. Unread bytes may precede it.
    pub(super) fn end_is_near(&self) -> bool {
        let state = self.0.lock();
        state.read_error.is_some() || state.ended && !state.stalled
    }

    /// Marks the reader as gone and drops the bytes.
    pub(super) fn abandon(&self) {
        self.change(|state| {
            state.abandoned = true;
            state.bytes = BytesMut::new();
        });
    }

    /// Changes the state and wakes both ends.
    fn change(&self, change: impl FnOnce(&mut State)) {
        let mut state = self.0.lock();
        change(&mut state);
        let wakers = [state.reader.take(), state.writer.take()];
        drop(state);
        wakers.into_iter().flatten().for_each(Waker::wake);
    }

    pub(super) fn poll_read(&self, cx: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        ready!(pin!(consume_budget()).poll(cx));
        let mut state = self.0.lock();
        if let Some(kind) = state.read_error {
            return Poll::Ready(Err(kind.into()));
        }
        if state.stalled || state.bytes.is_empty() && !state.ended {
            wait(&mut state.reader, cx);
            return Poll::Pending;
        }
        let count = state.bytes.len().min(into.remaining());
        into.put_slice(&state.bytes[..count]);
        state.bytes.advance(count);
        let writer = state.writer.take_if(|_| count > 0);
        drop(state);
        wake(writer);
        Poll::Ready(Ok(()))
    }

    pub(super) fn poll_write(&self, cx: &mut Context<'_>, from: &[IoSlice<'_>]) -> Poll<io::Result<usize>> {
        ready!(pin!(consume_budget()).poll(cx));
        let mut state = self.0.lock();
        if let Some(kind) = state.closed_to_writer() {
            return Poll::Ready(Err(kind.into()));
        }
        let mut free = state.capacity.saturating_sub(state.bytes.len());
        if free == 0 {
            wait(&mut state.writer, cx);
            return Poll::Pending;
        }
        let mut written = 0;
        for slice in from {
            let part = &slice[..slice.len().min(free)];
            state.bytes.extend_from_slice(part);
            free -= part.len();
            written += part.len();
        }
        let reader = state.reader.take_if(|_| written > 0);
        drop(state);
        wake(reader);
        Poll::Ready(Ok(written))
    }

    pub(super) fn flush(&self) -> io::Result<()> {
        match self.0.lock().write_error {
            Some(kind) => Err(kind.into()),
            None => Ok(()),
        }
    }
}

impl State {
    fn closed_to_writer(&self) -> Option<io::ErrorKind> {
        let broken = || (self.ended || self.abandoned).then_some(io::ErrorKind::BrokenPipe);
        self.write_error.or_else(broken)
    }
}

fn wait(waker: &mut Option<Waker>, cx: &Context<'_>) {
    match waker {
        Some(waker) => waker.clone_from(cx.waker()),
        None => *waker = Some(cx.waker().clone()),
    }
}

fn wake(waker: Option<Waker>) {
    if let Some(waker) = waker {
        waker.wake();
    }
}

impl fmt::Debug for MemoryPipe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.0.lock();
        f.debug_struct("MemoryPipe")
            .field("unread", &state.bytes.len())
            .field("capacity", &state.capacity)
            .field("ended", &state.ended)
            .field("abandoned", &state.abandoned)
            .field("stalled", &state.stalled)
            .field("read_error", &state.read_error)
            .field("write_error", &state.write_error)
            .finish()
    }
}
