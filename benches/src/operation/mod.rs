//! Measurements in one process, without a socket.
//!
//! The criterion suites in `benches/` and the count of allocations use the same list, so that both measure the same
//! operation under the same name.

mod codec;
mod pipeline;
mod response_table;
mod round_trip;
mod service;

use std::time::{Duration, Instant};

use remoting::protocol::bytes::BytesMut;

pub use self::codec::codec;
pub use self::pipeline::pipeline;
pub use self::response_table::response_table;
pub use self::round_trip::round_trip;
pub use self::service::service;

/// The number of iterations between two readings of the clock: enough to make these negligible, and few enough to
/// keep the inputs in the cache, as data from a socket is. The inputs are built outside of the measured time.
const BATCH: u64 = 128;

type Prepare = Box<dyn FnMut() -> BytesMut>;
type Run = Box<dyn FnMut(&mut [BytesMut])>;

/// An operation to repeat.
pub struct Operation {
    /// `group/…/name`.
    pub id: String,
    /// The number of named operations per iteration.
    pub elements: u64,
    /// Bytes on the wire per operation; 0 if not applicable.
    pub bytes: usize,
    prepare: Prepare,
    run: Run,
}

impl std::fmt::Debug for Operation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Operation").field("id", &self.id).finish_non_exhaustive()
    }
}

impl Operation {
    /// Creates an operation whose input `prepare` builds for each iteration.
    fn on(
        id: String,
        elements: u64,
        bytes: usize,
        prepare: impl FnMut() -> BytesMut + 'static,
        mut each: impl FnMut(&mut BytesMut) + 'static,
    ) -> Self {
        // The loop is here, where `each` is known, and not behind a call for each iteration.
        let run = move |inputs: &mut [BytesMut]| inputs.iter_mut().for_each(&mut each);
        Self { id, elements, bytes, prepare: Box::new(prepare), run: Box::new(run) }
    }

    /// Creates an operation without input.
    fn new(id: String, bytes: usize, mut each: impl FnMut() + 'static) -> Self {
        Self::on(id, 1, bytes, BytesMut::new, move |_| each())
    }

    /// Returns the time of `iterations`, without that of building their inputs.
    pub fn time(&mut self, iterations: u64) -> Duration {
        self.measure(iterations, |run, inputs| {
            let started = Instant::now();
            run(inputs);
            started.elapsed()
        })
        .into_iter()
        .sum()
    }

    /// Runs so many iterations under a measure of the caller's, batch by batch.
    pub fn measure<T>(
        &mut self,
        iterations: u64,
        mut measure: impl FnMut(&mut dyn FnMut(&mut [BytesMut]), &mut [BytesMut]) -> T,
    ) -> Vec<T> {
        let mut measured = Vec::new();
        let batch = BATCH.div_ceil(self.elements);
        let mut left = iterations;
        while left > 0 {
            let mut inputs: Vec<BytesMut> = (0..left.min(batch)).map(|_| (self.prepare)()).collect();
            left -= inputs.len() as u64;
            measured.push(measure(&mut self.run, &mut inputs));
        }
        measured
    }
}

/// Every operation, in the order of the tables.
///
/// # Panics
/// Panics if an operation cannot be set up.
#[must_use]
pub fn all() -> Vec<Operation> {
    let mut operations = codec();
    operations.extend(pipeline());
    operations.extend(response_table());
    operations.extend(round_trip());
    operations.extend(service());
    operations
}
