//! What one command costs in the codec. What the names stand for is in `remoting_benches::operation`.

#![allow(missing_docs, reason = "criterion_group! makes a public function without docs")]

mod suite;

use criterion::{Criterion, criterion_group, criterion_main};
use remoting_benches::operation;

fn codec(criterion: &mut Criterion) {
    suite::run(criterion, operation::codec());
}

criterion_group!(benches, codec);
criterion_main!(benches);
