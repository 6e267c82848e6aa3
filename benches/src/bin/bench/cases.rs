//! The loads.

use super::contestant::{Contestant, Stack};

/// Where the processes run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Placement {
    /// Server and client share one core: the cost of a request, without wake-ups across cores.
    Pinned,
    /// Wherever the kernel puts them.
    Free,
}

/// One load and who bears it.
#[derive(Debug, Clone)]
pub(super) struct Case {
    pub(super) group: &'static str,
    pub(super) placement: Placement,
    pub(super) connections: usize,
    pub(super) window: usize,
    pub(super) body: usize,
    pub(super) contestants: Vec<Contestant>,
}

impl Case {
    /// Returns whether this is an echo on one core.
    pub(super) fn is_pinned_echo(&self) -> bool {
        self.group == "echo" && self.placement == Placement::Pinned
    }

    /// `echo/pinned/1x64`, and the size of the body unless it is 128 bytes.
    pub(super) fn name(&self) -> String {
        let placement = match self.placement {
            Placement::Pinned => "pinned",
            Placement::Free => "free",
        };
        let body = match self.body {
            128 => String::new(),
            bytes if bytes >= 1 << 20 => format!("x{}MiB", bytes >> 20),
            bytes => format!("x{}KiB", bytes >> 10),
        };
        format!("{}/{placement}/{}x{}{body}", self.group, self.connections, self.window)
    }
}

/// Connections, requests in flight on each, bytes of a body.
const ECHO: [(usize, usize, usize); 7] =
    [(1, 1, 128), (1, 64, 128), (1, 256, 128), (50, 1, 128), (8, 64, 128), (4, 8, 64 << 10), (2, 4, 1 << 20)];

/// The loads with free placement. The others would show the same.
const FREE_ECHO: [(usize, usize, usize); 5] =
    [(1, 1, 128), (1, 64, 128), (50, 1, 128), (8, 64, 128), (4, 8, 64 << 10)];

/// The cost of a request must not grow along either of these. One of each is in the first.
const CONNECTIONS: [usize; 4] = [1, 10, 100, 1_000];
const IN_FLIGHT: [usize; 4] = [10, 100, 1_000, 10_000];

pub(super) fn all() -> Vec<Case> {
    let [raw, tokio_raw, tokio_rustls] =
        [Stack::Raw, Stack::TokioRaw, Stack::TokioRustls].map(Contestant::new);
    let [remoting, tarpc, tonic, java] =
        [Stack::Remoting, Stack::Tarpc, Stack::Tonic, Stack::Java].map(Contestant::new);
    let (spawning, typed) = (remoting.spawning(), remoting.typed());
    let forms = [spawning, typed, typed.json(), remoting.service(), remoting.json(), remoting.tls()];
    let peers = [tarpc, tarpc.typed(), tonic, java];
    let pinned = [&[raw, tokio_raw, tokio_rustls, remoting][..], &forms, &peers].concat();
    let ours = [remoting, remoting.workers(2), remoting.loops(2), spawning.workers(2)];
    let peers = [tarpc.workers(2), tonic.workers(2), java];
    let free = [&[raw, tokio_raw][..], &ours, &peers].concat();
    let echo = |placement, (connections, window, body), contestants: &[Contestant]| Case {
        group: "echo",
        placement,
        connections,
        window,
        body,
        contestants: contestants.to_vec(),
    };
    let scaling = |connections, window| Case {
        group: "scaling",
        ..echo(Placement::Pinned, (connections, window, 128), &[raw, remoting])
    };
    let mut cases = ECHO.map(|load| echo(Placement::Pinned, load, &pinned)).to_vec();
    cases.extend(FREE_ECHO.map(|load| echo(Placement::Free, load, &free)));
    cases.extend(CONNECTIONS.map(|connections| scaling(connections, 1)));
    cases.extend(IN_FLIGHT.map(|window| scaling(1, window)));
    cases
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_tells_the_load() {
        let names: Vec<String> = all().iter().map(Case::name).collect();
        for expected in
            ["echo/pinned/1x64", "echo/free/4x8x64KiB", "echo/pinned/2x4x1MiB", "scaling/pinned/1000x1"]
        {
            assert!(names.iter().any(|name| name == expected), "{expected} is not among {names:?}");
        }
    }

    #[test]
    fn every_echo_has_a_row_that_spawns_beside_those_of_the_stacks_that_do() {
        for case in all().iter().filter(|case| case.group == "echo") {
            let tarpc = case.contestants.iter().find(|contestant| contestant.stack == Stack::Tarpc).unwrap();
            let spawning = Contestant::new(Stack::Remoting).spawning().workers(tarpc.workers);
            assert!(case.contestants.contains(&spawning), "{}", case.name());
        }
    }

    #[test]
    fn every_case_has_raw_for_its_ratios() {
        for case in all() {
            assert_eq!(case.contestants[0].stack, Stack::Raw, "{}", case.name());
        }
    }
}
