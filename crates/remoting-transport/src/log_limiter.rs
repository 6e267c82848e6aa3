//! Limits the log lines of frequent events.

#[cfg(test)]
mod tests;

use std::{
    fmt,
    time::{Duration, Instant},
};

use parking_lot::Mutex;
use tokio::sync::Notify;

/// A limiter that decides which of many similar events are logged.
///
/// An interval begins with its first event. At most `lines` events of an interval are logged. The others are counted,
/// and their number is returned once, as [`SuppressedEvents`], after the interval. The limiter logs nothing itself, so
/// each caller chooses level, fields and message.
///
/// With keys ([`admit_key`](Self::admit_key)), an interval has one line for each key, and `lines` in total. At most
/// `lines` keys are stored, so peers may choose them.
///
/// The caller passes the time. A decision takes one short lock, and allocates only for a new key.
///
/// ```
/// use std::time::{Duration, Instant};
/// use remoting_transport::LogLimiter;
///
/// let limiter = LogLimiter::<u16>::new(10, Duration::from_secs(10));
/// let admission = limiter.admit_key(&310, Instant::now());
/// if let Some(suppressed) = admission.suppressed {
///     eprintln!("failed requests: {suppressed}");
/// }
/// if admission.line {
///     eprintln!("a request with code 310 failed");
/// }
/// assert!(!limiter.admit_key(&310, Instant::now()).line);
/// ```
#[derive(Debug)]
pub struct LogLimiter<K = ()> {
    lines: usize,
    interval: Duration,
    current: Mutex<Interval<K>>,
    /// Notified at the first suppressed event of an interval.
    suppressing: Notify,
}

/// The decision about an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub struct LogAdmission {
    /// Whether the event is logged.
    pub line: bool,
    /// The suppressed events of an earlier interval, to be logged before this event.
    pub suppressed: Option<SuppressedEvents>,
}

/// Suppressed events. Displays as `7 more in the last 10 s`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SuppressedEvents {
    /// The number of events; never zero.
    pub count: u64,
    /// The time since the interval began.
    pub within: Duration,
}

#[derive(Debug)]
struct Interval<K> {
    began: Option<Instant>,
    lines: usize,
    keys: Vec<K>,
    suppressed: u64,
}

impl<K> LogLimiter<K> {
    /// Creates a limiter of `lines` lines in each `interval`.
    #[must_use]
    pub fn new(lines: usize, interval: Duration) -> Self {
        Self { lines, interval, current: Mutex::default(), suppressing: Notify::new() }
    }

    /// Decides about an event without a key.
    pub fn admit(&self, now: Instant) -> LogAdmission {
        self.decide(now, |_| true)
    }

    /// Decides about an event at `now`. An event whose key was logged in this interval is suppressed.
    pub fn admit_key(&self, key: &K, now: Instant) -> LogAdmission
    where
        K: Clone + PartialEq,
    {
        self.decide(now, |keys| {
            let new = !keys.contains(key);
            if new {
                keys.push(key.clone());
            }
            new
        })
    }

    /// Calls `first` only while lines are left.
    fn decide(&self, now: Instant, first: impl FnOnce(&mut Vec<K>) -> bool) -> LogAdmission {
        let mut current = self.current.lock();
        let suppressed = current.end_if_over(now, self.interval);
        current.began.get_or_insert(now);
        let line = current.lines < self.lines && first(&mut current.keys);
        if line {
            current.lines += 1;
        } else {
            current.suppressed += 1;
            if current.suppressed == 1 {
                self.suppressing.notify_one();
            }
        }
        LogAdmission { line, suppressed }
    }

    /// Ends the interval and returns its suppressed events, if any. For the shutdown of the owner.
    pub fn flush(&self, now: Instant) -> Option<SuppressedEvents> {
        self.current.lock().end(now)
    }

    /// Passes the suppressed events of each interval to `log` when the interval ends, even if no event follows. Never
    /// returns. Only one such future may run. Without one, [`admit`](Self::admit) and [`flush`](Self::flush) return the
    /// suppressed events.
    ///
    /// # Cancel safety
    /// This method is cancel safe: events that were not passed to `log` are returned by `admit` or `flush`.
    pub async fn summarize(&self, mut log: impl FnMut(SuppressedEvents)) {
        loop {
            self.suppressing.notified().await;
            let began = self.current.lock().began;
            if let Some(over_at) = began.and_then(|began| began.checked_add(self.interval)) {
                tokio::time::sleep_until(over_at.into()).await;
            }
            let now = tokio::time::Instant::now().into_std();
            let over = self.current.lock().end_if_over(now, self.interval);
            if let Some(suppressed) = over {
                log(suppressed);
            }
        }
    }
}

impl<K> Interval<K> {
    fn end_if_over(&mut self, now: Instant, length: Duration) -> Option<SuppressedEvents> {
        let began = self.began?;
        if now.saturating_duration_since(began) < length {
            return None;
        }
        self.end(now)
    }

    /// Keeps the memory of the keys for the next interval.
    fn end(&mut self, now: Instant) -> Option<SuppressedEvents> {
        let began = self.began.take()?;
        let count = std::mem::take(&mut self.suppressed);
        self.lines = 0;
        self.keys.clear();
        (count > 0).then(|| SuppressedEvents { count, within: now.saturating_duration_since(began) })
    }
}

impl<K> Default for Interval<K> {
    fn default() -> Self {
        Self { began: None, lines: 0, keys: Vec::new(), suppressed: 0 }
    }
}

impl fmt::Display for SuppressedEvents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} more in the last {} s", self.count, self.within.as_secs())
    }
}
