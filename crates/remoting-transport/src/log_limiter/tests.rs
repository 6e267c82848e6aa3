use super::*;

const INTERVAL: Duration = Duration::from_secs(10);

#[test]
fn events_beyond_the_lines_of_an_interval_are_counted() {
    let (limiter, start) = (LogLimiter::<()>::new(3, INTERVAL), Instant::now());
    let lines = (0..8).filter(|_| limiter.admit(start).line).count();
    assert_eq!(lines, 3);
    let next = limiter.admit(start + INTERVAL);
    assert!(next.line);
    assert_eq!(next.suppressed, Some(SuppressedEvents { count: 5, within: INTERVAL }));
    assert_eq!(next.suppressed.unwrap().to_string(), "5 more in the last 10 s");
    assert_eq!(limiter.admit(start + INTERVAL * 2).suppressed, None, "nothing was suppressed");
}

#[test]
fn a_key_is_logged_once_in_an_interval() {
    let (limiter, start) = (LogLimiter::new(10, INTERVAL), Instant::now());
    let line = |key: u16, at| limiter.admit_key(&key, at).line;
    assert!(line(1, start) && line(2, start));
    assert!(!line(1, start) && !line(2, start));
    assert!(line(1, start + INTERVAL), "the next interval has lines again");
}

#[test]
fn keys_beyond_the_lines_are_counted_and_not_stored() {
    let (limiter, start) = (LogLimiter::new(4, INTERVAL), Instant::now());
    let lines = (0..1_000_u16).filter(|key| limiter.admit_key(key, start).line).count();
    assert_eq!(lines, 4);
    assert_eq!(limiter.current.lock().keys.len(), 4);
    assert_eq!(limiter.flush(start).map(|suppressed| suppressed.count), Some(996));
    assert_eq!(limiter.flush(start), None);
}

#[tokio::test(start_paused = true)]
async fn an_interval_is_summarized_at_its_end_without_a_further_event() {
    let limiter = LogLimiter::<()>::new(1, INTERVAL);
    let now = || tokio::time::Instant::now().into_std();
    let mut sums = Vec::new();
    {
        let summarize = limiter.summarize(|suppressed| sums.push(suppressed.count));
        let events = async {
            for _ in 0..3 {
                let _ = limiter.admit(now());
            }
            tokio::time::sleep(INTERVAL + Duration::from_millis(1)).await;
            let _ = limiter.admit(now());
            tokio::time::sleep(INTERVAL * 3).await;
            for _ in 0..2 {
                let _ = limiter.admit(now());
            }
            tokio::time::sleep(INTERVAL + Duration::from_millis(1)).await;
        };
        tokio::select! {
            () = summarize => {}
            () = events => {}
        }
    }
    assert_eq!(sums, [2, 1]);
}
