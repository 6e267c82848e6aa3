//! What a call costs in the table of its channel. What the names stand for is in `remoting_benches::operation`.

#![allow(missing_docs, reason = "criterion_group! makes a public function without docs")]

mod suite;

use criterion::{Criterion, criterion_group, criterion_main};
use remoting_benches::operation;

fn response_table(criterion: &mut Criterion) {
    suite::run(criterion, operation::response_table());
}

criterion_group!(benches, response_table);
criterion_main!(benches);
