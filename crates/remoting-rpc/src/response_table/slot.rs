//! Where calls wait: a power of two of slots, found by the low bits of the opaque, without hashing.

use std::task::Waker;
use std::time::{Duration, Instant};

use super::Outcome;
use super::tick::Clock;

/// Slots of the first allocation.
const FIRST_CAPACITY: usize = 16;
/// A table that has become empty keeps no more slots than this.
const KEPT_CAPACITY: usize = 64;

/// A slot is vacant with neither waker nor outcome, waiting with a waker, ended with an outcome. They are two fields
/// so that neither end of a call moves what is as large as a command to look at what is as small as a waker.
///
/// With at most half, and mostly more than a quarter, of the slots taken, a call costs two to four of them.
pub(super) struct Slot {
    /// The whole opaque, of which the index is the low bits: the generation of the slot.
    opaque: i32,
    time: Time,
    waker: Option<Waker>,
    outcome: Option<Outcome>,
}

#[derive(Clone, Copy)]
enum Time {
    /// The call has all of this time.
    Whole(Duration),
    /// It runs since then.
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

/// When the deadline of a slot that waits for none comes.
pub(super) const NEVER: u64 = u64::MAX;

pub(super) struct Slots {
    /// Empty, or a power of two of which at most half is occupied.
    slots: Vec<Slot>,
    /// The tick at which the call of each slot ends, apart from the slots so that looking at all of them is quick;
    /// [`NEVER`] if no call waits there, or its time does not run yet.
    due: Vec<u64>,
    occupied: usize,
    next_opaque: i32,
    /// The time of calls from this opaque on does not run yet.
    next_to_run: i32,
}

impl Slots {
    pub(super) const fn new() -> Self {
        Self { slots: Vec::new(), due: Vec::new(), occupied: 0, next_opaque: 0, next_to_run: 0 }
    }

    pub(super) const fn occupied(&self) -> usize {
        self.occupied
    }

    /// Takes the slot of the next opaque that has a vacant one. An opaque whose slot is taken is skipped; as
    /// at most half of the slots are taken and the counter moves on, that is one skip per call on average.
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

    /// Lets the time of the calls run that have come since this was done last. Returns the tick of the earliest of
    /// their deadlines.
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
            // The calls of one turn mostly have the same time-out, hence the same deadline.
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

    /// The slot of the call with just this opaque, if it is waiting.
    #[inline]
    pub(super) fn waiting(&self, opaque: i32) -> Option<usize> {
        let index = self.index(opaque);
        self.slots.get(index).is_some_and(|slot| slot.is_waiting_with(opaque)).then_some(index)
    }

    /// Ends the call of a waiting slot. Its caller, whose waker this is, will take the outcome.
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

    /// Takes the outcome of a call that has ended and empties its slot; `began` is since when the call's time ran, if it
    /// did. A call that has not ended will wake this waker, and the one it replaces goes to `replaced`.
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

    /// Since when the time of the call in an occupied slot runs.
    pub(super) fn began(&self, opaque: i32) -> Option<Instant> {
        match self.slots[self.index(opaque)].time {
            Time::Since(at) => Some(at),
            Time::Whole(_) => None,
        }
    }

    /// Empties the slot of a call whose caller has given up, and returns what it held.
    pub(super) fn release(&mut self, opaque: i32) -> (Option<Waker>, Option<Outcome>) {
        let index = self.index(opaque);
        let slot = &mut self.slots[index];
        debug_assert!(slot.opaque == opaque && !slot.is_vacant());
        let held = (slot.waker.take(), slot.outcome.take());
        self.due[index] = NEVER;
        self.occupied -= 1;
        held
    }

    /// Gives back the memory of an empty table that has been large.
    #[inline]
    pub(super) fn shrink(&mut self) {
        if self.occupied == 0 && self.slots.len() > KEPT_CAPACITY {
            (self.slots, self.due) = (Vec::new(), Vec::new());
        }
    }

    /// Doubles. Slots that are distinct under a mask stay distinct under one that is a bit longer.
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

    /// As if so many calls had come and gone.
    #[cfg(test)]
    pub(super) const fn set_next_opaque(&mut self, opaque: i32) {
        self.next_opaque = opaque;
        self.next_to_run = opaque;
    }
}
