//! Whether two runs agree within the noise that they state.

use std::path::PathBuf;
use std::process::ExitCode;

use super::results::Results;
use super::statistics::Sample;

/// Noise that is assumed where the rounds of a run happen to lie closer together.
const LEAST_NOISE: f64 = 0.02;

/// The same for operations: criterion runs each but once, and where code and data come to lie is not varied.
const LEAST_NOISE_OF_OPERATIONS: f64 = 0.05;

/// Criterion states a median absolute deviation; half of all samples lie beyond it.
const DEVIATIONS: f64 = 3.0;

/// One quantity in one run.
struct Quantity {
    name: String,
    value: f64,
    /// As a share of the value.
    noise: f64,
}

impl Quantity {
    fn of(name: String, sample: &Sample) -> Self {
        Self { name, value: sample.median, noise: sample.noise().max(LEAST_NOISE) }
    }

    /// Whether the difference is no more than both noises together.
    fn agrees_with(&self, other: &Self) -> bool {
        (self.value - other.value).abs() <= self.value * self.noise + other.value * other.noise
    }
}

/// Prints where the runs kept in these files differ; fails if they do.
pub(super) fn run(files: &[PathBuf]) -> anyhow::Result<ExitCode> {
    let [old, new] = files else { anyhow::bail!("two files are compared, not {}", files.len()) };
    let comparison = compare(&Results::read(old)?, &Results::read(new)?);
    print!("{}", comparison.report);
    Ok(if comparison.agrees { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

struct Comparison {
    agrees: bool,
    report: String,
}

fn compare(old: &Results, new: &Results) -> Comparison {
    let (old, new) = (quantities(old), quantities(new));
    let pairs: Vec<_> =
        old.iter().filter_map(|old| Some((old, new.iter().find(|new| new.name == old.name)?))).collect();
    let mut report = String::new();
    let differing = pairs.iter().filter(|(old, new)| !old.agrees_with(new));
    for (old, new) in differing.clone() {
        report.push_str(&format!(
            "{}: {:.4} ± {:.0} % and {:.4} ± {:.0} %, {:+.0} %\n",
            old.name,
            old.value,
            old.noise * 100.0,
            new.value,
            new.noise * 100.0,
            (new.value / old.value - 1.0) * 100.0,
        ));
    }
    let differing = differing.count();
    report.push_str(&format!("{} of {} quantities agree", pairs.len() - differing, pairs.len()));
    let alone = old.len() + new.len() - 2 * pairs.len();
    if alone > 0 {
        report.push_str(&format!("; {alone} are in one of the runs only"));
    }
    report.push('\n');
    Comparison { agrees: differing == 0 && !pairs.is_empty(), report }
}

/// What is quoted: ratios where there are any, and what the ratios are to. Tails of latencies are not: a few requests
/// out of a thousand are not the same from run to run.
fn quantities(results: &Results) -> Vec<Quantity> {
    let mut quantities = Vec::new();
    for operation in &results.operations {
        let noise = operation.deviation / operation.nanoseconds * DEVIATIONS;
        let name = format!("{}/ns", operation.id);
        let noise = noise.max(LEAST_NOISE_OF_OPERATIONS);
        quantities.push(Quantity { name, value: operation.nanoseconds, noise });
    }
    for case in &results.echo {
        for row in &case.rows {
            let name = |what: &str| format!("{}/{}/{what}", case.name, row.contestant);
            quantities.push(if row.contestant == "raw" {
                Quantity::of(name("requests/s"), &row.requests_per_second)
            } else {
                Quantity::of(name("to raw"), &row.ratio_to_raw)
            });
            quantities.push(Quantity::of(name("p50 µs"), &row.p50_us));
            quantities.push(Quantity::of(name("server CPU s/M"), &row.server_cpu));
            quantities.push(Quantity::of(name("client CPU s/M"), &row.client_cpu));
        }
    }
    for region in &results.regions {
        let name = format!("regions/{}/MiB/s", region.mode);
        quantities.push(Quantity::of(name, &region.mib_per_second));
    }
    for idle in &results.idle {
        for (state, bytes) in [("fresh", &idle.fresh_bytes), ("used", &idle.used_bytes)] {
            quantities.push(Quantity::of(format!("idle/{}/{state} bytes", idle.contestant), bytes));
        }
    }
    for connect in &results.connects {
        let name = format!("connect/{}/connects/s", connect.contestant);
        quantities.push(Quantity::of(name, &connect.connects_per_second));
    }
    quantities
}

#[cfg(test)]
mod tests {
    use super::super::results::samples;
    use super::*;

    #[test]
    fn a_run_agrees_with_itself_after_being_kept_as_json() {
        let results = samples::results();
        let kept: Results = serde_json::from_str(&serde_json::to_string(&results).unwrap()).unwrap();
        let comparison = compare(&results, &kept);
        assert!(comparison.agrees, "{}", comparison.report);
        assert_eq!(comparison.report, "15 of 15 quantities agree\n");
    }

    #[test]
    fn a_difference_within_both_noises_is_agreement() {
        let (old, mut new) = (samples::results(), samples::results());
        new.echo[0].rows[1].ratio_to_raw = Sample::of([0.25, 0.259, 0.262]);
        let comparison = compare(&old, &new);
        assert!(comparison.agrees, "{}", comparison.report);
    }

    #[test]
    fn a_difference_beyond_both_noises_is_reported_by_name() {
        let (old, mut new) = (samples::results(), samples::results());
        new.echo[0].rows[1].ratio_to_raw = Sample::of([0.29, 0.3, 0.31]);
        let comparison = compare(&old, &new);
        assert!(!comparison.agrees);
        assert!(
            comparison.report.starts_with(
                "echo/pinned/1x64/remoting/to raw: 0.2500 ± 2 % and 0.3000 ± 7 %, +20 %\n14 of 15"
            ),
            "{}",
            comparison.report
        );
    }

    #[test]
    fn runs_of_different_measurements_agree_on_what_both_have() {
        let (old, mut new) = (samples::results(), samples::results());
        new.idle.clear();
        let comparison = compare(&old, &new);
        assert!(comparison.agrees);
        assert!(comparison.report.ends_with("; 2 are in one of the runs only\n"), "{}", comparison.report);
    }

    #[test]
    fn runs_with_nothing_in_common_do_not_agree() {
        let nothing = Results::new(Vec::new(), String::new());
        assert!(!compare(&samples::results(), &nothing).agrees);
    }

    #[test]
    fn files_that_are_no_results_are_refused_by_name() {
        let error = run(&["Cargo.toml".into(), "Cargo.toml".into()]).unwrap_err().to_string();
        assert!(error.contains("Cargo.toml"), "{error}");
    }
}
