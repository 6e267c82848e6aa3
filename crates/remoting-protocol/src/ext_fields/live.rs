//! The entries that count: neither null, nor taken back by a null that comes after them.

use std::collections::BTreeSet;

use super::entries::RawEntries;

/// The entries of a map without nulls and without the values of keys whose last value is null.
#[derive(Clone, Debug)]
pub(crate) struct LiveEntries<'a> {
    entries: RawEntries<'a>,
    empty_is_null: bool,
    nulled: BTreeSet<&'a [u8]>,
}

impl<'a> LiveEntries<'a> {
    /// Looks for nulls at once, since one takes back what comes before it.
    pub(super) fn new(encoded: &'a [u8], empty_is_null: bool) -> Self {
        let nulled = if empty_is_null { nulled(encoded) } else { BTreeSet::new() };
        Self { entries: RawEntries::new(encoded), empty_is_null, nulled }
    }
}

impl<'a> Iterator for LiveEntries<'a> {
    type Item = (&'a [u8], &'a [u8]);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let (key, value) = self.entries.next()?;
            let null = value.is_empty() && self.empty_is_null;
            if !null && (self.nulled.is_empty() || !self.nulled.contains(key)) {
                return Some((key, value));
            }
        }
    }
}

/// The keys whose last value is null. Allocates nothing for a map without nulls.
fn nulled(encoded: &[u8]) -> BTreeSet<&[u8]> {
    let mut nulled = BTreeSet::new();
    for (key, value) in RawEntries::new(encoded) {
        if value.is_empty() {
            nulled.insert(key);
        } else if !nulled.is_empty() {
            nulled.remove(key);
        }
    }
    nulled
}

#[cfg(test)]
mod tests;
