//! The slot of a call in the response table: opened, completed and collected, without a channel.

use std::hint::black_box;

use remoting_rpc::testing::CallTable;

use super::Operation;

/// A single call, and a batch of 64 that is completed at once. This includes building the response, a command
/// without fields or body.
#[must_use]
pub fn response_table() -> Vec<Operation> {
    vec![rounds_of::<1>(), rounds_of::<64>()]
}

fn rounds_of<const CALLS: usize>() -> Operation {
    let mut table = CallTable::new();
    let each = move |_: &mut _| {
        black_box(table.round::<CALLS>());
    };
    Operation::on(format!("response_table/{CALLS} in flight"), CALLS as u64, 0, Default::default, each)
}
