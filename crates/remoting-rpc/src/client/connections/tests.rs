use std::sync::atomic::{AtomicBool, Ordering};

use super::*;

#[derive(Clone, Debug)]
struct Fake {
    id: u64,
    open: Arc<AtomicBool>,
}

impl Fake {
    fn dialled_by<E: Clone>(ticket: &Ticket<Self, E>) -> Self {
        Self { id: ticket.id(), open: Arc::new(AtomicBool::new(true)) }
    }

    fn close(&self) {
        self.open.store(false, Ordering::Relaxed);
    }
}

impl Connection for Fake {
    fn id(&self) -> u64 {
        self.id
    }

    fn is_open(&self) -> bool {
        self.open.load(Ordering::Relaxed)
    }
}

type Table = Arc<ConnectionTable<Fake, &'static str>>;

fn table() -> Table {
    Arc::new(ConnectionTable::new())
}

fn address(port: u16) -> Address {
    Address::from(std::net::SocketAddr::from(([127, 0, 0, 1], port)))
}

fn dial(table: &Table, port: u16) -> (Ticket<Fake, &'static str>, Waiter<Fake, &'static str>) {
    match table.lookup(&address(port)) {
        Lookup::Dial(ticket, waiter) => (ticket, waiter),
        other => panic!("nobody should be dialling yet, got {other:?}"),
    }
}

fn wait(table: &Table, port: u16) -> Waiter<Fake, &'static str> {
    match table.lookup(&address(port)) {
        Lookup::Wait(waiter) => waiter,
        other => panic!("somebody should be dialling, got {other:?}"),
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
    assert!(matches!(table.lookup(&address(1)), Lookup::Open(found) if found.id == connection.id));
}

#[tokio::test]
async fn a_caller_that_gives_up_does_not_disturb_the_dial() {
    let table = table();
    let (ticket, first) = dial(&table, 1);
    let second = wait(&table, 1);
    drop(first);
    let _registration = ticket.connected(Fake { id: 1, open: Arc::new(AtomicBool::new(true)) }).unwrap();
    assert!(second.wait().await.unwrap().is_ok());
}

#[tokio::test]
async fn a_failed_dial_tells_every_waiter_and_the_next_caller_dials_again() {
    let table = table();
    let (ticket, first) = dial(&table, 1);
    let second = wait(&table, 1);
    ticket.failed("refused");
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
fn a_closed_connection_is_never_handed_out_even_before_it_is_removed() {
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
    assert!(!table.retire(&address(1), &old));
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
fn only_the_first_to_retire_a_connection_does() {
    let table = table();
    let (connection, _registration) = open(&table, 1);
    assert!(table.retire(&address(1), &connection));
    assert!(!table.retire(&address(1), &connection));
    assert!(connection.is_open(), "retiring does not close");
    dial(&table, 1);
}

#[tokio::test]
async fn a_dial_that_was_taken_out_cannot_come_back() {
    let table = table();
    let (ticket, waiter) = dial(&table, 1);
    assert!(table.take(&address(1)).is_none());
    assert!(waiter.wait().await.is_none(), "nobody waits for the end of a dial that was given up");
    ticket.given_up().await;
    let late = Fake::dialled_by(&ticket);
    assert!(ticket.connected(late).is_none());
    assert_eq!(table.len(), 0);
}

#[test]
fn addresses_do_not_disturb_each_other() {
    let table = table();
    let (one, _keep_one) = open(&table, 1);
    let (two, _keep_two) = open(&table, 2);
    assert_eq!(table.take(&address(1)).unwrap().id, one.id);
    assert_eq!(table.open(&address(2)).unwrap().id, two.id);
}

#[tokio::test]
async fn a_closed_table_gives_up_its_dials_and_starts_no_more() {
    let table = table();
    let (connection, _registration) = open(&table, 1);
    let (ticket, waiter) = dial(&table, 2);
    assert_eq!(table.close().iter().map(Connection::id).collect::<Vec<_>>(), [connection.id]);
    assert!(matches!(table.lookup(&address(1)), Lookup::Closed));
    assert!(ticket.connected(Fake { id: 2, open: connection.open.clone() }).is_none());
    assert!(waiter.wait().await.is_none());
    assert_eq!(table.len(), 0);
}
