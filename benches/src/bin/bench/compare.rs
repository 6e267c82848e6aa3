//! Whether two runs agree within the noise that they state.

use std::path::PathBuf;
use std::process::ExitCode;

use super::results::Results;
use super::statistics::{Sample, chance_of_separation, quantile};
use super::table::{number, percent, with_noise};

/// Differences that are not looked at, as a share of the old median: what changes between two runs shows in no round of
/// either.
const LEAST_DIFFERENCE: f64 = 0.02;

/// One quantity in one run.
struct Quantity {
    name: String,
    sample: Sample,
}

/// One quantity in both runs.
struct Pair<'a> {
    name: &'a str,
    old: &'a Sample,
    new: &'a Sample,
}

impl Pair<'_> {
    /// Whether the medians differ by no more than both noises together.
    ///
    /// If they differ by more, all rounds of one run are above all of the other.
    fn agrees(&self) -> bool {
        let difference = (self.old.median - self.new.median).abs();
        difference <= self.old.reach() + self.new.reach() || difference <= self.old.median * LEAST_DIFFERENCE
    }

    /// As a share of the old median.
    fn difference(&self) -> f64 {
        if self.old.median > 0.0 { self.new.median / self.old.median - 1.0 } else { 0.0 }
    }

    /// How likely it is at most that these disagree while nothing but chance orders the rounds.
    fn chance(&self) -> f64 {
        chance_of_separation(self.old.rounds.len(), self.new.rounds.len())
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
    let pair = |old: &'_ Quantity| {
        let new = new.iter().find(|new| new.name == old.name)?;
        Some((old.name.clone(), old.sample.clone(), new.sample.clone()))
    };
    let both: Vec<_> = old.iter().filter_map(pair).collect();
    let pairs: Vec<Pair<'_>> = both.iter().map(|(name, old, new)| Pair { name, old, new }).collect();
    // What was measured but once states no noise.
    let (compared, once): (Vec<&Pair<'_>>, Vec<_>) =
        pairs.iter().partition(|pair| pair.old.noise().is_some() && pair.new.noise().is_some());
    let differing: Vec<&&Pair<'_>> = compared.iter().filter(|pair| !pair.agrees()).collect();

    let mut report = String::new();
    for pair in &differing {
        let (name, difference) = (pair.name, pair.difference() * 100.0);
        let (old, new) = (with_noise(pair.old), with_noise(pair.new));
        report.push_str(&format!("{name}: {old} and {new}, {difference:+.0} %\n"));
    }
    report.push_str(&format!("{} of {} quantities agree", compared.len() - differing.len(), compared.len()));
    let alone = old.len() + new.len() - 2 * pairs.len();
    if alone > 0 {
        report.push_str(&format!("; {alone} are in one of the runs only"));
    }
    if !once.is_empty() {
        report.push_str(&format!("; {} were measured but once", once.len()));
    }
    report.push('\n');
    if !compared.is_empty() {
        let differences: Vec<f64> = compared.iter().map(|pair| pair.difference().abs()).collect();
        let by_chance: f64 = compared.iter().map(|pair| pair.chance()).sum();
        report.push_str(&format!(
            "half of them differ by no more than {}, 19 of 20 by no more than {}; by chance alone at most {} would disagree\n",
            percent(quantile(&differences, 0.5)),
            percent(quantile(&differences, 0.95)),
            number(by_chance),
        ));
    }
    Comparison { agrees: differing.is_empty() && !compared.is_empty(), report }
}

impl Quantity {
    fn of(name: String, sample: &Sample) -> Self {
        Self { name, sample: sample.clone() }
    }
}

/// What is quoted: ratios where there are any, and what the ratios are to. Tails of latencies are not: a few requests
/// out of a thousand are not the same from run to run.
fn quantities(results: &Results) -> Vec<Quantity> {
    let mut quantities = Vec::new();
    for operation in &results.operations {
        let name = format!("{}/ns", operation.id);
        quantities.push(Quantity::of(name, &operation.nanoseconds));
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
        assert!(comparison.report.starts_with("19 of 19 quantities agree\n"), "{}", comparison.report);
    }

    #[test]
    fn a_difference_within_both_noises_is_agreement() {
        let (old, mut new) = (samples::results(), samples::results());
        new.echo[0].rows[1].ratio_to_raw = Sample::of([0.25, 0.259, 0.268]);
        let comparison = compare(&old, &new);
        assert!(comparison.agrees, "{}", comparison.report);
    }

    #[test]
    fn a_small_difference_is_not_looked_at() {
        let (mut old, mut new) = (samples::results(), samples::results());
        old.echo[0].rows[1].ratio_to_raw = Sample::of([0.25, 0.25]);
        for (ratio, agrees) in [(0.2545, true), (0.2455, true), (0.256, false), (0.244, false)] {
            new.echo[0].rows[1].ratio_to_raw = Sample::of([ratio, ratio]);
            assert_eq!(compare(&old, &new).agrees, agrees, "0.25 and {ratio}");
        }
    }

    #[test]
    fn a_difference_beyond_both_noises_is_reported_by_name() {
        let (old, mut new) = (samples::results(), samples::results());
        new.echo[0].rows[1].ratio_to_raw = Sample::of([0.29, 0.3, 0.31]);
        let comparison = compare(&old, &new);
        assert!(!comparison.agrees);
        assert!(
            comparison.report.starts_with(
                "echo/pinned/1x64/remoting/to raw: 0.250 ± 0 % and 0.300 ± 3 %, +20 %\n18 of 19"
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
        assert!(comparison.report.contains("; 2 are in one of the runs only\n"), "{}", comparison.report);
    }

    #[test]
    fn runs_disagree_only_if_all_rounds_of_one_are_above_the_other() {
        // What the stated chance rests on. 1 to 6 dealt out to two runs of three rounds, in every order.
        let mut separated = 0;
        let mut disagreeing = 0;
        for chosen in (0..64_u32).filter(|chosen| chosen.count_ones() == 3) {
            let of = |wanted: bool| {
                let dealt = (0..6).filter(move |place| (chosen >> place & 1 == 1) == wanted);
                Sample::of(dealt.map(|place| f64::from(place) + 1.0))
            };
            let (old, new) = (of(true), of(false));
            let apart = |low: &Sample, high: &Sample| {
                low.rounds.iter().all(|low| high.rounds.iter().all(|high| low < high))
            };
            let is_separated = apart(&old, &new) || apart(&new, &old);
            let agrees = Pair { name: "", old: &old, new: &new }.agrees();
            assert!(agrees || is_separated, "{old:?} and {new:?}");
            separated += u32::from(is_separated);
            disagreeing += u32::from(!agrees);
        }
        assert_eq!((separated, disagreeing), (2, 2), "of 20, as the chance of separation says");
    }

    #[test]
    fn the_report_says_how_far_the_runs_are_apart_and_what_chance_would_do() {
        let (old, mut new) = (samples::results(), samples::results());
        new.idle.clear();
        for row in &mut new.echo[0].rows {
            row.p50_us = Sample::of([33.0, 33.3, 33.6]);
        }
        let report = compare(&old, &new).report;
        // 17 quantities of three rounds each.
        let expected = "half of them differ by no more than 0 %, 19 of 20 by no more than 11 %; \
                        by chance alone at most 1.70 would disagree\n";
        assert!(report.ends_with(expected), "{report}");
    }

    #[test]
    fn what_was_measured_but_once_is_not_compared() {
        let (mut old, mut new) = (samples::results(), samples::results());
        old.operations[0].nanoseconds = Sample::of([60.0]);
        new.operations[0].nanoseconds = Sample::of([90.0]);
        let comparison = compare(&old, &new);
        assert!(comparison.agrees, "{}", comparison.report);
        assert!(comparison.report.contains("18 of 18 quantities agree; 1 were measured but once\n"));
    }

    #[test]
    fn runs_without_a_common_case_do_not_agree() {
        let nothing = Results::new(Vec::new(), String::new());
        assert!(!compare(&samples::results(), &nothing).agrees);
    }

    #[test]
    fn files_that_are_no_results_are_refused_by_name() {
        let error = run(&["Cargo.toml".into(), "Cargo.toml".into()]).unwrap_err().to_string();
        assert!(error.contains("Cargo.toml"), "{error}");
    }
}
