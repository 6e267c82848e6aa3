use remoting_transport::{
    Address, Bootstrap, ChannelEvent, ChannelEventKind, ChannelOptions, CloseReason, Connection,
};

use super::*;

type Seen = Arc<Mutex<Vec<String>>>;

/// A listener that records events, and the record.
fn listener() -> (Box<dyn ChannelEventListener>, Seen) {
    let seen = Seen::default();
    let record = Arc::clone(&seen);
    let listener = move |event: ChannelEvent| {
        record.lock().push(event.kind.name().to_owned());
    };
    (Box::new(listener), seen)
}

fn event(kind: ChannelEventKind) -> ChannelEvent {
    let (ours, _theirs) = tokio::io::duplex(1);
    let connection = Connection::new(ours, Address::memory("here"), Address::memory("there"));
    let channel = Bootstrap::new(ChannelOptions::default()).open(connection).unwrap().channel().clone();
    ChannelEvent::new(kind, channel)
}

fn close() -> ChannelEvent {
    event(ChannelEventKind::Close(CloseReason::local("it was enough")))
}

#[tokio::test]
async fn a_close_that_comes_with_the_end_of_its_channel_is_delivered() {
    let (listener, seen) = listener();
    let task = EventTask::start(vec![listener], 10);
    task.sender().send(event(ChannelEventKind::Connect));
    tokio::task::yield_now().await;
    let sender = task.sender().clone();
    // Both in one poll, so that the task finds its sources ended right after it found no event.
    task.await_source(async move {
        sender.send(close());
    });
    task.end().await;
    assert_eq!(*seen.lock(), ["CONNECT", "CLOSE"]);
    assert!(!task.is_running());
}

#[tokio::test]
async fn the_task_waits_for_all_its_sources() {
    let (listener, seen) = listener();
    let task = EventTask::start(vec![listener], 10);
    let (end, ended) = tokio::sync::oneshot::channel::<()>();
    task.await_source(std::future::ready(()));
    task.await_source(async move {
        let _ = ended.await;
    });
    task.end_soon();
    tokio::task::yield_now().await;
    assert!(task.is_running());
    task.sender().send(close());
    end.send(()).unwrap();
    task.end().await;
    assert_eq!(*seen.lock(), ["CLOSE"]);
}

#[tokio::test]
async fn a_dropped_task_drops_its_listener() {
    let (listener, seen) = listener();
    drop(EventTask::start(vec![listener], 10));
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(120);
    while Arc::strong_count(&seen) > 1 {
        assert!(std::time::Instant::now() < deadline, "the task still has its listener");
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn each_listener_gets_each_event_even_if_an_earlier_one_panics() {
    let (listener, seen) = listener();
    let panics = Box::new(|_: ChannelEvent| panic!("boom"));
    let task = EventTask::start(vec![panics, listener], 10);
    task.sender().send(event(ChannelEventKind::Connect));
    task.sender().send(close());
    task.end().await;
    assert_eq!(*seen.lock(), ["CONNECT", "CLOSE"]);
}
