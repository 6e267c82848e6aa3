use std::future::Future as _;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use remoting_transport::protocol::{RemotingCommand, ResponseCode};

use crate::response_table::{Outcome, ResponseBatch, ResponseTable};

/// The response table of a channel without the channel, for benchmarks.
#[derive(Debug)]
pub struct CallTable {
    table: ResponseTable,
    batch: ResponseBatch,
    now: Instant,
}

impl CallTable {
    /// Creates an empty table.
    #[must_use]
    pub fn new() -> Self {
        let now = Instant::now();
        Self { table: ResponseTable::new(now), batch: ResponseBatch::default(), now }
    }

    /// Opens `N` calls, completes them as one batch in order, and collects the responses. Returns the number of responses.
    pub fn round<const N: usize>(&mut self) -> usize {
        let waker = Waker::noop();
        let mut context = Context::from_waker(waker);
        let calls = [(); N].map(|()| self.table.begin(self.now, Duration::from_secs(3), waker));
        for call in calls.iter().flatten() {
            let response = RemotingCommand::response(ResponseCode::SUCCESS).with_opaque(call.opaque());
            self.batch.push(response);
        }
        self.table.complete(&mut self.batch);
        self.batch.wake();
        let answered = calls.into_iter().flatten().filter_map(|call| match pin!(call).poll(&mut context) {
            Poll::Ready(Outcome::Response(response)) => Some(response),
            _ => None,
        });
        answered.count()
    }
}

impl Default for CallTable {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::CallTable;

    #[test]
    fn every_call_of_every_round_gets_its_response() {
        let mut table = CallTable::new();
        for _ in 0..100 {
            assert_eq!(table.round::<1>(), 1);
            assert_eq!(table.round::<64>(), 64);
        }
    }
}
