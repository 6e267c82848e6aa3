use super::*;

fn address(port: u16) -> Address {
    Address::from(std::net::SocketAddr::from(([10, 0, 0, 1], port)))
}

fn addresses(ports: &[u16]) -> Vec<Address> {
    ports.iter().copied().map(address).collect()
}

fn none_open(_: &Address) -> bool {
    false
}

fn list_of(ports: &[u16]) -> NameServerList {
    let mut list = NameServerList::default();
    assert_eq!(list.replace(&addresses(ports)), Replaced::Changed { left: Vec::new() });
    list
}

fn sorted(mut addresses: Vec<Address>) -> Vec<String> {
    addresses.sort_by_key(ToString::to_string);
    addresses.iter().map(ToString::to_string).collect()
}

#[test]
fn an_empty_list_is_ignored() {
    let mut list = list_of(&[1, 2]);
    assert_eq!(list.replace(&[]), Replaced::Kept);
    assert_eq!(list.addresses().len(), 2);
}

#[test]
fn a_list_of_the_same_servers_changes_nothing() {
    let mut list = list_of(&[1, 2, 3]);
    let before = list.addresses();
    assert_eq!(list.replace(&addresses(&[3, 1, 2, 2])), Replaced::Kept);
    assert_eq!(list.addresses(), before);
}

#[test]
fn duplicates_count_once() {
    assert_eq!(list_of(&[1, 1, 2]).addresses().len(), 2);
}

#[test]
fn the_callers_list_is_not_changed_and_the_copy_is_shuffled() {
    let ports: Vec<u16> = (1..=64).collect();
    let given = addresses(&ports);
    let mut list = NameServerList::default();
    list.replace(&given);
    assert_eq!(given, addresses(&ports));
    assert_ne!(*list.addresses(), *given, "a shuffle of 64 addresses almost never keeps their order");
    assert_eq!(sorted(list.addresses().to_vec()), sorted(given));
}

#[test]
fn a_shuffle_reaches_every_position() {
    let given = addresses(&[1, 2, 3]);
    let firsts: FxHashSet<Address> = (0..64)
        .map(|seed| {
            let mut list = NameServerList::default();
            list.replace_shuffled(&given, seed);
            list.addresses()[0].clone()
        })
        .collect();
    assert_eq!(firsts.len(), 3);
}

#[test]
fn lists_of_one_seed_have_one_order() {
    let order = |seed| {
        let mut list = NameServerList::new(Some(seed));
        list.replace(&addresses(&(1..=64).collect::<Vec<u16>>()));
        list.addresses()
    };
    assert_eq!(order(7), order(7));
    assert_ne!(order(7), order(8));
}

#[test]
fn the_choice_is_sticky_while_its_connection_lives() {
    let mut list = list_of(&[1, 2, 3]);
    let chosen = list.candidates(none_open)[1].clone();
    list.reached(&chosen);
    let later = list.addresses().iter().find(|a| **a != chosen).unwrap().clone();
    list.reached(&later);
    assert_eq!(list.candidates(|_| true)[0], chosen, "the first one reached stays chosen");
    assert_eq!(list.candidates(|address| *address == chosen)[0], chosen);
}

#[test]
fn a_dead_choice_becomes_the_last_candidate() {
    let mut list = list_of(&[1, 2, 3]);
    let before = list.candidates(none_open);
    list.reached(&before[0]);
    assert_eq!(list.candidates(none_open), [before[1].clone(), before[2].clone(), before[0].clone()]);
    assert_eq!(list.candidates(none_open)[0], before[1], "a second lookup does not rotate again");
}

#[test]
fn a_failed_candidate_is_not_the_first_of_the_next_call() {
    let mut list = list_of(&[1, 2, 3]);
    let before = list.candidates(none_open);
    list.failed(&before[0]);
    list.failed(&before[0]);
    assert_eq!(list.candidates(none_open)[0], before[1], "callers that saw one failure rotate once");
}

#[test]
fn a_chosen_server_that_does_not_answer_is_demoted_but_available() {
    let mut list = list_of(&[1, 2, 3]);
    let before = list.candidates(|_| true);
    list.reached(&before[0]);
    list.demote(&before[0]);
    assert_eq!(list.candidates(|_| true)[0], before[1]);
    assert_eq!(list.available(), [before[0].clone()]);
}

#[test]
fn candidates_with_an_open_connection_come_first() {
    let mut list = list_of(&[1, 2, 3]);
    let before = list.candidates(none_open);
    assert_eq!(list.candidates(|a| *a == before[2])[0], before[2]);
    assert_eq!(list.candidates(none_open).len(), 3, "all are offered");
}

#[test]
fn servers_that_leave_the_list_are_reported_exactly() {
    // 10.0.0.1:1 is a prefix of 10.0.0.1:10: Java closes both.
    let mut list = list_of(&[1, 10, 100]);
    list.reached(&address(1));
    let left: Vec<_> = list.addresses().iter().filter(|a| **a != address(10)).cloned().collect();
    assert_eq!(list.replace(&addresses(&[10, 1000])), Replaced::Changed { left });
    assert_eq!(list.candidates(|_| true).len(), 2);
}

#[test]
fn a_chosen_server_that_stays_in_the_list_stays_chosen() {
    let mut list = list_of(&[1, 2]);
    list.reached(&address(2));
    assert_eq!(list.replace(&addresses(&[2, 3, 4])), Replaced::Changed { left: vec![address(1)] });
    assert_eq!(list.candidates(|_| true)[0], address(2));
}

#[test]
fn the_probe_distinguishes_dead_from_live_servers() {
    let mut list = list_of(&[1, 2]);
    assert!(list.available().is_empty());
    list.probed(&address(1), true);
    list.probed(&address(2), false);
    assert_eq!(list.available(), [address(1)]);
    list.probed(&address(1), false);
    assert!(list.available().is_empty());
}

#[test]
fn a_server_that_left_the_list_is_not_available() {
    let mut list = list_of(&[1, 2]);
    list.probed(&address(1), true);
    list.replace(&addresses(&[2, 3]));
    assert!(list.available().is_empty());
    list.probed(&address(1), true);
    assert!(list.available().is_empty(), "a late result of the probe is ignored");
}

#[test]
fn an_empty_list_has_no_candidates() {
    assert!(NameServerList::default().candidates(none_open).is_empty());
    NameServerList::default().failed(&address(1));
}
