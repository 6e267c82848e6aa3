//! Where calls wait: a power of two of slots, found by the low bits of the opaque, without hashing.

use std::task::Waker;

use super::Outcome;
use super::deadline_wheel::Link;

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
    link: Link,
    waker: Option<Waker>,
    outcome: Option<Outcome>,
}

impl Slot {
    const VACANT: Self = Self { opaque: 0, link: Link::DETACHED, waker: None, outcome: None };

    const fn is_vacant(&self) -> bool {
        self.waker.is_none() && self.outcome.is_none()
    }

    /// Ends the call of a waiting slot. Its caller, whose waker this is, will take the outcome; the link is the
    /// wheel's business.
    #[inline]
    pub(super) fn end(&mut self, outcome: Outcome) -> Option<Waker> {
        self.outcome = Some(outcome);
        self.waker.take()
    }
}

pub(super) struct Slots {
    /// Empty, or a power of two of which at most half is occupied.
    slots: Vec<Slot>,
    occupied: usize,
    next_opaque: i32,
}

impl Slots {
    pub(super) const fn new() -> Self {
        Self { slots: Vec::new(), occupied: 0, next_opaque: 0 }
    }

    pub(super) const fn occupied(&self) -> usize {
        self.occupied
    }

    /// Takes the slot of the next opaque that has a vacant one. An opaque whose slot is taken is skipped; as
    /// at most half of the slots are taken and the counter moves on, that is one skip per call on average.
    #[inline]
    pub(super) fn occupy(&mut self, waker: Waker) -> i32 {
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
                slot.waker = Some(waker);
                self.occupied += 1;
                return opaque;
            }
        }
    }

    /// The slot of the call with just this opaque, if it is waiting.
    #[inline]
    pub(super) fn waiting(&mut self, opaque: i32) -> Option<&mut Slot> {
        let index = self.index(opaque);
        self.slots.get_mut(index).filter(|slot| slot.opaque == opaque && slot.waker.is_some())
    }

    /// Ends every waiting call.
    pub(super) fn end_all(&mut self, outcome: impl Fn() -> Outcome, wakers: &mut Vec<Waker>) {
        for slot in &mut self.slots {
            if slot.waker.is_some() {
                slot.link = Link::DETACHED;
                wakers.extend(slot.end(outcome()));
            }
        }
    }

    /// Takes the outcome of a call that has ended and empties its slot; one that has not will wake this waker, and
    /// the one it replaces goes to `replaced`.
    #[inline(always)]
    pub(super) fn take_outcome(
        &mut self,
        opaque: i32,
        waker: &Waker,
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
        let outcome = slot.outcome.take();
        self.released();
        outcome
    }

    /// Empties the slot of a call whose caller has given up, and returns what it held.
    pub(super) fn release(&mut self, opaque: i32) -> (Option<Waker>, Option<Outcome>) {
        let index = self.index(opaque);
        let slot = &mut self.slots[index];
        debug_assert!(slot.opaque == opaque && !slot.is_vacant());
        let held = (slot.waker.take(), slot.outcome.take());
        self.released();
        held
    }

    fn released(&mut self) {
        self.occupied -= 1;
        if self.occupied == 0 && self.slots.len() > KEPT_CAPACITY {
            self.slots = Vec::new();
        }
    }

    #[inline]
    pub(super) fn link(&mut self, opaque: i32) -> &mut Link {
        let index = self.index(opaque);
        &mut self.slots[index].link
    }

    /// Doubles. Slots that are distinct under a mask stay distinct under one that is a bit longer.
    fn grow(&mut self) {
        let capacity = (self.slots.len() * 2).max(FIRST_CAPACITY);
        let mut grown = Vec::with_capacity(capacity);
        grown.resize_with(capacity, || Slot::VACANT);
        let old = std::mem::replace(&mut self.slots, grown);
        for slot in old.into_iter().filter(|slot| !slot.is_vacant()) {
            let index = self.index(slot.opaque);
            self.slots[index] = slot;
        }
    }

    #[expect(clippy::cast_sign_loss, reason = "only the low bits count, and a mask keeps them")]
    const fn index(&self, opaque: i32) -> usize {
        opaque as u32 as usize & self.slots.len().wrapping_sub(1)
    }

    #[cfg(test)]
    pub(super) fn is_waiting(&mut self, opaque: i32) -> bool {
        self.waiting(opaque).is_some()
    }

    #[cfg(test)]
    pub(super) const fn capacity(&self) -> usize {
        self.slots.len()
    }

    #[cfg(test)]
    pub(super) const fn next_opaque(&self) -> i32 {
        self.next_opaque
    }

    #[cfg(test)]
    pub(super) const fn set_next_opaque(&mut self, opaque: i32) {
        self.next_opaque = opaque;
    }
}
