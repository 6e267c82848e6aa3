//! Numbers that follow from a seed (SplitMix64).

use std::ops::RangeInclusive;
use std::time::Duration;

#[derive(Debug, Clone)]
pub(crate) struct Random(u64);

impl Random {
    /// The sequence of a seed. Each `stream` of a seed is a sequence of its own.
    pub(crate) const fn new(seed: u64, stream: u64) -> Self {
        // Mixed twice, since the sequence of n + γ is that of n but for its first number.
        Self(mix(mix(seed).wrapping_add(stream)))
    }

    const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        mix(self.0)
    }

    pub(crate) fn between(&mut self, range: RangeInclusive<u64>) -> u64 {
        range.start() + self.next() % (range.end() - range.start() + 1)
    }

    pub(crate) fn millis(&mut self, range: RangeInclusive<u64>) -> Duration {
        Duration::from_millis(self.between(range))
    }

    pub(crate) fn bytes(&mut self, range: RangeInclusive<u64>) -> usize {
        usize::try_from(self.between(range)).unwrap_or(usize::MAX)
    }

    /// True so many times in a hundred.
    pub(crate) fn percent(&mut self, percent: u64) -> bool {
        self.next() % 100 < percent
    }

    pub(crate) fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.bytes(0..=choices.len() as u64 - 1)]
    }
}

const fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}
