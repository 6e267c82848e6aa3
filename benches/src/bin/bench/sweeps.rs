//! A run: several sweeps over everything that is to be measured.
//!
//! The rounds of one quantity are spread over the whole run, and not made one after the other: a machine has moods that
//! last for minutes, and rounds within one mood agree with each other and not with the next run.

use super::effort::Effort;
use super::idle::{ConnectRun, IdleRun};
use super::name_servers::NameServerRun;
use super::operations::SuiteRun;
use super::programs::Programs;
use super::regions::RegionRun;
use super::results::Results;
use super::rounds::CaseRun;
use super::selection::Selection;

/// What is measured, and what was found so far.
pub(super) struct Sweeps {
    suites: SuiteRun,
    cases: Vec<CaseRun>,
    regions: RegionRun,
    idle: IdleRun,
    connects: ConnectRun,
    name_servers: NameServerRun,
    failed: Vec<String>,
}

impl Sweeps {
    /// Builds the criterion suites.
    pub(super) fn new(selection: Selection, effort: &Effort) -> anyhow::Result<Self> {
        Ok(Self {
            suites: SuiteRun::build(selection.suites)?,
            cases: selection.cases.into_iter().map(CaseRun::new).collect(),
            regions: RegionRun::new(selection.regions),
            idle: IdleRun::new(selection.idle, effort)?,
            connects: ConnectRun::new(selection.connects),
            name_servers: NameServerRun::new(selection.name_servers, effort),
            failed: Vec::new(),
        })
    }

    pub(super) fn run(&mut self, programs: &Programs, effort: &Effort) {
        for number in 1..=effort.sweeps {
            let tell = |what: &str| eprintln!("sweep {number} of {}: {what}", effort.sweeps);
            if !self.suites.is_over() {
                tell("operations");
                self.suites.sweep(effort, &mut self.failed);
            }
            let has_round = |run: &&mut CaseRun| !run.is_over() && effort.has_case(number, run.case());
            for case in self.cases.iter_mut().filter(has_round) {
                tell(&case.case().name());
                case.sweep(number, programs, effort, &mut self.failed);
            }
            if !effort.has_idle(number) {
                continue;
            }
            if !self.regions.is_over() {
                tell("file regions");
                self.regions.sweep(programs, &mut self.failed);
            }
            if !self.idle.is_over() {
                tell("idle connections");
                self.idle.sweep(programs, &mut self.failed);
            }
            if !self.connects.is_over() {
                tell("connections per second");
                self.connects.sweep(programs, &mut self.failed);
            }
            if !self.name_servers.is_over() {
                tell("name servers");
                self.name_servers.sweep(programs, &mut self.failed);
            }
        }
    }

    pub(super) fn into_results(self, results: &mut Results) {
        results.echo = self.cases.iter().filter_map(CaseRun::result).collect();
        results.regions = self.regions.results();
        results.idle = self.idle.results();
        results.connects = self.connects.results();
        results.name_servers = self.name_servers.results();
        results.failed = self.failed;
        match self.suites.results() {
            Ok(operations) => results.operations = operations,
            Err(error) => results.failed.push(format!("operations: {error:#}")),
        }
    }
}
