//! The slots of waiting calls: a power of two, indexed by the low bits of the opaque, without hashing.

use std::task::Waker;
use std::time::{Duration, Instant};

use super::Outcome;
use super::tick::Clock;

/// The number of slots of the first allocation.
const FIRST_CAPACITY: usize = 16;
/// The number of slots that a table keeps after it has become empty.
const KEPT_CAPACITY: usize = 64;

/// A slot is vacant with neither waker nor outcome, waiting with a waker, and ended with an outcome. The two
/// are separate fields, so that a check of the small waker does not move an outcome, which is as large as a
/// command.
///
/// At most half of the slots are taken, and mostly more than a quarter, so a call costs two to four slots.
pub(super) struct Slot {
    /// The whole opaque. Its low bits are the index; it is the generation of the slot.
    opaque: i32,
    time: Time,
    waker: Option<Waker>,
    outcome: Option<Outcome>,
}

#[derive(Clone, Copy)]
enum Time {
    /// The time has not started; the call has all of it.
    Whole(Duration),
    /// The time started then.
    Since(Instant),
}

impl Slot {
    const VACANT: Self = Self { opaque: 0, time: Time::Whole(Duration::ZERO), waker: None, outcome: None };

    const fn is_vacant(&self) -> bool {
        self.waker.is_none() && self.outcome.is_none()
    }

    const fn is_waiting_with(&self, opaque: i32) -> bool {
        self.opaque == opaque && self.waker.is_some()
    }
}

/// The deadline of a slot without a waiting call.
pub(super) const NEVER: u64 = u64::MAX;

pub(super) struct Slots {
    /// Empty, or a power of two of which at most half is occupied.
    slots: Vec<Slot>,
    /// The tick at which the call of each slot ends. Stored apart from the slots, so that a scan of all of
    /// them is fast. [`NEVER`] if no call waits there, or its time has not started.
    due: Vec<u64>,
    occupied: usize,
    next_opaque: i32,
    /// The time of calls from this opaque on has not started.
    next_to_run: i32,
}

impl Slots {
    pub(super) const fn new() -> Self {
        Self { slots: Vec::new(), due: Vec::new(), occupied: 0, next_opaque: 0, next_to_run: 0 }
    }

    pub(super) const fn occupied(&self) -> usize {
        self.occupied
    }

    /// Takes the slot of the next opaque that has a vacant one. An opaque whose slot is taken is skipped. At
    /// most half of the slots are taken and the counter moves on, so that is one skip per call on average.
    #[inline]
    pub(super) fn occupy(&mut self, timeout: Duration, waker: Waker) -> i32 {
        if self.occupied * 2 >= self.slots.len() {
            self.grow();
        }
        loop {
            let opaque = self.next_opaque;
            self.next_opaque = opaque.wrapping_add(1);
            let index = self.index(opaque);
            let slot = &mut self.slots[index];
            if slot.is_vacant() {
                slot.opaque = opaque;
                slot.time = Time::Whole(timeout);
                slot.waker = Some(waker);
                self.occupied += 1;
                return opaque;
            }
        }
    }

    /// Starts the time of the calls opened since the last run. Returns the tick of the earliest of their
    /// deadlines.
    pub(super) fn run(&mut self, now: Instant, clock: &Clock) -> u64 {
        let (mut earliest, mut last) = (NEVER, None);
        while self.next_to_run != self.next_opaque {
            let opaque = self.next_to_run;
            self.next_to_run = opaque.wrapping_add(1);
            let index = self.index(opaque);
            let Some(slot) = self.slots.get_mut(index).filter(|slot| slot.is_waiting_with(opaque)) else {
                continue;
            };
            let Time::Whole(timeout) = slot.time else { continue };
            // Most calls of one poll have equal time-outs, hence equal deadlines.
            let tick = match last {
                Some((same, tick)) if same == timeout => tick,
                _ => clock.due(now, timeout),
            };
            last = Some((timeout, tick));
            slot.time = Time::Since(now);
            self.due[index] = tick;
            earliest = earliest.min(tick);
        }
        earliest
    }

    /// Returns the slot of the call with exactly this opaque, if it is waiting.
    #[inline]
    pub(super) fn waiting(&self, opaque: i32) -> Option<usize> {
        let index = self.index(opaque);
        self.slots.get(index).is_some_and(|slot| slot.is_waiting_with(opaque)).then_some(index)
    }

    /// Ends the call of a waiting slot. Returns the waker of its caller, who takes the outcome.
    #[inline(always)]
    pub(super) fn end(&mut self, index: usize, outcome: Outcome) -> Option<Waker> {
        self.due[index] = NEVER;
        let slot = &mut self.slots[index];
        slot.outcome = Some(outcome);
        slot.waker.take()
    }

    /// Ends every waiting call that is due at this tick. Returns the earliest deadline of the others.
    pub(super) fn end_due(&mut self, now: u64, wakers: &mut Vec<Waker>) -> u64 {
        let mut earliest = NEVER;
        for (due, slot) in self.due.iter_mut().zip(&mut self.slots) {
            if *due > now {
                earliest = earliest.min(*due);
                continue;
            }
            *due = NEVER;
            slot.outcome = Some(Outcome::TimedOut);
            wakers.extend(slot.waker.take());
        }
        earliest
    }

    /// Ends every waiting call.
    pub(super) fn end_all(&mut self, outcome: impl Fn() -> Outcome, wakers: &mut Vec<Waker>) {
        self.due.fill(NEVER);
        for slot in &mut self.slots {
            if let Some(waker) = slot.waker.take() {
                slot.outcome = Some(outcome());
                wakers.push(waker);
            }
        }
    }

    /// Takes the outcome of a call that has ended, and frees its slot. Sets `began` to the start of the
    /// call's time, if it has started. If the call has not ended, stores this waker and moves the previous
    /// one to `replaced`.
    #[inline(always)]
    pub(super) fn take_outcome(
        &mut self,
        opaque: i32,
        waker: &Waker,
        began: &mut Option<Instant>,
        replaced: &mut Option<Waker>,
    ) -> Option<Outcome> {
        let index = self.index(opaque);
        let slot = &mut self.slots[index];
        debug_assert!(slot.opaque == opaque && !slot.is_vacant());
        if let Some(old) = &mut slot.waker {
            if !old.will_wake(waker) {
                *replaced = Some(std::mem::replace(old, waker.clone()));
            }
            return None;
        }
        if let Time::Since(at) = slot.time {
            *began = Some(at);
        }
        self.occupied -= 1;
        slot.outcome.take()
    }

    /// Returns the start of the time of an open call, if it has started.
    pub(super) fn began(&self, opaque: i32) -> Option<Instant> {
        match self.slots[self.index(opaque)].time {
            Time::Since(at) => Some(at),
            Time::Whole(_) => None,
        }
    }

    /// Frees the slot of an abandoned call, and returns its contents.
    pub(super) fn release(&mut self, opaque: i32) -> (Option<Waker>, Option<Outcome>) {
        let index = self.index(opaque);
        let slot = &mut self.slots[index];
        debug_assert!(slot.opaque == opaque && !slot.is_vacant());
        let held = (slot.waker.take(), slot.outcome.take());
        self.due[index] = NEVER;
        self.occupied -= 1;
        held
    }

    /// Frees the memory of an empty table that was large.
    #[inline]
    pub(super) fn shrink(&mut self) {
        if self.occupied == 0 && self.slots.len() > KEPT_CAPACITY {
            (self.slots, self.due) = (Vec::new(), Vec::new());
        }
    }

    /// Doubles the capacity. Slots that are distinct under a mask stay distinct under a longer mask.
    fn grow(&mut self) {
        let capacity = (self.slots.len() * 2).max(FIRST_CAPACITY);
        let mut grown = Vec::with_capacity(capacity);
        grown.resize_with(capacity, || Slot::VACANT);
        let old = std::mem::replace(&mut self.slots, grown);
        let due = std::mem::replace(&mut self.due, vec![NEVER; capacity]);
        for (slot, due) in old.into_iter().zip(due).filter(|(slot, _)| !slot.is_vacant()) {
            let index = self.index(slot.opaque);
            self.slots[index] = slot;
            self.due[index] = due;
        }
    }

    #[expect(clippy::cast_sign_loss, reason = "only the low bits count, and a mask keeps them")]
    const fn index(&self, opaque: i32) -> usize {
        opaque as u32 as usize & self.slots.len().wrapping_sub(1)
    }

    #[cfg(test)]
    pub(super) const fn capacity(&self) -> usize {
        self.slots.len()
    }

    #[cfg(test)]
    pub(super) const fn next_opaque(&self) -> i32 {
        self.next_opaque
    }

    /// Sets the counter as if so many calls had ended.
    #[cfg(test)]
    pub(super) const fn set_next_opaque(&mut self, opaque: i32) {
        self.next_opaque = opaque;
        self.next_to_run = opaque;
    }
}
