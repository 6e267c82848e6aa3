//! Where calls wait: a power of two of slots, found by the low bits of the opaque, without hashing.

use std::task::Waker;

use super::Outcome;
use super::deadline_wheel::Link;

/// Slots of the first allocation.
const FIRST_CAPACITY: usize = 16;
/// A table that has become empty keeps no more slots than this.
const KEPT_CAPACITY: usize = 1024;

pub(super) enum State {
    Vacant,
    Waiting(Waker),
    Ended(Outcome),
}

struct Slot {
    /// The whole opaque, of which the index is the low bits: the generation of the slot.
    opaque: i32,
    link: Link,
    state: State,
}

impl Slot {
    const VACANT: Self = Self { opaque: 0, link: Link::DETACHED, state: State::Vacant };

    const fn is_vacant(&self) -> bool {
        matches!(self.state, State::Vacant)
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
                *slot = Slot { opaque, link: Link::DETACHED, state: State::Waiting(waker) };
                self.occupied += 1;
                return opaque;
            }
        }
    }

    /// Whether a call with just this opaque is waiting.
    pub(super) fn is_waiting(&self, opaque: i32) -> bool {
        self.slots
            .get(self.index(opaque))
            .is_some_and(|slot| slot.opaque == opaque && matches!(slot.state, State::Waiting(_)))
    }

    /// Ends a waiting call and returns the waker of its caller, who will release the slot.
    pub(super) fn end(&mut self, opaque: i32, outcome: Outcome) -> Option<Waker> {
        let index = self.index(opaque);
        match std::mem::replace(&mut self.slots[index].state, State::Ended(outcome)) {
            State::Waiting(waker) => Some(waker),
            State::Vacant | State::Ended(_) => None,
        }
    }

    /// Ends every waiting call.
    pub(super) fn end_all(&mut self, outcome: impl Fn() -> Outcome, wakers: &mut Vec<Waker>) {
        for slot in self.slots.iter_mut().filter(|slot| matches!(slot.state, State::Waiting(_))) {
            slot.link = Link::DETACHED;
            if let State::Waiting(waker) = std::mem::replace(&mut slot.state, State::Ended(outcome())) {
                wakers.push(waker);
            }
        }
    }

    pub(super) fn set_waker(&mut self, opaque: i32, waker: &Waker) {
        let index = self.index(opaque);
        if let State::Waiting(old) = &mut self.slots[index].state {
            old.clone_from(waker);
        }
    }

    /// Empties the slot of a call, which its caller does exactly once.
    pub(super) fn release(&mut self, opaque: i32) -> State {
        let index = self.index(opaque);
        let slot = &mut self.slots[index];
        debug_assert!(slot.opaque == opaque && !slot.is_vacant());
        let state = std::mem::replace(&mut slot.state, State::Vacant);
        self.occupied -= 1;
        if self.occupied == 0 && self.slots.len() > KEPT_CAPACITY {
            self.slots = Vec::new();
        }
        state
    }

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
