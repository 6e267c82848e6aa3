//! How long to measure.

use std::time::Duration;

/// Rounds, and the parts of each.
#[derive(Debug, Clone, Copy)]
pub(super) struct Effort {
    pub(super) rounds: usize,
    pub(super) warm_up: Duration,
    pub(super) measure: Duration,
    /// Before the first round, for what is compiled while it runs.
    pub(super) jit_warm_up: Duration,
    pub(super) idle_connections: usize,
    pub(super) idle_rounds: usize,
    pub(super) quick: bool,
}

impl Effort {
    pub(super) fn new(quick: bool) -> Self {
        if quick {
            Self {
                rounds: 3,
                warm_up: Duration::from_millis(100),
                measure: Duration::from_millis(200),
                jit_warm_up: Duration::from_secs(2),
                idle_connections: 2_000,
                idle_rounds: 1,
                quick,
            }
        } else {
            Self {
                rounds: 5,
                warm_up: Duration::from_millis(200),
                measure: Duration::from_millis(800),
                jit_warm_up: Duration::from_secs(10),
                idle_connections: 10_000,
                idle_rounds: 3,
                quick,
            }
        }
    }

    pub(super) fn describe(&self) -> String {
        format!(
            "{}medians of {} rounds of {:?} after {:?} of warm-up (Java: {:?} before the first)",
            if self.quick { "QUICK RUN, not to be quoted: " } else { "" },
            self.rounds,
            self.measure,
            self.warm_up,
            self.jit_warm_up,
        )
    }
}
