//! The JSON of routes, kept until something in it changes.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use arc_swap::ArcSwapOption;
use remoting::protocol::bytes::Bytes;

use super::TopicRoute;

/// The form of JSON that a client reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum JsonDialect {
    /// Integer keys in quotes, and `\uXXXX` for characters beyond ASCII: clients since 4.9.4.
    Standard,
    /// Integer keys without quotes, as fastjson writes them by default.
    Legacy,
}

/// The JSON of one route in each dialect.
#[derive(Debug, Default)]
pub(super) struct Slots {
    standard: ArcSwapOption<Encoded>,
    legacy: ArcSwapOption<Encoded>,
}

impl Slots {
    const fn of(&self, dialect: JsonDialect) -> &ArcSwapOption<Encoded> {
        match dialect {
            JsonDialect::Standard => &self.standard,
            JsonDialect::Legacy => &self.legacy,
        }
    }
}

#[derive(Debug)]
struct Encoded {
    /// The value of [`EncodedRoutes::epoch`] before the route was looked at.
    epoch: u64,
    body: Bytes,
    _kept: Kept,
}

/// Counts the bytes of an [`Encoded`] while it exists.
#[derive(Debug)]
struct Kept {
    bytes: usize,
    total: Arc<AtomicUsize>,
}

impl Drop for Kept {
    fn drop(&mut self) {
        self.total.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

/// The validity and the memory of all kept JSON.
#[derive(Debug)]
pub(crate) struct EncodedRoutes {
    /// Grows with each change that may be visible in the routes of unchanged topics: of a broker's address, of the order
    /// configuration, of the configuration.
    epoch: AtomicU64,
    total: Arc<AtomicUsize>,
    limit: usize,
}

impl EncodedRoutes {
    /// Keeps up to `limit` bytes. Beyond that, JSON is written for each read.
    pub(crate) fn new(limit: usize) -> Self {
        Self { epoch: AtomicU64::new(0), total: Arc::default(), limit }
    }

    /// Makes all kept JSON outdated. Call it after the change is visible.
    pub(crate) fn outdate(&self) {
        self.epoch.fetch_add(1, Ordering::Release);
    }

    /// Returns the number of bytes that are kept.
    pub(crate) fn bytes(&self) -> usize {
        self.total.load(Ordering::Relaxed)
    }

    /// Returns the JSON of `route`. `write` writes it if none is kept; `None` means that the topic has no route.
    pub(crate) fn get(
        &self,
        route: &TopicRoute,
        dialect: JsonDialect,
        write: impl FnOnce() -> Option<Bytes>,
    ) -> Option<Bytes> {
        // Before `write` reads anything: what it reads is then at least as new.
        let epoch = self.epoch.load(Ordering::Acquire);
        let slot = route.encoded.of(dialect);
        if let Some(encoded) = slot.load().as_ref().filter(|encoded| encoded.epoch == epoch) {
            return Some(encoded.body.clone());
        }
        let body = write()?;
        let bytes = body.len();
        let total = self.total.fetch_add(bytes, Ordering::Relaxed);
        let kept = Kept { bytes, total: Arc::clone(&self.total) };
        let fits = total.saturating_add(bytes) <= self.limit;
        slot.store(fits.then(|| Arc::new(Encoded { epoch, body: body.clone(), _kept: kept })));
        Some(body)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads the JSON of a route, and returns it and whether it was written.
    fn get(encoded: &EncodedRoutes, route: &TopicRoute, json: &'static str) -> (Bytes, bool) {
        let mut written = false;
        let body = encoded.get(route, JsonDialect::Standard, || {
            written = true;
            Some(Bytes::from_static(json.as_bytes()))
        });
        (body.unwrap(), written)
    }

    #[test]
    fn json_is_written_once_until_it_is_outdated() {
        let (encoded, route) = (EncodedRoutes::new(100), TopicRoute::new("orders"));
        assert_eq!(get(&encoded, &route, "old"), ("old".into(), true));
        assert_eq!(get(&encoded, &route, "new"), ("old".into(), false));
        encoded.outdate();
        assert_eq!(get(&encoded, &route, "new"), ("new".into(), true));
        assert_eq!(get(&encoded, &route.to_changed(), "newer"), ("newer".into(), true), "a changed topic");
    }

    #[test]
    fn json_beyond_the_limit_is_written_for_each_read() {
        let encoded = EncodedRoutes::new(4);
        let (first, second) = (TopicRoute::new("a"), TopicRoute::new("b"));
        assert!(get(&encoded, &first, "abc").1);
        assert!(get(&encoded, &second, "de").1);
        assert!(get(&encoded, &second, "de").1);
        assert!(!get(&encoded, &first, "abc").1);
        assert_eq!(encoded.bytes(), 3);
        drop(first);
        assert_eq!(encoded.bytes(), 0);
        assert!(get(&encoded, &second, "de").1);
        assert!(!get(&encoded, &second, "de").1);
    }
}
