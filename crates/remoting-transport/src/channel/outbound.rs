//! The queue between the tasks that send on a channel and the task that owns it.

use std::{
    collections::VecDeque,
    sync::atomic::{AtomicBool, AtomicUsize, Ordering, fence},
    task::{Context, Waker},
};

use parking_lot::Mutex;
use remoting_protocol::RemotingCommand;
use tokio::sync::{Semaphore, TryAcquireError};

use super::{CloseReason, WaterMark};
use crate::file_region;

/// What a command without ext fields, remark or body comes to on the wire, roughly.
const BARE_COMMAND: usize = 64;

/// Commands on their way to the channel's task, bounded in bytes by the high water mark.
///
/// `room` counts the bytes that may still be queued: a sender takes its command's size out of it, the driver
/// gives the bytes back once they are written. Its waiters queue in order, so a long line of senders is served
/// fairly and only as many wake as fit.
#[derive(Debug)]
pub(crate) struct Outbound {
    queue: Mutex<Queue>,
    /// Whether the queue holds anything for the driver; saves it the lock when not.
    dirty: AtomicBool,
    /// Whether the queue holds the driver's waker; saves it the lock when it does.
    parked: AtomicBool,
    room: Semaphore,
    /// Bytes in the write buffer that no sender took out of `room`: what the layer above wrote in the channel's
    /// own task.
    direct: AtomicUsize,
    writable: AtomicBool,
    /// The channel reads nothing more, and ends when what is in hand is done.
    closing: AtomicBool,
    high: usize,
}

#[derive(Debug, Default)]
struct Queue {
    commands: VecDeque<RemotingCommand>,
    /// Present while the driver sleeps; whoever takes it wakes the driver, once for a whole batch.
    driver: Option<Waker>,
    /// The driver was asked for a turn while it was awake.
    woken: bool,
    /// Why the channel ends: the first reason that anybody gave.
    reason: Option<CloseReason>,
    /// What the driver has not seen yet.
    request: Option<CloseRequest>,
    accepts: Accepts,
}

/// How another task wants the channel to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CloseRequest {
    /// After what is queued has been written.
    Close,
    /// At once.
    Abort,
}

/// What may be queued.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Accepts {
    #[default]
    All,
    /// The channel is closing: it answers what is in hand, and would not read the response of a request.
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

/// A sender in the line for room. One that gives up may have held room that makes the channel writable again, which
/// the driver has to look at.
struct Waiting<'a>(&'a Outbound);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.wake_driver();
    }
}

/// A command that was not queued, in a box: this is the rare case.
pub(crate) struct Refused {
    /// False: there is no room.
    pub(crate) closed: bool,
    pub(crate) command: Box<RemotingCommand>,
}

impl Refused {
    fn closed(command: RemotingCommand) -> Self {
        Self { closed: true, command: Box::new(command) }
    }
}

/// The bytes that a queued command takes of the `high` that there are.
pub(crate) fn queued_size(command: &RemotingCommand, high: usize) -> usize {
    let region = if command.external_body().is_some() { file_region::ROOM } else { 0 };
    (BARE_COMMAND + command.content_len() + region).min(high)
}

impl Outbound {
    pub(crate) fn new(water_mark: WaterMark) -> Self {
        Self {
            queue: Mutex::default(),
            dirty: AtomicBool::new(false),
            parked: AtomicBool::new(false),
            room: Semaphore::new(water_mark.high()),
            direct: AtomicUsize::new(0),
            writable: AtomicBool::new(true),
            closing: AtomicBool::new(false),
            high: water_mark.high(),
        }
    }

    pub(crate) fn try_push(&self, command: RemotingCommand) -> Result<(), Refused> {
        match self.room.try_acquire_many(self.permits(&command)) {
            Ok(room) => {
                room.forget();
                self.push(command)
            }
            Err(TryAcquireError::NoPermits) => Err(Refused { closed: false, command: Box::new(command) }),
            Err(TryAcquireError::Closed) => Err(Refused::closed(command)),
        }
    }

    pub(crate) async fn push_when_room(&self, command: RemotingCommand) -> Result<(), Refused> {
        let waiting = Waiting(self);
        let room = self.room.acquire_many(self.permits(&command)).await;
        std::mem::forget(waiting);
        match room {
            Ok(room) => {
                room.forget();
                self.push(command)
            }
            Err(_closed) => Err(Refused::closed(command)),
        }
    }

    fn push(&self, command: RemotingCommand) -> Result<(), Refused> {
        let driver = {
            let mut queue = self.queue.lock();
            if queue.accepts != Accepts::All && !queue.accepts.accepts(&command) {
                drop(queue);
                return Err(self.refuse(command));
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
    fn refuse(&self, command: RemotingCommand) -> Refused {
        self.release(self.size(&command));
        Refused::closed(command)
    }

    /// Whoever takes the driver's waker wakes it.
    fn take_driver(&self, queue: &mut Queue) -> Option<Waker> {
        self.parked.store(false, Ordering::Release);
        queue.driver.take()
    }

    /// A command larger than the whole room takes all of it, so it waits until everything before it is written.
    fn permits(&self, command: &RemotingCommand) -> u32 {
        u32::try_from(self.size(command)).unwrap_or(u32::MAX)
    }

    fn size(&self, command: &RemotingCommand) -> usize {
        queued_size(command, self.high)
    }

    /// Gives back room, as bytes reach the socket.
    pub(crate) fn release(&self, bytes: usize) {
        if bytes > 0 {
            self.room.add_permits(bytes);
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

    /// Asks the driver to close.
    pub(crate) fn request_close(&self, reason: CloseReason) {
        self.request(CloseRequest::Close, reason);
    }

    /// Asks the driver to end without delay. Nothing is queued from here on.
    pub(crate) fn request_abort(&self, reason: CloseReason) {
        self.request(CloseRequest::Abort, reason);
        self.room.close();
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

    /// The driver begins to close: from here on only responses are queued. Returns the first reason given.
    ///
    /// The driver will not end before it has looked once more at what is in hand. Together with the fence of
    /// [`Outbound::wake_if_closing`]: of the driver, which marks and then looks, and a task, which finishes and then
    /// asks, at least one sees what the other did.
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

    /// Whether the channel was aborted. If not, an abort wakes the driver, though it has ended.
    pub(crate) fn is_aborted(&self, cx: &Context<'_>) -> bool {
        let mut queue = self.queue.lock();
        let aborted = queue.request == Some(CloseRequest::Abort);
        if !aborted {
            queue.driver = Some(cx.waker().clone());
        }
        aborted
    }

    /// The first reason that was given for the end, once there is one.
    pub(crate) fn reason(&self) -> Option<CloseReason> {
        self.queue.lock().reason.clone()
    }

    /// Nothing is queued from here on, and whoever waits for room is told. Returns what was queued.
    pub(crate) fn shut(&self) -> VecDeque<RemotingCommand> {
        let unsent = {
            let mut queue = self.queue.lock();
            queue.accepts = Accepts::Nothing;
            drop(self.take_driver(&mut queue));
            std::mem::take(&mut queue.commands)
        };
        self.room.close();
        self.writable.store(false, Ordering::Relaxed);
        unsent
    }

    /// Moves what is queued into `batch`, if that is empty. Returns how the channel is to end, if somebody asked for it.
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

    /// Whether there is something for the driver: commands, or a wish to end.
    pub(crate) fn is_dirty(&self) -> bool {
        self.dirty.load(Ordering::Acquire)
    }

    /// Takes the requests out of the queue, which nobody would answer any more, and gives their room back.
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

    /// Gives back the memory of an empty queue.
    pub(crate) fn release_memory(&self) {
        let mut queue = self.queue.lock();
        if queue.commands.is_empty() {
            queue.commands = VecDeque::new();
        }
    }

    /// Leaves the driver to be woken by the next sender. False when there is something to do already;
    /// `full`: the driver has no use for more commands now. `last`: the waker that it parked with last.
    pub(crate) fn park(&self, full: bool, last: &mut Option<Waker>, cx: &Context<'_>) -> bool {
        let same = last.as_ref().is_some_and(|last| last.will_wake(cx.waker()));
        // Nobody has taken the waker: nobody has queued anything, nor asked for a turn. Who does so now wakes the driver.
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

    /// How many commands wait, if a sender has woken the driver; the driver itself asks.
    pub(crate) fn woken_with(&self) -> usize {
        if !self.is_dirty() {
            return 0;
        }
        let queue = self.queue.lock();
        if queue.driver.is_none() { queue.commands.len() } else { 0 }
    }

    pub(crate) fn set_direct(&self, bytes: usize) {
        self.direct.store(bytes, Ordering::Relaxed);
    }

    /// Bytes of commands that were queued and are not written yet.
    pub(crate) fn queued_bytes(&self) -> usize {
        self.high.saturating_sub(self.room.available_permits())
    }

    pub(crate) fn pending_bytes(&self) -> usize {
        self.queued_bytes() + self.direct.load(Ordering::Relaxed)
    }

    pub(crate) fn set_writable(&self, writable: bool) {
        self.writable.store(writable, Ordering::Relaxed);
    }

    pub(crate) fn is_writable(&self) -> bool {
        self.writable.load(Ordering::Relaxed) && self.room.available_permits() > 0
    }
}

#[cfg(test)]
mod tests;
