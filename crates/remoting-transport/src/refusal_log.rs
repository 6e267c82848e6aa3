//! The log of connections that were closed for what they are or sent. A flood of them must not become a flood of
//! lines.

#[cfg(test)]
pub(crate) mod tests;

use std::{fmt, time::Duration};

use parking_lot::Mutex;
use tokio::{
    sync::Notify,
    time::{Instant, sleep_until},
};

use crate::address::Address;

/// How many refusals of an interval get a line of their own at level WARN.
const LINES: u32 = 10;
/// An interval begins with a refusal. At its end one line tells how many more there were.
const INTERVAL: Duration = Duration::from_secs(10);

/// The refusals of one listener.
#[derive(Debug)]
pub(crate) struct RefusalLog {
    listener: Address,
    interval: Mutex<Interval>,
    /// The first refusal of an interval that got no line.
    overfull: Notify,
}

#[derive(Debug, Clone, Copy, Default)]
struct Interval {
    began: Option<Instant>,
    lines: u32,
    more: u64,
}

impl RefusalLog {
    pub(crate) fn new(listener: Address) -> Self {
        Self { listener, interval: Mutex::default(), overfull: Notify::new() }
    }

    /// A connection from `peer` was closed, and this is why. Beyond [`LINES`] the line is at level DEBUG.
    pub(crate) fn closed(&self, peer: &Address, why: &dyn fmt::Display) {
        let listener = &self.listener;
        if self.has_room(Instant::now()) {
            tracing::warn!(%listener, %peer, "connection closed: {why}");
        } else {
            tracing::debug!(%listener, %peer, "connection closed: {why}");
        }
    }

    fn has_room(&self, now: Instant) -> bool {
        let mut interval = self.interval.lock();
        let before = interval.take_if_over(now);
        interval.began.get_or_insert(now);
        let has_room = interval.lines < LINES;
        if has_room {
            interval.lines += 1;
        } else {
            interval.more += 1;
            if interval.more == 1 {
                self.overfull.notify_one();
            }
        }
        drop(interval);
        self.summarise(before, now);
        has_room
    }

    /// Tells at the end of each interval what it kept to itself. Never ends; dropped, it tells what it has not.
    pub(crate) async fn run(&self) {
        let _sum_up = SumUp(self);
        loop {
            self.overfull.notified().await;
            let over_at = self.interval.lock().began.map(|began| began + INTERVAL);
            if let Some(over_at) = over_at {
                sleep_until(over_at).await;
            }
            let now = Instant::now();
            let over = self.interval.lock().take_if_over(now);
            self.summarise(over, now);
        }
    }

    fn summarise(&self, interval: Option<Interval>, now: Instant) {
        let Some(Interval { began: Some(began), more: more @ 1.., .. }) = interval else { return };
        let seconds = now.saturating_duration_since(began).as_secs();
        tracing::warn!(listener = %self.listener, "... and {more} more connections closed in the last {seconds} s");
    }
}

/// Sums up an interval before its end.
struct SumUp<'a>(&'a RefusalLog);

impl Drop for SumUp<'_> {
    fn drop(&mut self) {
        let last = std::mem::take(&mut *self.0.interval.lock());
        self.0.summarise(Some(last), Instant::now());
    }
}

impl Interval {
    /// This interval if it is over at `now`; a new one stands in its place.
    fn take_if_over(&mut self, now: Instant) -> Option<Self> {
        let began = self.began?;
        (now.saturating_duration_since(began) >= INTERVAL).then(|| std::mem::take(self))
    }
}

impl Drop for RefusalLog {
    fn drop(&mut self) {
        let last = std::mem::take(self.interval.get_mut());
        self.summarise(Some(last), Instant::now());
    }
}
