use super::*;

struct Prologues(Arc<PendingPrologues>, CancellationToken);

impl Prologues {
    fn new(max: usize) -> Self {
        let options = ListenerOptions::new().max_pending_prologues(max);
        Self(Arc::new(PendingPrologues::new(&options)), CancellationToken::new())
    }

    fn begin(&self, peer: &str) -> PendingPrologue {
        self.0.begin(&peer.parse().unwrap(), &self.1)
    }
}

fn displaced(prologues: &[PendingPrologue]) -> Vec<usize> {
    let displaced = |(index, one): (usize, &PendingPrologue)| one.displaced().is_cancelled().then_some(index);
    prologues.iter().enumerate().filter_map(displaced).collect()
}

#[test]
fn a_peer_that_opens_many_displaces_its_own() {
    let prologues = Prologues::new(4);
    let honest = ["10.0.0.1:1", "10.0.0.2:1"].map(|peer| prologues.begin(peer));
    let flood: Vec<_> = (1..=100).map(|port| prologues.begin(&format!("10.0.9.9:{port}"))).collect();
    assert!(displaced(&honest).is_empty());
    assert_eq!(displaced(&flood), (0..98).collect::<Vec<_>>(), "the oldest first");
    let late = prologues.begin("10.0.0.3:1");
    assert_eq!(displaced(&flood).len(), 99);
    assert!(!late.displaced().is_cancelled());
}

#[test]
fn among_equals_the_oldest_is_displaced() {
    let prologues = Prologues::new(3);
    let all: Vec<_> = (1..=5).map(|host| prologues.begin(&format!("10.0.0.{host}:1"))).collect();
    assert_eq!(displaced(&all), [0, 1]);
}

#[test]
fn a_finished_prologue_does_not_count() {
    let prologues = Prologues::new(2);
    for _ in 0..100 {
        let pair = [prologues.begin("10.0.0.1:1"), prologues.begin("memory:a")];
        assert!(displaced(&pair).is_empty());
    }
    let pending = prologues.0.pending.lock();
    assert!(pending.count == 0 && pending.networks.is_empty() && pending.by_size.is_empty());
}

#[test]
fn a_displaced_prologue_that_ends_is_not_counted_twice() {
    let prologues = Prologues::new(1);
    let first = prologues.begin("10.0.0.1:1");
    let second = prologues.begin("10.0.0.1:2");
    drop(first);
    assert_eq!(prologues.0.pending.lock().count, 1);
    drop(second);
    assert_eq!(prologues.0.pending.lock().count, 0);
}
