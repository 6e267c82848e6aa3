//! Deadlines in the order of their ticks: a hashed timing wheel whose lists run through the slots.
//!
//! Insert and remove are O(1) and leave nothing stale behind. A deadline further away than one revolution shares
//! a list with nearer ones and is passed over until its tick has come.

use super::slot::Slots;

/// Ticks of one revolution: 5.12 s, longer than RocketMQ's usual time-out of 3 s.
const SPAN: usize = 512;
const WORDS: usize = SPAN / u64::BITS as usize;

/// The place of a call in the list of its tick. Neighbours are named by opaque, so that
/// a table that grows need not touch them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Link {
    tick: u64,
    previous: Option<i32>,
    next: Option<i32>,
}

impl Link {
    pub(super) const DETACHED: Self = Self { tick: 0, previous: None, next: None };
}

pub(super) struct DeadlineWheel {
    heads: [Option<i32>; SPAN],
    /// One bit for each list that is not empty.
    busy: [u64; WORDS],
    /// All ticks before this one have expired.
    cursor: u64,
    len: usize,
}

impl Default for DeadlineWheel {
    fn default() -> Self {
        Self { heads: [None; SPAN], busy: [0; WORDS], cursor: 0, len: 0 }
    }
}

impl DeadlineWheel {
    pub(super) fn insert(&mut self, slots: &mut Slots, opaque: i32, tick: u64, now: u64) {
        if self.len == 0 {
            self.cursor = self.cursor.max(now);
        }
        let tick = tick.max(self.cursor);
        let list = list_of(tick);
        let next = self.heads[list].replace(opaque);
        *slots.link(opaque) = Link { tick, previous: None, next };
        if let Some(next) = next {
            slots.link(next).previous = Some(opaque);
        }
        self.busy[list / 64] |= 1 << (list % 64);
        self.len += 1;
    }

    pub(super) fn remove(&mut self, slots: &mut Slots, opaque: i32) {
        let Link { tick, previous, next } = std::mem::replace(slots.link(opaque), Link::DETACHED);
        if let Some(next) = next {
            slots.link(next).previous = previous;
        }
        if let Some(previous) = previous {
            slots.link(previous).next = next;
        } else {
            let list = list_of(tick);
            self.heads[list] = next;
            if next.is_none() {
                self.busy[list / 64] &= !(1 << (list % 64));
            }
        }
        self.len -= 1;
    }

    /// Removes every deadline up to and including tick `now`.
    pub(super) fn expire(&mut self, slots: &mut Slots, now: u64, mut expired: impl FnMut(&mut Slots, i32)) {
        let last = now.min(self.cursor.saturating_add(SPAN as u64 - 1));
        while self.len > 0 && self.cursor <= last {
            let mut entry = self.heads[list_of(self.cursor)];
            while let Some(opaque) = entry {
                let link = *slots.link(opaque);
                entry = link.next;
                if link.tick <= now {
                    self.remove(slots, opaque);
                    expired(slots, opaque);
                }
            }
            self.cursor += 1;
        }
        self.cursor = self.cursor.max(now.saturating_add(1));
    }

    /// A tick that is not later than any deadline, and is the earliest deadline if that is less than
    /// one revolution away.
    pub(super) fn earliest(&self) -> Option<u64> {
        let start = list_of(self.cursor);
        (0..=WORDS).find_map(|step| {
            let word = (start / 64 + step) % WORDS;
            // The first word is looked at twice: from the cursor's bit on, and at the end what lies before it.
            let mask = match step {
                0 => !0 << (start % 64),
                WORDS => !(!0 << (start % 64)),
                _ => !0,
            };
            let bits = self.busy[word] & mask;
            (bits != 0).then(|| {
                let list = word * 64 + bits.trailing_zeros() as usize;
                self.cursor + ((list + SPAN - start) % SPAN) as u64
            })
        })
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the remainder is less than SPAN")]
const fn list_of(tick: u64) -> usize {
    (tick % SPAN as u64) as usize
}
