//! Calls that end in every order.

use std::future::Future as _;
use std::pin::pin;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::task::{Context, Waker};
use std::time::Duration;

use super::{Fixture, Outcome, PendingCall, answered, outcome};

/// Thousands of random steps, each compared with a plain list of calls.
#[test]
fn a_table_behaves_like_a_list_of_calls_under_random_steps() {
    for seed in 1..20 {
        let fixture = Fixture::new();
        let mut random = Random(seed);
        let mut calls: Vec<(PendingCall<'_>, Duration)> = Vec::new();
        let mut now = Duration::ZERO;
        for _ in 0..2_000 {
            match random.below(10) {
                0..5 => {
                    let timeout = Duration::from_millis([7, 300, 3_000, 12_000][random.below(4)]) * 3 / 2;
                    calls.push((fixture.begin_at(now, timeout), now + timeout));
                }
                5 | 6 if !calls.is_empty() => {
                    let (call, _) = calls.swap_remove(random.below(calls.len()));
                    assert!(fixture.complete(&[call.opaque()]).is_empty());
                    assert!(answered(call));
                }
                7 if !calls.is_empty() => drop(calls.swap_remove(random.below(calls.len()))),
                _ => {
                    now += Duration::from_millis([1, 10, 100, 6_000][random.below(4)]);
                    fixture.expire(now);
                    // A deadline counts from its tick, which is at most 10 ms later.
                    let tick_after = |deadline: Duration| deadline.as_micros().div_ceil(10_000) * 10;
                    let (expired, waiting) =
                        calls.into_iter().partition(|(_, deadline)| tick_after(*deadline) <= now.as_millis());
                    calls = waiting;
                    let expired: Vec<(PendingCall<'_>, Duration)> = expired;
                    assert!(
                        expired.into_iter().all(|(call, _)| matches!(outcome(call), Some(Outcome::TimedOut)))
                    );
                    assert!(calls.iter().all(|(call, _)| fixture.is_waiting(call)));
                }
            }
            assert_eq!(fixture.table.in_flight(), calls.len());
            let earliest = calls.iter().map(|(_, deadline)| *deadline).min();
            let next = fixture.next_deadline().map(|at| at - fixture.start);
            assert!(earliest.is_none_or(|earliest| next.unwrap() < earliest + Duration::from_millis(10)));
        }
    }
}

/// A linear congruential generator: the same steps in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % bound
    }
}

/// Responses, deadlines and cancels from four threads: each call ends once, and nothing is left.
#[test]
fn a_call_ends_once_however_its_ends_race() {
    const CALLS: u64 = 500;
    let fixture = Fixture::new();
    let (clock, calling) = (AtomicU64::new(0), AtomicUsize::new(2));
    std::thread::scope(|scope| {
        for thread in 0..2 {
            let (fixture, clock, calling) = (&fixture, &clock, &calling);
            scope.spawn(move || {
                for n in 0..CALLS {
                    let now = Duration::from_millis(clock.load(Ordering::Relaxed));
                    let mut call = pin!(fixture.begin_at(now, Duration::from_millis(n % 50)));
                    if (n + thread) % 3 == 0 {
                        continue; // cancelled
                    }
                    while call.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending() {
                        std::thread::yield_now();
                    }
                }
                calling.fetch_sub(1, Ordering::Relaxed);
            });
        }
        for _ in 0..2 {
            let (fixture, clock, calling) = (&fixture, &clock, &calling);
            scope.spawn(move || {
                while calling.load(Ordering::Relaxed) > 0 {
                    let next = fixture.table.inner.lock().slots.next_opaque();
                    fixture.complete(&[next - 1, next - 2, next]);
                    fixture.expire(Duration::from_millis(clock.fetch_add(1, Ordering::Relaxed)));
                }
            });
        }
    });
    assert_eq!(fixture.table.in_flight(), 0);
}
