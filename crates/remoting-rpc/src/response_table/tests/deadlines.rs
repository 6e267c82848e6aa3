//! Calls that end at their deadline.

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Waker};
use std::time::Duration;

use super::{Fixture, SECOND, outcome};
use crate::response_table::{Outcome, PendingCall};

#[test]
fn a_call_ends_at_its_deadline_and_not_before() {
    // Deadlines between ticks, on ticks, at zero, near and far.
    let timeouts =
        [0, 1, 9, 10, 11, 995, 3_000, 5_119, 5_120, 5_121, 15_003, 100_000].map(Duration::from_millis);
    for timeout in timeouts {
        for begun in [0, 7, 5_115, 123_456].map(Duration::from_millis) {
            let fixture = Fixture::new();
            let mut call = pin!(fixture.begin_at(begun, timeout));
            let deadline = begun + timeout;
            let mut cx = Context::from_waker(Waker::noop());
            assert!(call.as_mut().poll(&mut cx).is_pending());
            let mut now = begun;
            // Like the driver: sleep until the next deadline, which may be too early.
            let ended = loop {
                now = now.max(fixture.next_deadline().unwrap().duration_since(fixture.start));
                fixture.expire(now);
                if call.as_mut().poll(&mut cx).is_ready() {
                    break now;
                }
                now += Duration::from_millis(1);
            };
            assert!(ended >= deadline, "{timeout:?} ended early, at {ended:?}");
            assert!(ended < deadline + Duration::from_millis(11), "{timeout:?} ended late, at {ended:?}");
            assert_eq!(fixture.next_deadline(), None);
        }
    }
}

#[test]
fn the_time_of_a_call_starts_at_the_drivers_next_poll() {
    let fixture = Fixture::new();
    let opened =
        [SECOND, SECOND, 2 * SECOND].map(|timeout| fixture.table.open(timeout, Waker::noop()).unwrap());
    fixture.expire(3600 * SECOND);
    assert_eq!(fixture.ended(opened), [false; 3], "their time has not started");
    let poll = 4000 * SECOND;
    assert_eq!(fixture.table.next_deadline(|| fixture.start + poll), Some(fixture.start + poll + SECOND));
    let later = fixture.table.open(SECOND, Waker::noop()).unwrap();
    fixture.expire(poll + SECOND - Duration::from_millis(1));
    assert_eq!(fixture.ended(opened), [false; 3], "their time is not over");
    fixture.expire(poll + SECOND);
    assert_eq!(fixture.ended(opened), [true, true, false]);
    assert_eq!(fixture.ended([later]), [false], "a call opened after that poll is not over either");
    let next = fixture.table.next_deadline(|| fixture.start + poll + SECOND);
    assert_eq!(next, Some(fixture.start + poll + 2 * SECOND));
    fixture.expire(poll + 2 * SECOND);
    let mut began = None;
    let outcome = fixture.table.take_outcome(later, Waker::noop(), &mut began);
    assert!(matches!(outcome, Some(Outcome::TimedOut)));
    assert_eq!(began, Some(fixture.start + poll + SECOND), "a repeated call has its remaining time");
    opened.iter().for_each(|&opaque| fixture.table.cancel(opaque));
}

#[test]
fn a_call_that_ends_before_its_time_starts_has_used_none_of_it() {
    let fixture = Fixture::new();
    let opaque = fixture.table.open(SECOND, Waker::noop()).unwrap();
    fixture.complete(&[opaque]);
    let mut began = None;
    let outcome = fixture.table.take_outcome(opaque, Waker::noop(), &mut began);
    assert!(matches!(outcome, Some(Outcome::Response(_))));
    assert_eq!(began, None);
    let nothing_runs = fixture.table.next_deadline(|| fixture.start);
    assert_eq!(nothing_runs, None);
}

/// The table grows between a call and the poll that starts its time, and reaches opaques whose slots are
/// taken.
#[test]
fn all_new_calls_of_one_poll_have_their_own_deadlines() {
    let fixture = Fixture::new();
    let old = fixture.begin(3600 * SECOND);
    fixture.table.inner.lock().slots.set_next_opaque(i32::MAX - 50);
    let opened: [i32; 200] = std::array::from_fn(|n| {
        let timeout = Duration::from_millis(10 * (n as u64 % 7 + 1));
        fixture.table.open(timeout, Waker::noop()).unwrap()
    });
    fixture.table.next_deadline(|| fixture.start);
    fixture.expire(Duration::from_millis(30));
    assert_eq!(fixture.ended(opened), std::array::from_fn(|n| n % 7 < 3));
    assert!(fixture.is_waiting(&old));
    opened.iter().for_each(|&opaque| fixture.table.cancel(opaque));
    assert!(outcome(old).is_none());
}

#[test]
fn deadlines_of_calls_that_ended_are_forgotten() {
    let fixture = Fixture::new();
    let calls: Vec<_> = (1..100).map(|n| fixture.begin(n * Duration::from_millis(50))).collect();
    let opaques: Vec<_> = calls.iter().map(PendingCall::opaque).collect();
    fixture.complete(&opaques[..50]);
    drop(calls);
    fixture.expire(SECOND);
    assert_eq!(fixture.next_deadline(), None);
}

#[test]
fn a_driver_that_overslept_ends_all_that_are_due() {
    let fixture = Fixture::new();
    let due: Vec<_> = (0..50).map(|n| fixture.begin(n * SECOND)).collect();
    let far = fixture.begin(3600 * SECOND);
    fixture.expire(60 * SECOND);
    assert!(due.into_iter().all(|call| matches!(outcome(call), Some(Outcome::TimedOut))));
    assert!(outcome(far).is_none());
}
