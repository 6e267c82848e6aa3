//! The entries that count: not null, and not followed by a null of the same key.

use std::collections::BTreeSet;

use super::entries::RawEntries;

/// An iterator over the entries of a map, without those of keys whose last value is null, and without other nulls.
#[derive(Clone, Debug)]
pub(crate) struct LiveEntries<'a> {
    entries: RawEntries<'a>,
    empty_is_null: bool,
    nulled: BTreeSet<&'a [u8]>,
}

impl<'a> LiveEntries<'a> {
    /// Searches for nulls first, since a null removes earlier values of its key.
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

/// Returns the keys whose last value is null. Does not allocate for a map without nulls.
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
