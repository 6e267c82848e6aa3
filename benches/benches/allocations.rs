//! Allocations of each operation: one line for each, its name, a tab, and the average.

use std::io::Write as _;

use allocation_counter::measure;
use remoting_benches::operation;

/// Runs before the counted ones, so that what happens but once has happened.
const WARM_UP: u64 = 256;
const COUNTED: u64 = 1024;

fn main() -> std::io::Result<()> {
    let mut stdout = std::io::stdout().lock();
    for mut operation in operation::all() {
        operation.time(WARM_UP);
        let counts = operation.measure(COUNTED, |run, inputs| measure(|| run(inputs)).count_total);
        let allocations = counts.iter().sum::<u64>() as f64 / (COUNTED * operation.elements) as f64;
        writeln!(stdout, "{}\t{allocations}", operation.id)?;
    }
    Ok(())
}
