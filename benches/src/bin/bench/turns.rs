//! Taking turns: everyone is measured once, then everyone again.

/// Who takes turns, and what each turn found.
pub(super) struct Turns<K, T> {
    takers: Vec<(K, Vec<T>)>,
}

impl<K, T> Turns<K, T> {
    pub(super) fn new(takers: impl IntoIterator<Item = K>) -> Self {
        Self { takers: takers.into_iter().map(|taker| (taker, Vec::new())).collect() }
    }

    /// One turn for each, which finds one thing, several or none. Whoever fails has no other, and no result: the others
    /// have theirs all the same. Why it failed is added to `failed`.
    pub(super) fn round<Found: IntoIterator<Item = T>>(
        &mut self,
        failed: &mut Vec<String>,
        name: impl Fn(&K) -> String,
        mut turn: impl FnMut(&K) -> anyhow::Result<Found>,
    ) {
        self.takers.retain_mut(|(taker, found)| match turn(taker) {
            Ok(turn) => {
                found.extend(turn);
                true
            }
            Err(error) => {
                let line = format!("{}: {error:#}", name(taker));
                eprintln!("failed: {line}");
                failed.push(line);
                false
            }
        });
    }

    /// Those that never failed, with what their turns found.
    pub(super) fn results(&self) -> impl Iterator<Item = (&K, &[T])> {
        self.takers.iter().filter(|(_, found)| !found.is_empty()).map(|(taker, found)| (taker, &found[..]))
    }

    /// Whether there is nobody, or nobody any more.
    pub(super) fn is_over(&self) -> bool {
        self.takers.is_empty()
    }

    pub(super) fn takers(&self) -> impl Iterator<Item = &K> {
        self.takers.iter().map(|(taker, _)| taker)
    }
}

#[cfg(test)]
mod tests {
    use anyhow::ensure;

    use super::*;

    #[test]
    fn whoever_fails_is_left_out_and_the_others_go_on() {
        let mut turns = Turns::new(["ours", "broken"]);
        let mut failed = Vec::new();
        for round in 1..=3 {
            turns.round(
                &mut failed,
                |who| format!("echo, {who}"),
                |who| {
                    ensure!(*who == "ours" || round == 1, "it ended");
                    Ok(Some(round))
                },
            );
        }
        let results: Vec<_> = turns.results().collect();
        assert_eq!(results, [(&"ours", &[1, 2, 3][..])]);
        assert_eq!(failed, ["echo, broken: it ended"], "once, with its name");
    }

    #[test]
    fn a_turn_finds_as_much_as_it_does() {
        let mut turns = Turns::new(["always", "once, but thoroughly"]);
        for round in 1..=3 {
            turns.round(
                &mut Vec::new(),
                |_| String::new(),
                |who| {
                    Ok(match (*who, round) {
                        ("always", _) => vec![round],
                        (_, 2) => vec![7, 8, 9],
                        _ => Vec::new(),
                    })
                },
            );
        }
        let results: Vec<_> = turns.results().collect();
        assert_eq!(results, [(&"always", &[1, 2, 3][..]), (&"once, but thoroughly", &[7, 8, 9][..])]);
    }

    #[test]
    fn without_a_turn_there_is_no_result() {
        assert_eq!(Turns::<_, u8>::new(["ours"]).results().count(), 0);
    }
}
