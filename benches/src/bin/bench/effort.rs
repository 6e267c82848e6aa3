//! How long to measure.

use std::time::Duration;

use super::cases::Case;

/// How often, and how long each time.
#[derive(Debug, Clone, Copy)]
pub(super) struct Effort {
    /// How often a run goes over everything: each pinned echo and each operation has a round in each.
    pub(super) sweeps: usize,
    /// The other cases have their rounds in every so many-th sweep.
    pub(super) sweeps_for_others: usize,
    /// Idle connections, connection rates, file regions and name servers have theirs in every so many-th: they take longer.
    pub(super) sweeps_for_idle: usize,
    pub(super) warm_up: Duration,
    pub(super) measure: Duration,
    /// Pairs of Java processes in a run, each of which is warmed up once for this long and has its share of the rounds in
    /// one sweep: what is compiled while it runs takes so long to become fast that each sweep cannot have its own.
    pub(super) java_pairs: usize,
    pub(super) java_warm_up: Duration,
    pub(super) idle_connections: usize,
    /// Of each operation in one process.
    pub(super) operation_warm_up: Duration,
    pub(super) operation_measure: Duration,
    pub(super) quick: bool,
}

impl Effort {
    pub(super) fn new(quick: bool) -> Self {
        if quick {
            Self {
                sweeps: 3,
                sweeps_for_others: 3,
                sweeps_for_idle: 3,
                warm_up: Duration::from_millis(100),
                measure: Duration::from_millis(200),
                java_pairs: 1,
                java_warm_up: Duration::from_secs(2),
                idle_connections: 2_000,
                operation_warm_up: Duration::from_millis(50),
                operation_measure: Duration::from_millis(100),
                quick,
            }
        } else {
            Self {
                sweeps: 10,
                sweeps_for_others: 1,
                sweeps_for_idle: 2,
                warm_up: Duration::from_millis(100),
                measure: Duration::from_millis(300),
                java_pairs: 2,
                java_warm_up: Duration::from_secs(10),
                idle_connections: 10_000,
                operation_warm_up: Duration::from_millis(100),
                operation_measure: Duration::from_millis(300),
                quick,
            }
        }
    }

    /// How many rounds Java has in this sweep, counted from 1: those of one pair of processes, or none.
    pub(super) fn java_rounds(&self, sweep: usize) -> usize {
        let sweeps_of_a_pair = self.sweeps.div_ceil(self.java_pairs);
        let takes_part = (sweep - 1).is_multiple_of(sweeps_of_a_pair);
        if takes_part { self.sweeps / self.java_pairs } else { 0 }
    }

    /// Whether this case has a round in this sweep, counted from 1.
    pub(super) fn has_case(&self, sweep: usize, case: &Case) -> bool {
        case.is_pinned_echo() || (sweep - 1).is_multiple_of(self.sweeps_for_others)
    }

    /// How long a name server is measured at a time.
    pub(super) fn name_server_measure(&self) -> Duration {
        self.measure * 5
    }

    /// Whether idle connections and the like have a round in this sweep, counted from 1.
    pub(super) const fn has_idle(&self, sweep: usize) -> bool {
        (sweep - 1).is_multiple_of(self.sweeps_for_idle)
    }

    pub(super) fn describe(&self) -> String {
        let once = "the pinned echoes and the operations alone; one round of all else";
        format!(
            "{}rounds in {} sweeps{}, each {:?} after {:?} of warm-up; Java: {} of processes, each after {:?}",
            if self.quick { "QUICK RUN, not to be quoted: " } else { "" },
            self.sweeps,
            if self.quick { format!(" ({once})") } else { String::new() },
            self.measure,
            self.warm_up,
            if self.java_pairs == 1 { "1 pair".to_owned() } else { format!("{} pairs", self.java_pairs) },
            self.java_warm_up,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::super::cases;
    use super::*;

    #[test]
    fn java_has_as_many_rounds_as_the_others() {
        for effort in [Effort::new(false), Effort::new(true)] {
            let rounds = (1..=effort.sweeps).map(|sweep| effort.java_rounds(sweep));
            assert_eq!(rounds.clone().sum::<usize>(), effort.sweeps);
            assert_eq!(rounds.filter(|&rounds| rounds > 0).count(), effort.java_pairs);
        }
    }

    #[test]
    fn java_has_its_rounds_of_a_case_in_sweeps_that_have_the_case() {
        for effort in [Effort::new(false), Effort::new(true)] {
            for case in cases::all() {
                let has_java = |&sweep: &usize| effort.java_rounds(sweep) > 0;
                assert!((1..=effort.sweeps).filter(has_java).all(|sweep| effort.has_case(sweep, &case)));
            }
        }
    }

    #[test]
    fn it_is_described() {
        assert_eq!(
            Effort::new(false).describe(),
            "rounds in 10 sweeps, each 300ms after 100ms of warm-up; Java: 2 pairs of processes, each after 10s"
        );
    }
}
