//! Keeps a flood of like events from becoming a flood of log lines.

#[cfg(test)]
mod tests;

use std::{
    fmt,
    time::{Duration, Instant},
};

use parking_lot::Mutex;
use tokio::sync::Notify;

/// Decides which of many like events get a log line.
///
/// An interval begins with the first event. Within it at most `lines` events get a line; the others are counted, and
/// their number is handed out once, as [`SuppressedEvents`], when the interval is over. The limiter writes nothing
/// itself, so that each user has its own level, fields and words.
///
/// With keys ([`admit_key`](Self::admit_key)) an interval has one line for each key, and `lines` in all. No more than
/// `lines` keys are remembered, so peers may choose them.
///
/// The caller hands in the time. A decision is one short lock; it neither allocates, but for a new key, nor reads a
/// clock.
///
/// ```
/// use std::time::{Duration, Instant};
/// use remoting_transport::LogLimiter;
///
/// let limiter = LogLimiter::<u16>::new(10, Duration::from_secs(10));
/// let admission = limiter.admit_key(&310, Instant::now());
/// if let Some(suppressed) = admission.suppressed {
///     eprintln!("... and {suppressed} failed requests");
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
    /// The first event of an interval that got no line.
    suppressing: Notify,
}

/// What becomes of one event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub struct LogAdmission {
    /// Whether the event gets a line.
    pub line: bool,
    /// The events of an earlier interval that got none. To be logged before this one.
    pub suppressed: Option<SuppressedEvents>,
}

/// Events that got no line. Displays as `7 more in the last 10 s`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SuppressedEvents {
    /// How many; never zero.
    pub count: u64,
    /// The time since the beginning of their interval.
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
    /// At most `lines` lines in each `interval`.
    pub fn new(lines: usize, interval: Duration) -> Self {
        Self { lines, interval, current: Mutex::default(), suppressing: Notify::new() }
    }

    /// Decides about an event without a key.
    pub fn admit(&self, now: Instant) -> LogAdmission {
        self.decide(now, |_| true)
    }

    /// Decides about an event at `now`; an event whose key had a line in this interval gets none.
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

    /// `first` is asked only while there are lines left.
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

    /// Ends the interval and returns its events without a line, if there are any. For an owner that ends.
    pub fn flush(&self, now: Instant) -> Option<SuppressedEvents> {
        self.current.lock().end(now)
    }

    /// Hands each interval's events without a line to `log` when the interval is over, though no event follows. Never
    /// ends. Only one such future may run; without one, [`admit`](Self::admit) and [`flush`](Self::flush) hand them out.
    ///
    /// # Cancellation
    /// Dropping this future loses nothing: what has not been handed out is left to the other two.
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

    /// The keys' memory stays for the next interval.
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
