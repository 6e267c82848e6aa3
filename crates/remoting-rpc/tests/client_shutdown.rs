//! The shutdown of a client frees everything, however it ends.

mod client_support;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use client_support::*;
use parking_lot::Mutex;
use remoting_rpc::transport::ChannelEvent;
use remoting_rpc::{ClientConfig, RemotingClient, RpcError};
use tokio::time::Instant;

#[tokio::test(start_paused = true)]
async fn calls_in_flight_finish_and_new_ones_are_rejected() {
    let server = TestServer::start("graceful").await;
    let client = client();
    let (done, outcome) = tokio::sync::oneshot::channel();
    client.invoke_with_callback(&server.addr, request(SLOW), 3 * SECOND, |result| done.send(result).unwrap());
    until(|| server.requests() == 1).await;
    let down = tokio::spawn({
        let client = client.clone();
        async move { client.shutdown().await }
    });
    tokio::task::yield_now().await;
    let error = client.invoke(&server.addr, request(ECHO), SECOND).await.unwrap_err();
    assert!(matches!(error, RpcError::ShutDown { .. }), "{error}");
    assert!(matches!(
        client.invoke_oneway(&server.addr, request(ECHO), SECOND).await,
        Err(RpcError::ShutDown { .. })
    ));
    outcome.await.unwrap().unwrap();
    down.await.unwrap();
    nothing_left(&client);
    let error = client.invoke(&server.addr, request(ECHO), SECOND).await.unwrap_err();
    assert!(matches!(error, RpcError::ShutDown { .. }) && error.is_closed());
}

#[tokio::test(start_paused = true)]
async fn a_call_that_does_not_finish_in_time_fails_and_its_callback_gets_the_error() {
    let server = TestServer::start("impatient").await;
    let client = client_with(ClientConfig::new().shutdown_timeout(SECOND));
    let (done, outcome) = tokio::sync::oneshot::channel();
    client.invoke_with_callback(&server.addr, request(SILENT), 60 * SECOND, |result| {
        done.send(result).unwrap()
    });
    until(|| server.requests() == 1).await;
    let start = Instant::now();
    client.shutdown().await;
    assert!(start.elapsed() < 2 * SECOND);
    let error = outcome.await.unwrap().unwrap_err();
    assert!(error.to_string().contains("the client is shutting down"), "{error}");
    assert!(error.may_have_been_sent());
    nothing_left(&client);
}

#[tokio::test(start_paused = true)]
async fn a_dial_in_progress_is_abandoned() {
    let server = TestServer::start("hole").await;
    let client = RemotingClient::builder().prologue_step(BlackHole(server.addr.clone())).build().unwrap();
    let call = tokio::spawn({
        let (client, addr) = (client.clone(), server.addr.clone());
        async move { client.invoke(addr, request(ECHO), 3600 * SECOND).await }
    });
    until(|| client.statistics().addresses == 1).await;
    client.shutdown().await;
    assert!(matches!(call.await.unwrap().unwrap_err(), RpcError::ShutDown { .. }));
    nothing_left(&client);
}

#[tokio::test(start_paused = true)]
async fn concurrent_shutdowns_share_one_end() {
    let server = TestServer::start("twice").await;
    let client = client();
    client.invoke(&server.addr, request(ECHO), SECOND).await.unwrap();
    tokio::join!(client.shutdown(), client.shutdown());
    client.shutdown().await;
    nothing_left(&client);
}

#[tokio::test(start_paused = true)]
async fn no_close_event_is_lost() {
    for gracefully in [true, false] {
        let server = TestServer::start("events").await;
        let events = Arc::<Mutex<Vec<String>>>::default();
        let seen = Arc::clone(&events);
        let client = RemotingClient::builder()
            .on_event(move |event: ChannelEvent| {
                let kind = event.to_string();
                seen.lock().push(kind.split(' ').next().unwrap_or_default().to_owned());
                assert_ne!(kind, "", "a listener may inspect its event");
            })
            .build()
            .unwrap();
        client.invoke(&server.addr, request(ECHO), SECOND).await.unwrap();
        if gracefully {
            client.shutdown().await;
        }
        drop(client);
        until(|| Arc::strong_count(&events) == 1).await;
        assert_eq!(*events.lock(), ["CONNECT", "ACTIVE", "CLOSE"]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_listener_that_panics_still_gets_the_next_event() {
    let server = TestServer::start("panic").await;
    let seen = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&seen);
    let client = RemotingClient::builder()
        .on_event(move |_: ChannelEvent| {
            counter.fetch_add(1, Ordering::SeqCst);
            panic!("a listener's fault");
        })
        .build()
        .unwrap();
    client.invoke(&server.addr, request(ECHO), SECOND).await.unwrap();
    client.shutdown().await;
    assert_eq!(seen.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn dropping_the_last_clone_ends_everything_at_once() {
    let server = TestServer::start_at("127.0.0.1:0".parse().unwrap()).await;
    let before = tokio::runtime::Handle::current().metrics().num_alive_tasks();
    let client = RemotingClient::builder().build().unwrap();
    client.set_name_servers([&server.addr]).unwrap();
    let called_back = Arc::new(AtomicUsize::new(0));
    for _ in 0..10 {
        let counter = Arc::clone(&called_back);
        client.invoke_with_callback(&server.addr, request(SILENT), 3600 * SECOND, move |result| {
            assert!(result.unwrap_err().is_closed());
            counter.fetch_add(1, Ordering::SeqCst);
        });
    }
    until(|| server.requests() == 10).await;
    let clone = client.clone();
    drop(client);
    assert_eq!(clone.in_flight(), 10, "a clone keeps the client alive");
    drop(clone);
    until(|| Arc::strong_count(&called_back) == 1).await;
    assert_eq!(called_back.load(Ordering::SeqCst), 10, "every callback is called");
    // The remaining tasks are the server's: its side of the connection, and the ten requests that wait there.
    drop(server);
    until(|| tokio::runtime::Handle::current().metrics().num_alive_tasks() < before).await;
}

#[tokio::test(start_paused = true)]
async fn a_call_that_waits_for_a_permit_finishes_too() {
    let server = TestServer::start("permits").await;
    let client = client_with(ClientConfig::new().async_permits(1).shutdown_timeout(10 * SECOND));
    let call = || {
        let (client, addr) = (client.clone(), server.addr.clone());
        tokio::spawn(async move { client.invoke(addr, request(SLOW), 10 * SECOND).await })
    };
    let calls = [call(), call(), call()];
    until(|| server.requests() == 1).await;
    let start = Instant::now();
    client.shutdown().await;
    assert!(start.elapsed() < 4 * SECOND, "{:?}", start.elapsed());
    for call in calls {
        call.await.unwrap().unwrap();
    }
    nothing_left(&client);
}

#[tokio::test(start_paused = true)]
async fn a_shutdown_ends_as_soon_as_the_last_call_does() {
    let server = TestServer::start("instant").await;
    let client = client();
    let call = tokio::spawn({
        let (client, addr) = (client.clone(), server.addr.clone());
        async move {
            client.invoke(addr, request(SLOW), 10 * SECOND).await.unwrap();
            Instant::now()
        }
    });
    until(|| server.requests() == 1).await;
    tokio::join!(client.shutdown(), client.shutdown());
    let ended = Instant::now();
    assert_eq!(call.await.unwrap(), ended, "no polling interval in between");
    nothing_left(&client);
}
