//! Calls that end before their methods do: cancelled calls, and a server that shuts down.

use std::sync::atomic::Ordering;
use std::time::Duration;

use remoting_service::{Code, Protocol};
use tokio::time::Instant;

use crate::both::{Both, DEFAULT, PROTOCOLS};
use crate::greeter::hello;

/// Waits until a condition holds, an hour at most.
async fn until(what: &str, mut condition: impl FnMut() -> bool) {
    let waits = async {
        while !condition() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    assert!(tokio::time::timeout(Duration::from_secs(3_600), waits).await.is_ok(), "{what}");
}

#[tokio::test(start_paused = true)]
async fn the_method_of_a_cancelled_call_ends_at_once_over_grpc_and_at_its_deadline_over_remoting() {
    let both = Both::start().await;
    for protocol in PROTOCOLS {
        let (waiting, dropped) =
            (both.service.waiting.load(Ordering::SeqCst), both.service.dropped.load(Ordering::SeqCst));
        let call = tokio::spawn(both.greeter(protocol).say_hello(&hello("wait")));
        until("the method runs", || both.service.waiting.load(Ordering::SeqCst) > waiting).await;
        let started = Instant::now();
        call.abort();
        until("the method is dropped", || both.service.dropped.load(Ordering::SeqCst) > dropped).await;
        let took = started.elapsed();
        let expected = if protocol == Protocol::Grpc { Duration::ZERO } else { DEFAULT };
        assert!(took.abs_diff(expected) < Duration::from_millis(100), "{protocol:?}: {took:?}");
    }
    both.server.shutdown().await;
}

#[tokio::test(start_paused = true)]
async fn a_shutdown_answers_the_calls_that_run_and_refuses_later_ones() {
    const CALLS: usize = 32;
    for protocol in PROTOCOLS {
        let both = Both::start().await;
        let greeter = both.greeter(protocol);
        let calls: Vec<_> = (0..CALLS)
            .map(|_| tokio::spawn(greeter.say_hello(&hello("wait")).timeout(Duration::from_secs(60))))
            .collect();
        until("the methods run", || both.service.waiting.load(Ordering::SeqCst) == CALLS).await;
        let shutdown = async { both.server.shutdown().await };
        let release = async {
            // Within the `shutdown_timeout` of 10 s, and longer than a connection may take to close.
            tokio::time::sleep(Duration::from_secs(8)).await;
            both.service.gate.add_permits(CALLS);
        };
        tokio::join!(shutdown, release);
        for call in calls {
            assert_eq!(call.await.unwrap().unwrap().message, "waited", "{protocol:?}");
        }
        let status = greeter.say_hello(&hello("x")).await.unwrap_err();
        assert_eq!((status.code(), status.may_have_been_sent()), (Code::Unavailable, false), "{protocol:?}");
    }
}
