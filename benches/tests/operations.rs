//! What is measured without a socket works at all.

use remoting_benches::operation;

#[test]
fn every_operation_runs_and_has_a_name_of_its_own() {
    let mut names = std::collections::HashSet::new();
    for mut operation in operation::all() {
        operation.time(2);
        assert!(names.insert(operation.id.clone()), "{} is there twice", operation.id);
    }
}
