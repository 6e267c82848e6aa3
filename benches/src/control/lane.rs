//! The pace of a run, and the lanes that keep its window full.

use std::sync::atomic::{AtomicU8, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use hdrhistogram::Histogram;

use super::Shape;

const WARMING_UP: u8 = 0;
const MEASURING: u8 = 1;
const OVER: u8 = 2;

/// From this many requests in flight on, the clock is not read for each, which would distort the result.
const MANY_IN_FLIGHT: usize = 16;

/// The number of requests per timed request, with many in flight.
const SAMPLE_EVERY: u32 = 16;

/// The longest recorded time, in nanoseconds. Longer times count as this.
const LONGEST: u64 = 60_000_000_000;

/// The common state of all lanes of a run: the end of the run and the observations.
#[derive(Debug)]
pub struct Pace {
    stage: AtomicU8,
    /// Requests of each lane in a run of fixed length.
    per_lane: Option<u64>,
    sample_every: u32,
    lanes: AtomicU32,
    completed: AtomicU64,
    latencies: Mutex<Histogram<u64>>,
}

impl Pace {
    pub(super) fn timed(shape: &Shape) -> anyhow::Result<Self> {
        Self::new(shape, None, WARMING_UP)
    }

    pub(super) fn counted(shape: &Shape, requests: u64, lanes: u64) -> anyhow::Result<Self> {
        Self::new(shape, Some(requests.div_ceil(lanes.max(1))), MEASURING)
    }

    fn new(shape: &Shape, per_lane: Option<u64>, stage: u8) -> anyhow::Result<Self> {
        let many = shape.connections * shape.window >= MANY_IN_FLIGHT;
        Ok(Self {
            stage: AtomicU8::new(stage),
            per_lane,
            sample_every: if many { SAMPLE_EVERY } else { 1 },
            lanes: AtomicU32::new(0),
            completed: AtomicU64::new(0),
            latencies: Mutex::new(Histogram::new_with_bounds(1, LONGEST, 3)?),
        })
    }

    pub(super) fn measure(&self) {
        self.stage.store(MEASURING, Ordering::Relaxed);
    }

    pub(super) fn end(&self) {
        self.stage.store(OVER, Ordering::Relaxed);
    }

    pub(super) fn completed(&self) -> u64 {
        self.completed.load(Ordering::Relaxed)
    }

    /// Returns the time, in nanoseconds, within which this share of the timed requests was answered.
    pub(super) fn quantile(&self, quantile: f64) -> u64 {
        self.latencies.lock().unwrap_or_else(PoisonError::into_inner).value_at_quantile(quantile)
    }

    /// Returns a new lane of this run.
    #[must_use]
    pub fn lane(self: &Arc<Self>) -> Lane {
        Lane {
            left: self.per_lane.unwrap_or(u64::MAX),
            // Staggered, so that lanes do not time their requests together, and short runs of many lanes time some.
            until_sample: 1 + self.lanes.fetch_add(1, Ordering::Relaxed) % self.sample_every,
            completed: 0,
            pace: Arc::clone(self),
        }
    }
}

/// A task or connection that starts the next request when one is answered.
#[derive(Debug)]
pub struct Lane {
    pace: Arc<Pace>,
    left: u64,
    until_sample: u32,
    completed: u64,
}

impl Lane {
    /// Returns how many of the next `wanted` requests to start; 0 ends the lane.
    pub fn admit(&mut self, wanted: u64) -> u64 {
        if self.pace.stage.load(Ordering::Relaxed) == OVER {
            return 0;
        }
        let admitted = wanted.min(self.left);
        self.left -= admitted;
        admitted
    }

    /// Returns the current time if the request or batch that starts now is timed.
    pub fn started(&mut self) -> Option<Instant> {
        self.until_sample -= 1;
        if self.until_sample > 0 {
            return None;
        }
        self.until_sample = self.pace.sample_every;
        Some(Instant::now())
    }

    /// Counts answered requests.
    pub fn completed(&mut self, requests: u64) {
        if self.pace.stage.load(Ordering::Relaxed) == MEASURING {
            self.completed += requests;
        }
    }

    /// Records the response to the request that [`Lane::started`] timed.
    pub fn answered(&self, started: Option<Instant>) {
        if let Some(started) = started
            && self.pace.stage.load(Ordering::Relaxed) == MEASURING
        {
            let nanoseconds = u64::try_from(started.elapsed().as_nanos()).unwrap_or(u64::MAX);
            let mut latencies = self.pace.latencies.lock().unwrap_or_else(PoisonError::into_inner);
            latencies.saturating_record(nanoseconds);
        }
    }
}

impl Drop for Lane {
    fn drop(&mut self) {
        self.pace.completed.fetch_add(self.completed, Ordering::Relaxed);
    }
}
