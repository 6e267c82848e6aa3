//! A list of operations as a criterion suite.

use criterion::{Criterion, Throughput};
use remoting_benches::operation::Operation;

pub(crate) fn run(criterion: &mut Criterion, operations: Vec<Operation>) {
    for mut operation in operations {
        let (group, name) = operation.id.rsplit_once('/').unwrap_or(("", &operation.id));
        let (group, name) = (group.to_owned(), name.to_owned());
        let mut group = criterion.benchmark_group(group);
        group.throughput(Throughput::Elements(operation.elements));
        group.bench_function(name, |bencher| bencher.iter_custom(|iterations| operation.time(iterations)));
        group.finish();
    }
}
