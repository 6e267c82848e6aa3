//! The queue between senders and the task of a channel.

mod writability;

use std::{
    collections::VecDeque,
    sync::atomic::{AtomicBool, AtomicUsize, Ordering, fence},
    task::{Context, Waker},
};

use parking_lot::Mutex;
use remoting_protocol::RemotingCommand;
use tokio::sync::{Notify, Semaphore, TryAcquireError, futures::Notified};

use super::{CloseReason, WaterMark};
use crate::file_region;

/// The approximate size on the wire of a command without ext fields, remark and body.
const BARE_COMMAND: usize = 64;

/// The queue of commands to the channel's task, bounded in bytes by the high water mark.
///
/// `capacity` counts the bytes that may still be queued. A sender acquires the size of its command, and the driver
/// releases the bytes once they are written. The semaphore serves waiters in order, and wakes only as many as fit.
#[derive(Debug)]
pub(crate) struct Outbound {
    queue: Mutex<Queue>,
    /// Whether the queue holds anything for the driver. If not, the driver does not take the lock.
    dirty: AtomicBool,
    /// Whether the queue holds the driver's waker. If so, the driver does not take the lock to park.
    parked: AtomicBool,
    capacity: Semaphore,
    /// Bytes in the write buffer that no sender acquired from `capacity`: those that handlers and sink wrote.
    direct: AtomicUsize,
    writable: AtomicBool,
    /// Whether callers wait until the channel is writable.
    awaited: AtomicBool,
    /// Notified when the channel is closed or aborted, and when it is writable again if this is `awaited`.
    changed: Notify,
    /// The channel no longer reads, and closes when the requests in flight are done.
    closing: AtomicBool,
    high: usize,
}

#[derive(Debug, Default)]
struct Queue {
    commands: VecDeque<RemotingCommand>,
    /// Present while the driver is parked. The sender that takes it wakes the driver, once for a whole batch.
    driver: Option<Waker>,
    /// The driver was woken while it was awake, and must be polled once more.
    woken: bool,
    /// The first reason given for the close.
    reason: Option<CloseReason>,
    /// A request that the driver has not seen yet.
    request: Option<CloseRequest>,
    accepts: Accepts,
}

/// A request of another task to close the channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CloseRequest {
    /// After the queue is written.
    Close,
    /// At once.
    Abort,
}

/// The commands that may be queued.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Accepts {
    #[default]
    All,
    /// The channel is closing: it answers requests in flight, and would not read the response to a new request.
    Responses,
    Nothing,
}

impl Accepts {
    fn accepts(self, command: &RemotingCommand) -> bool {
        match self {
            Self::All => true,
            Self::Responses => command.is_response(),
            Self::Nothing => false,
        }
    }
}

/// A sender that waits for capacity. If it gives up, the permits it had collected may make the channel writable again,
/// so the driver must check.
struct Waiting<'a>(&'a Outbound);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.wake_driver();
    }
}

/// A command that was not queued. Boxed, because this case is rare.
pub(crate) struct Rejected {
    /// Whether the channel is closed. If not, it is unwritable.
    pub(crate) closed: bool,
    pub(crate) command: Box<RemotingCommand>,
}

impl Rejected {
    fn closed(command: RemotingCommand) -> Self {
        Self { closed: true, command: Box::new(command) }
    }
}

/// Returns the bytes that a queued command takes of the total of `high`.
pub(crate) fn queued_size(command: &RemotingCommand, high: usize) -> usize {
    let region = if command.external_body().is_some() { file_region::QUEUED_SIZE } else { 0 };
    (BARE_COMMAND + command.content_len() + region).min(high)
}

impl Outbound {
    pub(crate) fn new(water_mark: WaterMark) -> Self {
        Self {
            queue: Mutex::default(),
            dirty: AtomicBool::new(false),
            parked: AtomicBool::new(false),
            capacity: Semaphore::new(water_mark.high()),
            direct: AtomicUsize::new(0),
            writable: AtomicBool::new(true),
            awaited: AtomicBool::new(false),
            changed: Notify::new(),
            closing: AtomicBool::new(false),
            high: water_mark.high(),
        }
    }

    pub(crate) fn try_push(&self, command: RemotingCommand) -> Result<(), Rejected> {
        match self.capacity.try_acquire_many(self.permits(&command)) {
            Ok(permits) => {
                permits.forget();
                self.push(command)
            }
            Err(TryAcquireError::NoPermits) => Err(Rejected { closed: false, command: Box::new(command) }),
            Err(TryAcquireError::Closed) => Err(Rejected::closed(command)),
        }
    }

    pub(crate) async fn push_when_writable(&self, command: RemotingCommand) -> Result<(), Rejected> {
        let waiting = Waiting(self);
        let permits = self.capacity.acquire_many(self.permits(&command)).await;
        std::mem::forget(waiting);
        match permits {
            Ok(permits) => {
                permits.forget();
                self.push(command)
            }
            Err(_closed) => Err(Rejected::closed(command)),
        }
    }

    fn push(&self, command: RemotingCommand) -> Result<(), Rejected> {
        let driver = {
            let mut queue = self.queue.lock();
            if queue.accepts != Accepts::All && !queue.accepts.accepts(&command) {
                drop(queue);
                return Err(self.reject(command));
            }
            queue.commands.push_back(command);
            self.dirty.store(true, Ordering::Release);
            self.take_driver(&mut queue)
        };
        if let Some(driver) = driver {
            driver.wake();
        }
        Ok(())
    }

    #[cold]
    fn reject(&self, command: RemotingCommand) -> Rejected {
        self.release(self.size(&command));
        Rejected::closed(command)
    }

    /// Takes the driver's waker, which the caller must wake or drop.
    fn take_driver(&self, queue: &mut Queue) -> Option<Waker> {
        self.parked.store(false, Ordering::Release);
        queue.driver.take()
    }

    /// Returns the permits of a command. A command larger than the total takes all of it, so it waits until everything
    /// before it is written.
    fn permits(&self, command: &RemotingCommand) -> u32 {
        u32::try_from(self.size(command)).unwrap_or(u32::MAX)
    }

    fn size(&self, command: &RemotingCommand) -> usize {
        queued_size(command, self.high)
    }

    /// Releases capacity for bytes that were written.
    pub(crate) fn release(&self, bytes: usize) {
        if bytes > 0 {
            self.capacity.add_permits(bytes);
        }
    }

    pub(crate) fn wake_driver(&self) {
        let driver = {
            let mut queue = self.queue.lock();
            let driver = self.take_driver(&mut queue);
            queue.woken |= driver.is_none();
            driver
        };
        if let Some(driver) = driver {
            driver.wake();
        }
    }

    /// Requests an orderly close.
    pub(crate) fn request_close(&self, reason: CloseReason) {
        self.request(CloseRequest::Close, reason);
    }

    /// Requests a close without delay. Nothing can be queued afterwards.
    pub(crate) fn request_abort(&self, reason: CloseReason) {
        self.request(CloseRequest::Abort, reason);
        self.capacity.close();
        self.changed.notify_waiters();
    }

    fn request(&self, request: CloseRequest, reason: CloseReason) {
        let driver = {
            let mut queue = self.queue.lock();
            match request {
                CloseRequest::Close if queue.reason.is_some() => return,
                CloseRequest::Close => queue.accepts = Accepts::Responses,
                CloseRequest::Abort => queue.accepts = Accepts::Nothing,
            }
            queue.reason.get_or_insert(reason);
            queue.request = Some(request);
            self.dirty.store(true, Ordering::Release);
            self.take_driver(&mut queue)
        };
        if let Some(driver) = driver {
            driver.wake();
        }
    }

    /// Marks the channel as closing: from here on, only responses can be queued. Returns the first reason given.
    ///
    /// The driver counts the requests in flight once more after this call. Its fence pairs with the one of
    /// [`Outbound::wake_if_closing`]: the driver sets the mark and then counts, and a task finishes its request and then
    /// reads the mark. At least one of them sees what the other did.
    pub(crate) fn begin_close(&self, reason: CloseReason) -> CloseReason {
        let first = {
            let mut queue = self.queue.lock();
            if queue.accepts == Accepts::All {
                queue.accepts = Accepts::Responses;
            }
            queue.reason.get_or_insert(reason).clone()
        };
        self.closing.store(true, Ordering::Relaxed);
        fence(Ordering::SeqCst);
        first
    }

    pub(crate) fn wake_if_closing(&self) {
        fence(Ordering::SeqCst);
        if self.closing.load(Ordering::Relaxed) {
            self.wake_driver();
        }
    }

    /// Returns whether the channel was aborted. If not, a later abort wakes the driver, even on a closed channel.
    pub(crate) fn is_aborted(&self, cx: &Context<'_>) -> bool {
        let mut queue = self.queue.lock();
        let aborted = queue.request == Some(CloseRequest::Abort);
        if !aborted {
            queue.driver = Some(cx.waker().clone());
        }
        aborted
    }

    /// Returns the first reason given for the close, if any.
    pub(crate) fn reason(&self) -> Option<CloseReason> {
        self.queue.lock().reason.clone()
    }

    /// Closes the queue: nothing can be queued any more, and waiting senders fail. Returns the queued commands.
    pub(crate) fn shut(&self) -> VecDeque<RemotingCommand> {
        let unsent = {
            let mut queue = self.queue.lock();
            queue.accepts = Accepts::Nothing;
            drop(self.take_driver(&mut queue));
            std::mem::take(&mut queue.commands)
        };
        self.capacity.close();
        self.writable.store(false, Ordering::Relaxed);
        self.changed.notify_waiters();
        unsent
    }

    /// Returns a future that completes at the next change: the channel is closed or aborted, or writable again.
    pub(crate) fn changed(&self) -> Notified<'_> {
        self.changed.notified()
    }

    /// Moves the queued commands into `batch`, if that is empty. Returns the pending request to close, if any.
    pub(crate) fn drain(&self, batch: &mut VecDeque<RemotingCommand>) -> Option<CloseRequest> {
        if !self.is_dirty() {
            return None;
        }
        let mut queue = self.queue.lock();
        if batch.is_empty() {
            std::mem::swap(&mut queue.commands, batch);
        }
        self.dirty.store(!queue.commands.is_empty(), Ordering::Release);
        queue.request.take()
    }

    /// Returns whether there is something for the driver: commands, or a request to close.
    pub(crate) fn is_dirty(&self) -> bool {
        self.dirty.load(Ordering::Acquire)
    }

    /// Removes the requests from the queue, because they would not be answered any more, and releases their capacity.
    pub(crate) fn withdraw_requests(&self) -> Vec<RemotingCommand> {
        let mut queue = self.queue.lock();
        let mut requests = Vec::new();
        for command in std::mem::take(&mut queue.commands) {
            if command.is_response() {
                queue.commands.push_back(command);
            } else {
                requests.push(command);
            }
        }
        drop(queue);
        self.release(requests.iter().map(|request| self.size(request)).sum());
        requests
    }

    /// Releases the memory of an empty queue.
    pub(crate) fn release_memory(&self) {
        let mut queue = self.queue.lock();
        if queue.commands.is_empty() {
            queue.commands = VecDeque::new();
        }
    }

    /// Parks the driver, which the next sender wakes. Returns false if there is something to do already. `full` means that
    /// the driver cannot take more commands now. `last` is the waker that it parked with before.
    pub(crate) fn park(&self, full: bool, last: &mut Option<Waker>, cx: &Context<'_>) -> bool {
        let same = last.as_ref().is_some_and(|last| last.will_wake(cx.waker()));
        // The waker was not taken, so nothing was queued and the driver was not woken. The next sender wakes it.
        if same && self.parked.load(Ordering::Acquire) && !self.is_dirty() {
            return true;
        }
        if !same {
            *last = Some(cx.waker().clone());
        }
        let mut queue = self.queue.lock();
        let woken = std::mem::take(&mut queue.woken);
        if woken || queue.request.is_some() || !(full || queue.commands.is_empty()) {
            return false;
        }
        match &mut queue.driver {
            Some(driver) => driver.clone_from(cx.waker()),
            driver @ None => *driver = Some(cx.waker().clone()),
        }
        self.parked.store(true, Ordering::Release);
        true
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.queue.lock().commands.is_empty()
    }

    /// Returns how many commands are queued, if a sender woke the driver. Called by the driver.
    pub(crate) fn woken_with(&self) -> usize {
        if !self.is_dirty() {
            return 0;
        }
        let queue = self.queue.lock();
        if queue.driver.is_none() { queue.commands.len() } else { 0 }
    }
}

#[cfg(test)]
mod tests;
