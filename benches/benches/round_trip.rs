//! What one call costs from end to end, in memory. What the names stand for is in `remoting_benches::operation`.

#![allow(missing_docs, reason = "criterion_group! makes a public function without docs")]

mod suite;

use criterion::{Criterion, criterion_group, criterion_main};
use remoting_benches::operation;

fn round_trip(criterion: &mut Criterion) {
    suite::run(criterion, operation::round_trip());
    suite::run(criterion, operation::service());
}

criterion_group!(benches, round_trip);
criterion_main!(benches);
