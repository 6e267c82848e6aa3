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
#[derive(Debug)]
pub(super) struct Case {
    pub(super) group: &'static str,
    pub(super) placement: Placement,
    pub(super) connections: usize,
    pub(super) window: usize,
    pub(super) body: usize,
    pub(super) contestants: Vec<Contestant>,
}

impl Case {
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

/// The cost of a request must not grow along either of these. One of each is in the second.
const CONNECTIONS: [usize; 3] = [10, 100, 1_000];
const IN_FLIGHT: [usize; 5] = [1, 10, 100, 1_000, 10_000];

pub(super) fn all() -> Vec<Case> {
    let (raw, tokio_raw) = (Contestant::new(Stack::Raw), Contestant::new(Stack::TokioRaw));
    let (remoting, tarpc) = (Contestant::new(Stack::Remoting), Contestant::new(Stack::Tarpc));
    let (tonic, java) = (Contestant::new(Stack::Tonic), Contestant::new(Stack::Java));
    let mut cases = Vec::new();
    for (connections, window, body) in ECHO {
        let case = |placement, contestants| Case {
            group: "echo",
            placement,
            connections,
            window,
            body,
            contestants,
        };
        let (spawning, typed) = (remoting.spawning(), remoting.typed());
        let ours = [remoting, spawning, typed, remoting.service(), remoting.json(), remoting.tls()];
        let everyone = [&[raw, tokio_raw][..], &ours, &[tarpc, tonic, java]].concat();
        cases.push(case(Placement::Pinned, everyone));
        let ours = [remoting, remoting.workers(2), spawning.workers(2), typed.workers(2)];
        let ours = [&ours[..], &[remoting.json().workers(2)]].concat();
        let others = [tarpc.workers(2), tonic.workers(2), java];
        cases.push(case(Placement::Free, [&[raw, tokio_raw][..], &ours, &others].concat()));
    }
    cases.sort_by_key(|case| case.placement == Placement::Free);
    let along = |connections, window| Case {
        group: "scaling",
        placement: Placement::Pinned,
        connections,
        window,
        body: 128,
        contestants: vec![raw, remoting],
    };
    cases.extend(CONNECTIONS.map(|connections| along(connections, 1)));
    cases.extend(IN_FLIGHT.map(|window| along(1, window)));
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
