//! A driver is parked and woken, and nothing is lost in between.

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

/// A driver's task, and how often it was woken.
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
fn a_driver_that_stays_parked_is_woken_once_by_whoever_comes_next() {
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
    assert!(queue.park(false, &mut last, cx), "the turn it was asked for has come");
    queue.request_close(CloseReason::local("test"));
    assert_eq!(woken(), 3);
    assert!(!queue.park(false, &mut last, cx));
}

#[test]
fn a_driver_asked_for_a_turn_while_awake_does_not_park() {
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
fn a_driver_that_has_moved_to_another_task_is_woken_there() {
    let (queue, (one, one_woken), (other, other_woken), mut last) = (queue(), task(), task(), None);
    assert!(queue.park(false, &mut last, &Context::from_waker(&one)));
    assert!(queue.park(false, &mut last, &Context::from_waker(&other)));
    assert!(queue.try_push(command()).is_ok());
    assert_eq!((one_woken(), other_woken()), (0, 1));
}

#[test]
fn a_driver_without_room_parks_beside_commands_and_takes_them_later() {
    let (queue, (waker, _), mut last) = (queue(), task(), None);
    let cx = &Context::from_waker(&waker);
    assert!(queue.try_push(command()).is_ok());
    assert!(queue.park(true, &mut last, cx) && queue.park(true, &mut last, cx));
    assert!(!queue.park(false, &mut last, cx));
}
