use std::sync::Arc;
use std::time::Duration;

use super::*;

#[tokio::test(start_paused = true)]
async fn an_exhausted_pool_rejects_a_call_without_time_to_wait() {
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
async fn waiters_are_served_in_order_and_before_later_callers() {
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
        assert!(!pool.try_take(), "released permits belong to the queue");
        tokio::task::yield_now().await;
    }
    assert_eq!(*order.lock(), [0, 1, 2]);
}

#[tokio::test(start_paused = true)]
async fn permits_left_in_the_queue_can_be_taken() {
    let pool = Pool::new(3);
    assert!(pool.try_take() && pool.try_take());
    pool.take().await; // moves the free permits into the queue
    pool.give_back();
    pool.give_back();
    assert_eq!(pool.available(), 2);
    assert!(pool.try_take() && pool.try_take());
    assert!(!pool.try_take());
}

/// Two threads take and release permits while a third waits in the queue: no thread waits forever, no permit
/// is lost.
#[test]
fn no_permit_is_lost_in_a_race_of_callers() {
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

/// The sum of a count during which the permit moves.
#[test]
fn a_permit_counted_twice_does_not_exceed_the_limit() {
    let pool = Pool { line: Semaphore::new(1), ..Pool::new(1) };
    assert_eq!(pool.available(), 1);
}

#[tokio::test(start_paused = true)]
async fn all_permits_are_free_after_all_waiters_have_released_theirs() {
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
    assert!(pool.try_take(), "a later caller finds it");
}

#[tokio::test(start_paused = true)]
async fn an_abandoned_wait_does_not_delay_the_wait_for_all_permits() {
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
