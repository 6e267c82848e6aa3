mod deadlines;
mod schedules;
mod unsent;

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::time::{Duration, Instant};

use remoting_transport::CloseReason;
use remoting_transport::protocol::{RemotingCommand, ResponseCode};

use super::slot::Slot;
use super::{Outcome, PendingCall, ResponseBatch, ResponseTable};

/// Counts its wake-ups.
#[derive(Default)]
struct Caller(AtomicUsize);

impl Wake for Caller {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

impl Caller {
    fn woken(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

struct Fixture {
    start: Instant,
    table: ResponseTable,
}

const SECOND: Duration = Duration::from_secs(1);

impl Fixture {
    fn new() -> Self {
        let start = Instant::now();
        Self { start, table: ResponseTable::new(start) }
    }

    fn begin(&self, timeout: Duration) -> PendingCall<'_> {
        self.begin_at(Duration::ZERO, timeout)
    }

    fn begin_at(&self, now: Duration, timeout: Duration) -> PendingCall<'_> {
        self.table.begin(self.start + now, timeout, Waker::noop()).unwrap()
    }

    /// Completes the responses of one poll. Returns the opaques of the late ones.
    fn complete(&self, opaques: &[i32]) -> Vec<i32> {
        let mut batch = ResponseBatch::default();
        opaques.iter().for_each(|&opaque| batch.push(response(opaque)));
        self.table.complete(&mut batch);
        batch.wake();
        batch.late().map(|response| response.opaque()).collect()
    }

    fn is_waiting(&self, call: &PendingCall<'_>) -> bool {
        self.table.inner.lock().slots.waiting(call.opaque()).is_some()
    }

    fn ended<const N: usize>(&self, opaques: [i32; N]) -> [bool; N] {
        let slots = &self.table.inner.lock().slots;
        opaques.map(|opaque| slots.waiting(opaque).is_none())
    }

    /// The next deadline when no call is new.
    fn next_deadline(&self) -> Option<Instant> {
        self.table.next_deadline(|| unreachable!("no call is new"))
    }

    fn expire(&self, now: Duration) {
        let mut batch = ResponseBatch::default();
        self.table.expire(self.start + now, &mut batch);
        batch.wake();
    }
}

fn response(opaque: i32) -> RemotingCommand {
    RemotingCommand::response(ResponseCode::SUCCESS).with_opaque(opaque)
}

fn outcome(call: PendingCall<'_>) -> Option<Outcome> {
    match pin!(call).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(outcome) => Some(outcome),
        Poll::Pending => None,
    }
}

fn answered(call: PendingCall<'_>) -> bool {
    let opaque = call.opaque();
    matches!(outcome(call), Some(Outcome::Response(response)) if response.opaque() == opaque)
}

#[test]
fn each_call_of_a_batch_gets_its_own_response() {
    let fixture = Fixture::new();
    let calls: Vec<_> = (0..100).map(|_| fixture.begin(SECOND)).collect();
    let mut opaques: Vec<_> = calls.iter().map(PendingCall::opaque).collect();
    opaques.reverse();
    assert!(fixture.complete(&opaques).is_empty());
    assert!(calls.into_iter().all(answered));
    assert_eq!(fixture.table.in_flight(), 0);
}

#[test]
fn a_caller_is_woken_once_when_its_call_ends() {
    let fixture = Fixture::new();
    let caller = Arc::new(Caller::default());
    let waker = Waker::from(Arc::clone(&caller));
    let call = fixture.table.begin(fixture.start, SECOND, &waker).unwrap();
    assert_eq!(fixture.complete(&[call.opaque(), call.opaque()]), [call.opaque()], "the second one is late");
    fixture.expire(2 * SECOND);
    fixture.table.close(&CloseReason::local("test"));
    assert_eq!(caller.woken(), 1);
    assert!(answered(call));
}

#[test]
fn a_call_that_is_polled_by_another_task_wakes_that_task() {
    let fixture = Fixture::new();
    let (first, second) = (Arc::new(Caller::default()), Arc::new(Caller::default()));
    let waker = Waker::from(Arc::clone(&first));
    let mut call = pin!(fixture.table.begin(fixture.start, SECOND, &waker).unwrap());
    let waker = Waker::from(Arc::clone(&second));
    assert!(call.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
    fixture.complete(&[call.opaque()]);
    assert_eq!((first.woken(), second.woken()), (0, 1));
}

#[test]
fn a_late_response_never_reaches_a_newer_call() {
    let fixture = Fixture::new();
    let cancelled = fixture.begin(SECOND);
    let stale = cancelled.opaque();
    drop(cancelled);
    // Enough calls to use each slot again.
    for _ in 0..100 {
        let newer = fixture.begin(SECOND);
        assert_eq!(fixture.complete(&[stale]), [stale]);
        assert!(outcome(newer).is_none());
    }
}

#[test]
fn a_response_with_an_unknown_opaque_is_late() {
    let fixture = Fixture::new();
    assert_eq!(fixture.complete(&[0, -1, i32::MIN]), [0, -1, i32::MIN], "the table is empty");
    let call = fixture.begin(SECOND);
    let others = [call.opaque() + 1, call.opaque() + 16, call.opaque() | i32::MIN];
    assert_eq!(fixture.complete(&others), others);
    assert!(outcome(call).is_none());
}

#[test]
fn opaques_wrap_into_negatives_and_back_without_meeting_a_call_in_flight() {
    let fixture = Fixture::new();
    let old = fixture.begin(SECOND);
    assert_eq!(old.opaque(), 0);
    fixture.table.inner.lock().slots.set_next_opaque(i32::MAX);
    assert_eq!(fixture.begin(SECOND).opaque(), i32::MAX);
    assert_eq!(fixture.begin(SECOND).opaque(), i32::MIN + 1, "the slot of i32::MIN is that of opaque 0");
    fixture.table.inner.lock().slots.set_next_opaque(-1);
    assert_eq!(fixture.begin(SECOND).opaque(), -1);
    assert_eq!(fixture.begin(SECOND).opaque(), 1, "opaque 0 is still in flight");
    assert_eq!(fixture.complete(&[0]), [0; 0]);
    assert!(answered(old));
}

#[test]
fn a_growing_table_keeps_its_calls_and_their_deadlines() {
    let fixture = Fixture::new();
    let calls: Vec<_> = (0..1000).map(|n| fixture.begin(Duration::from_millis(n % 7 * 10 + 10))).collect();
    let capacity = fixture.table.inner.lock().slots.capacity();
    assert_eq!(capacity, 2048, "at most half of the slots are taken");
    fixture.expire(Duration::from_millis(40));
    let (expired, waiting): (Vec<_>, Vec<_>) = (0..).zip(calls).partition(|(n, _)| n % 7 * 10 + 10 <= 40);
    assert!(expired.into_iter().all(|(_, call)| matches!(outcome(call), Some(Outcome::TimedOut))));
    assert!(waiting.into_iter().all(|(_, call)| outcome(call).is_none()));
    assert_eq!(fixture.table.inner.lock().slots.capacity(), 0, "an empty table frees its memory");
}

/// The documentation of `async_permits` derives the memory of a call from this size.
#[test]
fn a_slot_is_small() {
    assert!(size_of::<Slot>() <= 176, "{} bytes", size_of::<Slot>());
}

#[test]
fn a_table_that_becomes_empty_keeps_capacity_for_a_few_calls() {
    let fixture = Fixture::new();
    for (calls, kept) in [(32, 64), (33, 0)] {
        let calls: Vec<_> = (0..calls).map(|_| fixture.begin(SECOND)).collect();
        drop(calls);
        assert_eq!(fixture.table.inner.lock().slots.capacity(), kept);
    }
}

#[test]
fn an_unused_table_holds_no_memory() {
    let fixture = Fixture::new();
    fixture.complete(&[1, 2, 3]);
    assert_eq!(fixture.table.inner.lock().slots.capacity(), 0);
}

#[test]
fn a_response_before_the_deadline_wins_and_one_after_it_is_late() {
    let fixture = Fixture::new();
    let (early, slow) = (fixture.begin(SECOND), fixture.begin(SECOND));
    assert!(fixture.complete(&[early.opaque()]).is_empty());
    fixture.expire(2 * SECOND);
    assert_eq!(fixture.complete(&[slow.opaque()]), [slow.opaque()]);
    assert!(answered(early));
    assert!(matches!(outcome(slow), Some(Outcome::TimedOut)));
}

#[test]
fn a_close_ends_all_calls_with_its_reason_and_rejects_new_ones() {
    let fixture = Fixture::new();
    let (answered_before, waiting) = (fixture.begin(SECOND), fixture.begin(SECOND));
    fixture.complete(&[answered_before.opaque()]);
    let reason = CloseReason::peer("gone");
    fixture.table.close(&reason);
    fixture.table.close(&CloseReason::local("too late"));
    assert!(answered(answered_before), "a response before the close is not lost");
    assert!(matches!(outcome(waiting), Some(Outcome::Closed(reported)) if reported == reason));
    let refused = fixture.table.begin(fixture.start, SECOND, Waker::noop());
    assert_eq!(refused.unwrap_err(), reason);
    assert_eq!(fixture.table.in_flight(), 0);
    assert_eq!(fixture.next_deadline(), None);
}

#[test]
fn dropping_a_call_at_any_stage_frees_its_slot() {
    let fixture = Fixture::new();
    drop(fixture.begin(SECOND));
    let call = fixture.begin(SECOND);
    fixture.complete(&[call.opaque()]);
    drop(call);
    let call = fixture.begin(SECOND);
    fixture.expire(2 * SECOND);
    drop(call);
    let call = fixture.begin(SECOND);
    fixture.table.close(&CloseReason::local("test"));
    drop(call);
    assert_eq!(fixture.table.in_flight(), 0);
}

#[test]
fn the_watcher_of_an_unused_table_is_woken_once_by_the_end_of_its_last_call() {
    let fixture = Fixture::new();
    let watcher = Arc::new(Caller::default());
    let waker = Waker::from(Arc::clone(&watcher));
    assert!(fixture.table.poll_unused(&waker, || false).is_ready());
    for cancelled in [false, true] {
        let (first, last) = (fixture.begin(SECOND), fixture.begin(SECOND));
        assert!(fixture.table.poll_unused(&waker, || false).is_pending());
        let woken = watcher.woken();
        drop(first);
        fixture.complete(&[last.opaque()]);
        assert_eq!(watcher.woken(), woken, "the last caller has not collected its outcome");
        if cancelled {
            drop(last);
        } else {
            assert!(answered(last));
        }
        assert_eq!(watcher.woken(), woken + 1);
        assert!(fixture.table.poll_unused(&waker, || false).is_ready());
    }
    assert!(answered_by_itself(&fixture), "a later call does not wake the watcher");
    assert_eq!(watcher.woken(), 2);
}

#[test]
fn a_replaced_waker_is_dropped_outside_the_lock() {
    struct LooksWhenDropped(Arc<ResponseTable>, Arc<AtomicUsize>);
    impl Wake for LooksWhenDropped {
        fn wake(self: Arc<Self>) {}
    }
    impl Drop for LooksWhenDropped {
        fn drop(&mut self) {
            self.1.fetch_add(usize::from(self.0.inner.try_lock().is_some()), Ordering::Relaxed);
        }
    }
    let start = Instant::now();
    let (table, unlocked) = (Arc::new(ResponseTable::new(start)), Arc::new(AtomicUsize::new(0)));
    let first = Waker::from(Arc::new(LooksWhenDropped(Arc::clone(&table), Arc::clone(&unlocked))));
    let opaque = table.open(SECOND, &first).unwrap();
    assert!(table.take_outcome(opaque, &first, &mut None).is_none(), "the same waker replaces nothing");
    drop(first);
    assert!(table.take_outcome(opaque, Waker::noop(), &mut None).is_none());
    assert_eq!(unlocked.load(Ordering::Relaxed), 1);
    table.cancel(opaque);
}

fn answered_by_itself(fixture: &Fixture) -> bool {
    let call = fixture.begin(SECOND);
    fixture.complete(&[call.opaque()]);
    answered(call)
}

#[test]
fn calls_that_stay_in_flight_do_not_make_others_search_long() {
    let fixture = Fixture::new();
    let _staying: Vec<_> = (0..500).map(|_| fixture.begin(3600 * SECOND)).collect();
    let first = fixture.begin(SECOND).opaque();
    for _ in 0..10_000 {
        drop(fixture.begin(SECOND));
    }
    let opaques_per_call = f64::from(fixture.begin(SECOND).opaque() - first) / 10_000.0;
    assert!(opaques_per_call <= 2.0, "{opaques_per_call} opaques were tried per call");
}
