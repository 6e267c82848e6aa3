use std::sync::Arc;
use std::time::Duration;

use super::*;

#[tokio::test(start_paused = true)]
async fn without_time_to_wait_an_exhausted_pool_says_too_much_request() {
    let permits = Permits::new(1, 1);
    let _held = permits.acquire(CallKind::Invoke, None).await.unwrap();
    assert_eq!(permits.acquire(CallKind::Invoke, None).await.unwrap_err(), NoPermit::NoTime);
    assert!(permits.acquire(CallKind::Oneway, None).await.is_ok(), "the kinds do not share permits");
}

#[tokio::test(start_paused = true)]
async fn a_permit_that_does_not_come_in_time_is_a_timeout() {
    let permits = Permits::new(1, 1);
    let _held = permits.acquire(CallKind::Invoke, None).await.unwrap();
    let deadline = Instant::now() + Duration::from_millis(50);
    assert_eq!(permits.acquire(CallKind::Invoke, Some(deadline)).await.unwrap_err(), NoPermit::Timeout);
    assert_eq!(Instant::now(), deadline);
}

#[tokio::test(start_paused = true)]
async fn a_caller_that_stops_waiting_takes_no_permit() {
    let permits = Permits::new(1, 1);
    let held = permits.acquire(CallKind::Invoke, None).await.unwrap();
    let deadline = Some(Instant::now() + Duration::from_secs(1));
    tokio::select! {
        biased;
        _ = permits.acquire(CallKind::Invoke, deadline) => unreachable!("the only permit is held"),
        () = std::future::ready(()) => {}
    }
    drop(held);
    assert_eq!(permits.taken(CallKind::Invoke), 0);
}

#[tokio::test(start_paused = true)]
async fn those_who_wait_are_served_in_order_and_before_those_who_come_later() {
    let pool = Arc::new(Pool::new(1));
    assert!(pool.try_take());
    let order = Arc::new(parking_lot::Mutex::new(Vec::new()));
    let mut callers = Vec::new();
    for caller in 0..3 {
        let (pool, order) = (Arc::clone(&pool), Arc::clone(&order));
        callers.push(tokio::spawn(async move {
            pool.take().await;
            order.lock().push(caller);
        }));
    }
    tokio::task::yield_now().await;
    for _ in 0..3 {
        pool.give_back();
        assert!(!pool.try_take(), "what is given back belongs to the line");
        tokio::task::yield_now().await;
    }
    assert_eq!(*order.lock(), [0, 1, 2]);
}

#[tokio::test(start_paused = true)]
async fn permits_that_the_line_left_over_can_be_taken() {
    let pool = Pool::new(3);
    assert!(pool.try_take() && pool.try_take());
    pool.take().await; // moves what is free into the line
    pool.give_back();
    pool.give_back();
    assert_eq!(pool.available(), 2);
    assert!(pool.try_take() && pool.try_take());
    assert!(!pool.try_take());
}

/// Two threads take and give back while a third waits in line: nobody waits for ever, none is lost.
#[test]
fn however_callers_race_no_permit_is_lost() {
    let pool = Pool::new(2);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
                runtime.block_on(async {
                    for _ in 0..2_000 {
                        if !pool.try_take() {
                            pool.take().await;
                        }
                        pool.give_back();
                        assert!(pool.available() <= pool.limit());
                    }
                });
            });
        }
    });
    assert_eq!(pool.available(), 2);
}

/// What a count adds up if the permit moves between its two looks.
#[test]
fn a_permit_that_is_counted_twice_does_not_exceed_the_limit() {
    let pool = Pool { line: Semaphore::new(1), ..Pool::new(1) };
    assert_eq!(pool.available(), 1);
}

#[tokio::test(start_paused = true)]
async fn all_are_free_once_those_who_wait_have_had_theirs_and_given_it_back() {
    let pool = Arc::new(Pool::new(1));
    assert!(pool.try_take());
    let wait_for_all = || {
        let pool = Arc::clone(&pool);
        tokio::spawn(async move { pool.all_free().await })
    };
    let (first, second) = (wait_for_all(), wait_for_all());
    let caller = tokio::spawn({
        let pool = Arc::clone(&pool);
        async move { pool.take().await }
    });
    let impatient = tokio::spawn({
        let pool = Arc::clone(&pool);
        async move { pool.take().await }
    });
    for _ in 0..4 {
        tokio::task::yield_now().await;
    }
    pool.give_back();
    caller.await.unwrap();
    assert!(!first.is_finished() && !second.is_finished(), "the caller holds a permit");
    pool.give_back();
    impatient.await.unwrap();
    assert!(!first.is_finished());
    pool.give_back();
    first.await.unwrap();
    second.await.unwrap();
    assert!(pool.try_take(), "and whoever comes finds it");
}

#[tokio::test(start_paused = true)]
async fn a_caller_that_gives_up_does_not_hold_up_the_wait_for_all() {
    let pool = Arc::new(Pool::new(1));
    assert!(pool.try_take());
    let caller = tokio::spawn({
        let pool = Arc::clone(&pool);
        async move { pool.take().await }
    });
    tokio::task::yield_now().await;
    let all = tokio::spawn({
        let pool = Arc::clone(&pool);
        async move { pool.all_free().await }
    });
    tokio::task::yield_now().await;
    caller.abort();
    pool.give_back();
    all.await.unwrap();
}
