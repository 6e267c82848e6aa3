//! Which measurements a run makes.

use anyhow::bail;

use super::cases::{self, Case};
use super::contestant::{Contestant, Stack};
use super::{idle, name_servers, operations, regions};

/// What is to be measured, in the order of the tables.
pub(super) struct Selection {
    pub(super) suites: Vec<&'static str>,
    pub(super) cases: Vec<Case>,
    pub(super) regions: Vec<regions::Mode>,
    pub(super) idle: Vec<Contestant>,
    pub(super) connects: Vec<Contestant>,
    pub(super) name_servers: Vec<name_servers::Server>,
}

impl Selection {
    /// Everything whose name contains one of these; everything at all if there are none.
    ///
    /// # Errors
    ///
    /// The choices, if one of these is in no name.
    pub(super) fn new(only: &[String]) -> anyhow::Result<Self> {
        let everything = Self::everything();
        let names = everything.names();
        check(only, &names)?;
        let wanted = |name: &str| only.is_empty() || only.iter().any(|part| name.contains(part));
        let Self { mut suites, mut cases, mut regions, mut idle, mut connects, mut name_servers } =
            everything;
        suites.retain(|suite| wanted(&operations::name(suite)));
        cases.retain(|case| wanted(&case.name()));
        regions.retain(|mode| wanted(&regions::name(*mode)));
        idle.retain(|contestant| wanted(&idle::idle_name(contestant)));
        connects.retain(|contestant| wanted(&idle::connect_name(contestant)));
        name_servers.retain(|server| wanted(&name_servers::name(*server)));
        Ok(Self { suites, cases, regions, idle, connects, name_servers })
    }

    fn everything() -> Self {
        Self {
            suites: operations::SUITES.into(),
            cases: cases::all(),
            regions: regions::Mode::ALL.into(),
            idle: idle::contestants(),
            connects: idle::contestants(),
            name_servers: name_servers::Server::ALL.into(),
        }
    }

    fn names(&self) -> Vec<String> {
        let suites = self.suites.iter().map(|suite| operations::name(suite));
        let cases = self.cases.iter().map(Case::name);
        let regions = self.regions.iter().map(|mode| regions::name(*mode));
        let idle = self.idle.iter().map(idle::idle_name);
        let connects = self.connects.iter().map(idle::connect_name);
        let name_servers = self.name_servers.iter().map(|server| name_servers::name(*server));
        suites.chain(cases).chain(regions).chain(idle).chain(connects).chain(name_servers).collect()
    }

    /// Leaves out whoever does not take part.
    pub(super) fn keep(&mut self, takes_part: impl Fn(Stack) -> bool) {
        for case in &mut self.cases {
            case.contestants.retain(|contestant| takes_part(contestant.stack));
        }
        self.idle.retain(|contestant| takes_part(contestant.stack));
        self.connects.retain(|contestant| takes_part(contestant.stack));
        if !takes_part(Stack::Java) {
            self.name_servers.retain(|server| *server != name_servers::Server::Java);
        }
    }

    /// Whether this stack has anything to do.
    pub(super) fn involves(&self, stack: Stack) -> bool {
        let of_cases = self.cases.iter().flat_map(|case| &case.contestants);
        of_cases.chain(&self.idle).chain(&self.connects).any(|contestant| contestant.stack == stack)
    }

    /// Whether anything but the criterion suites is to be run.
    pub(super) fn needs_programs(&self) -> bool {
        !(self.cases.is_empty()
            && self.regions.is_empty()
            && self.idle.is_empty()
            && self.connects.is_empty()
            && self.name_servers.is_empty())
    }
}

/// That each of `only` is a part of one of the names.
pub(super) fn check(only: &[String], names: &[String]) -> anyhow::Result<()> {
    for part in only {
        if !names.iter().any(|name| name.contains(part)) {
            bail!("nothing has {part:?} in its name; there is:\n  {}", names.join("\n  "));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn select(only: &[&str]) -> anyhow::Result<Selection> {
        let only: Vec<String> = only.iter().map(|&part| part.to_owned()).collect();
        Selection::new(&only)
    }

    #[test]
    fn an_empty_selection_selects_everything() {
        let selection = select(&[]).unwrap();
        assert_eq!(selection.names(), Selection::everything().names());
        assert!(selection.involves(Stack::Java));
    }

    #[test]
    fn a_part_of_a_name_selects_what_has_it() {
        let selection = select(&["echo/pinned/1x64", "codec"]).unwrap();
        assert_eq!(selection.names(), ["operations/codec", "echo/pinned/1x64"]);
        assert!(!select(&["operations"]).unwrap().needs_programs());
        assert!(select(&["idle/tonic"]).unwrap().involves(Stack::Tonic));
        assert!(!select(&["idle/tonic"]).unwrap().involves(Stack::Tarpc));
    }

    #[test]
    fn an_unknown_name_lists_the_choices() {
        let error = select(&["echo", "ping-pong"]).err().unwrap().to_string();
        assert!(error.contains("ping-pong"), "{error}");
        assert!(error.contains("\n  echo/free/8x64\n"), "{error}");
    }

    #[test]
    fn no_two_measurements_have_the_same_name() {
        let names = Selection::everything().names();
        let distinct: std::collections::HashSet<&String> = names.iter().collect();
        assert_eq!(distinct.len(), names.len(), "{names:?}");
    }
}
