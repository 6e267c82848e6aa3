//! The driver parks and is woken, and no command is lost in between.

use std::{
    sync::{Arc, atomic::AtomicUsize},
    task::Wake,
};

use remoting_protocol::RequestCode;

use super::*;

#[derive(Default)]
struct Woken(AtomicUsize);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

/// Returns the waker of a driver's task, and a function that counts its wake-ups.
fn task() -> (Waker, impl Fn() -> usize) {
    let woken = Arc::new(Woken::default());
    (Waker::from(Arc::clone(&woken)), move || woken.0.load(Ordering::Relaxed))
}

fn queue() -> Outbound {
    Outbound::new(WaterMark::default())
}

fn command() -> RemotingCommand {
    RemotingCommand::request(RequestCode(1))
}

#[test]
fn a_parked_driver_is_woken_once_for_several_commands() {
    let (queue, (waker, woken), mut last) = (queue(), task(), None);
    let cx = &Context::from_waker(&waker);
    assert!(queue.park(false, &mut last, cx) && queue.park(false, &mut last, cx));
    assert!(queue.try_push(command()).is_ok() && queue.try_push(command()).is_ok());
    assert_eq!(woken(), 1);
    assert!(!queue.park(false, &mut last, cx), "there is something to do");
    queue.drain(&mut VecDeque::new());
    assert!(queue.park(false, &mut last, cx));
    queue.wake_driver();
    assert_eq!(woken(), 2);
    assert!(queue.park(false, &mut last, cx), "the driver was polled after the wake-up");
    queue.request_close(CloseReason::local("test"));
    assert_eq!(woken(), 3);
    assert!(!queue.park(false, &mut last, cx));
}

#[test]
fn a_driver_woken_while_awake_does_not_park() {
    let (queue, (waker, woken), mut last) = (queue(), task(), None);
    let cx = &Context::from_waker(&waker);
    assert!(queue.park(false, &mut last, cx));
    queue.wake_driver();
    queue.wake_driver();
    assert!(!queue.park(false, &mut last, cx));
    assert!(queue.park(false, &mut last, cx));
    assert_eq!(woken(), 1);
}

#[test]
fn a_driver_that_moved_to_another_task_is_woken_there() {
    let (queue, (one, one_woken), (other, other_woken), mut last) = (queue(), task(), task(), None);
    assert!(queue.park(false, &mut last, &Context::from_waker(&one)));
    assert!(queue.park(false, &mut last, &Context::from_waker(&other)));
    assert!(queue.try_push(command()).is_ok());
    assert_eq!((one_woken(), other_woken()), (0, 1));
}

#[test]
fn a_driver_with_a_full_write_buffer_parks_although_commands_are_queued() {
    let (queue, (waker, _), mut last) = (queue(), task(), None);
    let cx = &Context::from_waker(&waker);
    assert!(queue.try_push(command()).is_ok());
    assert!(queue.park(true, &mut last, cx) && queue.park(true, &mut last, cx));
    assert!(!queue.park(false, &mut last, cx));
}
