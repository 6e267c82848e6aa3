//! What one command costs on its way through a channel, with 0, 3 and 6 handlers. What the names stand for is in `remoting_benches::operation`.

#![allow(missing_docs, reason = "criterion_group! makes a public function without docs")]

mod suite;

use criterion::{Criterion, criterion_group, criterion_main};
use remoting_benches::operation;

fn pipeline(criterion: &mut Criterion) {
    suite::run(criterion, operation::pipeline());
}

criterion_group!(benches, pipeline);
criterion_main!(benches);
