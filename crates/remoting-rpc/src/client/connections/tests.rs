use std::sync::atomic::{AtomicBool, Ordering};

use super::*;

const SECOND: Duration = Duration::from_secs(1);

#[derive(Clone, Debug)]
struct Fake {
    id: u64,
    since: Instant,
    open: Arc<AtomicBool>,
}

impl Fake {
    fn dialled_by<E: Clone>(ticket: &Ticket<Self, E>) -> Self {
        Self::new(ticket.id())
    }

    fn new(id: u64) -> Self {
        Self { id, since: Instant::now(), open: Arc::new(AtomicBool::new(true)) }
    }

    fn close(&self) {
        self.open.store(false, Ordering::Relaxed);
    }
}

impl Connection for Fake {
    fn id(&self) -> u64 {
        self.id
    }

    fn since(&self) -> Instant {
        self.since
    }

    fn is_open(&self) -> bool {
        self.open.load(Ordering::Relaxed)
    }
}

type Table = Arc<ConnectionTable<Fake, &'static str>>;

fn table() -> Table {
    Arc::new(ConnectionTable::new(SECOND))
}

fn address(port: u16) -> Address {
    Address::from(std::net::SocketAddr::from(([127, 0, 0, 1], port)))
}

fn dial(table: &Table, port: u16) -> (Ticket<Fake, &'static str>, Waiter<Fake, &'static str>) {
    match table.lookup(&address(port), Instant::now()) {
        Lookup::Dial(ticket, waiter) => (ticket, waiter),
        other => panic!("no dial should be in progress, got {other:?}"),
    }
}

fn wait(table: &Table, port: u16) -> Waiter<Fake, &'static str> {
    match table.lookup(&address(port), Instant::now()) {
        Lookup::Wait(waiter) => waiter,
        other => panic!("a dial should be in progress, got {other:?}"),
    }
}

fn open(table: &Table, port: u16) -> (Fake, Registration<Fake, &'static str>) {
    let (ticket, _) = dial(table, port);
    let connection = Fake::dialled_by(&ticket);
    let registration = ticket.connected(connection.clone()).expect("the dial is still wanted");
    (connection, registration)
}

#[tokio::test]
async fn the_first_caller_dials_and_all_get_its_connection() {
    let table = table();
    let (ticket, first) = dial(&table, 1);
    let others: Vec<_> = (0..31).map(|_| wait(&table, 1)).collect();
    let connection = Fake::dialled_by(&ticket);
    let _registration = ticket.connected(connection.clone()).unwrap();
    for waiter in others.into_iter().chain([first]) {
        assert_eq!(waiter.wait().await.unwrap().unwrap().id, connection.id);
    }
    assert!(
        matches!(table.lookup(&address(1), Instant::now()), Lookup::Open(found) if found.id == connection.id)
    );
}

#[tokio::test]
async fn a_caller_that_gives_up_does_not_disturb_the_dial() {
    let table = table();
    let (ticket, first) = dial(&table, 1);
    let second = wait(&table, 1);
    drop(first);
    let _registration = ticket.connected(Fake::new(1)).unwrap();
    assert!(second.wait().await.unwrap().is_ok());
}

#[tokio::test]
async fn a_failed_dial_fails_every_waiter_and_the_next_caller_dials_again() {
    let table = table();
    let (ticket, first) = dial(&table, 1);
    let second = wait(&table, 1);
    ticket.failed(Instant::now(), "refused");
    assert_eq!(first.wait().await.unwrap().unwrap_err(), "refused");
    assert_eq!(second.wait().await.unwrap().unwrap_err(), "refused");
    assert_eq!(table.len(), 0);
    dial(&table, 1);
}

#[tokio::test]
async fn a_dropped_ticket_frees_the_address() {
    let table = table();
    let (ticket, waiter) = dial(&table, 1);
    drop(ticket);
    assert!(waiter.wait().await.is_none());
    assert_eq!(table.len(), 0);
}

#[test]
fn a_closed_connection_is_never_returned_even_before_it_is_removed() {
    let table = table();
    let (connection, _registration) = open(&table, 1);
    connection.close();
    assert!(table.open(&address(1)).is_none());
    dial(&table, 1);
}

#[test]
fn a_connection_that_dies_late_does_not_remove_its_successor() {
    let table = table();
    let (old, old_registration) = open(&table, 1);
    old.close();
    let (new, _new_registration) = open(&table, 1);
    drop(old_registration);
    assert_eq!(table.open(&address(1)).unwrap().id, new.id);
    assert!(!table.retire(&address(1), &old, None));
    assert_eq!(table.len(), 1);
}

#[test]
fn the_end_of_a_connection_removes_its_entry() {
    let table = table();
    let (_connection, registration) = open(&table, 1);
    assert_eq!(table.len(), 1);
    drop(registration);
    assert_eq!(table.len(), 0);
}

#[test]
fn a_connection_is_retired_once() {
    let table = table();
    let (connection, _registration) = open(&table, 1);
    assert!(table.retire(&address(1), &connection, None));
    assert!(!table.retire(&address(1), &connection, None));
    assert!(connection.is_open(), "retiring does not close the connection");
    dial(&table, 1);
}

#[tokio::test]
async fn an_abandoned_dial_cannot_come_back() {
    let table = table();
    let (ticket, waiter) = dial(&table, 1);
    assert!(table.take(&address(1)).is_none());
    assert!(waiter.wait().await.is_none(), "an abandoned dial does not keep its waiters");
    ticket.given_up().await;
    let late = Fake::dialled_by(&ticket);
    assert!(ticket.connected(late).is_none());
    assert_eq!(table.len(), 0);
}

#[test]
fn addresses_are_independent() {
    let table = table();
    let (one, _keep_one) = open(&table, 1);
    let (two, _keep_two) = open(&table, 2);
    assert_eq!(table.take(&address(1)).unwrap().id, one.id);
    assert_eq!(table.open(&address(2)).unwrap().id, two.id);
}

#[tokio::test]
async fn a_closed_table_abandons_its_dials_and_starts_no_more() {
    let table = table();
    let (connection, _registration) = open(&table, 1);
    let (ticket, waiter) = dial(&table, 2);
    assert_eq!(table.close().iter().map(Connection::id).collect::<Vec<_>>(), [connection.id]);
    assert!(matches!(table.lookup(&address(1), Instant::now()), Lookup::Closed));
    assert!(ticket.connected(Fake::new(2)).is_none());
    assert!(waiter.wait().await.is_none());
    assert_eq!(table.len(), 0);
}

#[tokio::test]
async fn waiters_are_woken_in_order_of_arrival() {
    let table = table();
    let (ticket, first) = dial(&table, 1);
    let woken = Arc::new(parking_lot::Mutex::new(Vec::new()));
    let mut waiters = Vec::new();
    for (n, waiter) in [first].into_iter().chain((1..100).map(|_| wait(&table, 1))).enumerate() {
        let woken = Arc::clone(&woken);
        waiters.push(tokio::spawn(async move {
            waiter.wait().await;
            woken.lock().push(n);
        }));
    }
    for _ in 0..10 {
        tokio::task::yield_now().await; // tokio runs some dozen tasks each time
    }
    let connection = Fake::dialled_by(&ticket);
    let _registration = ticket.connected(connection).unwrap();
    for waiter in waiters {
        waiter.await.unwrap();
    }
    assert_eq!(*woken.lock(), (0..100).collect::<Vec<_>>());
}

#[test]
fn a_failed_address_is_dialled_after_a_shared_pause() {
    let table = table();
    let now = Instant::now();
    let (ticket, _) = dial(&table, 1);
    assert_eq!(ticket.not_before(), None);
    ticket.failed(now, "refused");
    let Lookup::Dial(ticket, first) = table.lookup(&address(1), now) else { panic!("not dialled") };
    let until = ticket.not_before().unwrap();
    assert!(until > now);
    for waiter in [first, wait(&table, 1)] {
        let pause = waiter.pauses_beyond(now).unwrap();
        assert_eq!((pause.until, pause.failures, pause.cause), (until, 1, "refused"));
        assert!(waiter.pauses_beyond(until).is_none());
    }
    assert!(
        matches!(table.lookup(&address(2), now), Lookup::Dial(ticket, _) if ticket.not_before().is_none())
    );
}

#[test]
fn only_a_connection_that_ends_young_counts_as_a_failure() {
    let is_left_alone = |lived: Duration, failed: bool| {
        let table = table();
        let (connection, registration) = open(&table, 1);
        let end = connection.since + lived;
        match failed {
            true => registration.end(end, "closed by the peer"),
            false => drop(registration),
        }
        match table.lookup(&address(1), end) {
            Lookup::Dial(ticket, _) => ticket.not_before().is_some(),
            other => panic!("the connection has ended, got {other:?}"),
        }
    };
    assert!(is_left_alone(SECOND / 2, true));
    assert!(!is_left_alone(SECOND, true), "it lived long enough");
    assert!(!is_left_alone(SECOND / 2, false), "this side closed it");
}

#[test]
fn a_young_connection_that_is_retired_and_then_ends_counts_once() {
    let table = table();
    let (connection, registration) = open(&table, 1);
    let now = connection.since;
    assert!(table.retire(&address(1), &connection, Some((now, "went away"))));
    registration.end(now, "closed by the peer");
    let Lookup::Dial(_ticket, waiter) = table.lookup(&address(1), now) else { panic!("not dialled") };
    let pause = waiter.pauses_beyond(now).unwrap();
    assert_eq!((pause.failures, pause.cause), (1, "went away"));
}
