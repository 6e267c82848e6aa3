use std::future::pending;

use tokio::time::{Instant, sleep};

use super::*;

fn addresses(texts: &[&str]) -> Vec<SocketAddr> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

/// Runs the race with scripted outcomes: each `script` entry is an address, a delay in milliseconds and a result. An
/// address without an entry never responds.
async fn run(
    order: &[SocketAddr],
    script: &[(&str, u64, Result<(), io::ErrorKind>)],
) -> (Option<SocketAddr>, ConnectAttempts, Duration) {
    let mut attempts = ConnectAttempts::default();
    let began = Instant::now();
    let connected = race(order, &mut attempts, |address| async move {
        match script.iter().find(|(text, ..)| text.parse() == Ok(address)) {
            None => pending().await,
            Some((_, millis, outcome)) => {
                sleep(Duration::from_millis(*millis)).await;
                outcome.map(|()| address).map_err(Into::into)
            }
        }
    });
    let connected = tokio::time::timeout(Duration::from_secs(3), connected).await.unwrap_or(None);
    (connected, attempts, began.elapsed())
}

#[test]
fn the_families_of_a_name_take_turns_in_the_order_of_the_resolver() {
    let resolved = addresses(&["[::1]:1", "[::2]:1", "[::1]:1", "[::3]:1", "10.0.0.1:1", "10.0.0.2:1"]);
    let expected = addresses(&["[::1]:1", "10.0.0.1:1", "[::2]:1", "10.0.0.2:1", "[::3]:1"]);
    assert_eq!(interleave(resolved), expected);
    let many = (0..1_000).map(|port| SocketAddr::from(([10, 0, 0, 1], port)));
    assert_eq!(interleave(many).len(), MAX_ADDRESSES);
}

#[tokio::test(start_paused = true)]
async fn a_name_whose_first_address_is_silent_is_connected_at_its_second() {
    let order = addresses(&["10.0.0.1:1", "10.0.0.2:1"]);
    let (connected, _, took) = run(&order, &[("10.0.0.2:1", 20, Ok(()))]).await;
    assert_eq!(connected, Some(order[1]));
    assert_eq!(took, ATTEMPT_DELAY + Duration::from_millis(20));
}

#[tokio::test(start_paused = true)]
async fn a_slow_first_address_wins_if_it_answers_first() {
    let order = addresses(&["10.0.0.1:1", "10.0.0.2:1"]);
    let script = [("10.0.0.1:1", 300, Ok(())), ("10.0.0.2:1", 100, Ok(()))];
    let (connected, _, took) = run(&order, &script).await;
    assert_eq!((connected, took), (Some(order[0]), Duration::from_millis(300)));
}

#[tokio::test(start_paused = true)]
async fn an_address_that_refuses_delays_the_next_one_by_nothing() {
    let order = addresses(&["10.0.0.1:1", "10.0.0.2:1", "10.0.0.3:1"]);
    let refused = Err(io::ErrorKind::ConnectionRefused);
    let script = [("10.0.0.1:1", 1, refused), ("10.0.0.2:1", 1, refused), ("10.0.0.3:1", 1, Ok(()))];
    let (connected, _, took) = run(&order, &script).await;
    assert_eq!((connected, took), (Some(order[2]), Duration::from_millis(3)));
}

#[tokio::test(start_paused = true)]
async fn the_error_has_the_outcome_of_each_address_when_all_fail() {
    let order = addresses(&["10.0.0.1:1", "10.0.0.2:1"]);
    let script = [
        ("10.0.0.1:1", 400, Err(io::ErrorKind::HostUnreachable)),
        ("10.0.0.2:1", 1, Err(io::ErrorKind::ConnectionRefused)),
    ];
    let (connected, attempts, took) = run(&order, &script).await;
    assert_eq!((connected, took), (None, Duration::from_millis(400)));
    assert_eq!(attempts.to_string(), "10.0.0.1:1: host unreachable; 10.0.0.2:1: connection refused");
}

#[tokio::test(start_paused = true)]
async fn the_error_has_the_outcome_of_each_address_on_a_timeout() {
    let order = addresses(&["10.0.0.1:1", "10.0.0.2:1"]);
    let script = [("10.0.0.2:1", 1, Err(io::ErrorKind::ConnectionRefused))];
    let (connected, attempts, _) = run(&order, &script).await;
    assert_eq!(connected, None);
    assert_eq!(attempts.to_string(), "10.0.0.1:1: no answer; 10.0.0.2:1: connection refused");
}

#[tokio::test(start_paused = true)]
async fn the_text_about_many_addresses_is_bounded() {
    let order: Vec<_> = (1..=20).map(|port| SocketAddr::from(([10, 0, 0, 1], port))).collect();
    let mut attempts = ConnectAttempts::default();
    let dial = |_| async { Err::<(), _>(io::ErrorKind::ConnectionRefused.into()) };
    assert!(race(&order, &mut attempts, dial).await.is_none());
    assert_eq!(attempts.iter().count(), 20);
    assert!(attempts.to_string().ends_with("10.0.0.1:8: connection refused; and 12 more"), "{attempts}");
}
