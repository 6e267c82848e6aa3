use std::{
    future::{pending, ready},
    sync::Weak,
    task::{Wake, Waker},
    time::Duration,
};

use tokio::{sync::mpsc, time::timeout};

use super::*;

const LONGEST_WAIT: Duration = Duration::from_secs(120);

impl EventLoopGroup {
    /// Registers a connection that is there already. Returns its registration and the number of its loop.
    async fn next(&self) -> (Registration, usize) {
        let ((), registration) = self.register(ready(())).await.unwrap();
        let mut loops = self.0.loops.iter();
        let index = loops.position(|other| Arc::ptr_eq(&other.connections, &registration.connections));
        (registration, index.unwrap())
    }
}

/// Waits for the end of a group of which no clone may exist.
async fn all_ended(threads: TaskTracker) {
    timeout(LONGEST_WAIT, threads.wait()).await.unwrap();
}

#[tokio::test]
async fn a_connection_goes_to_the_loop_with_the_fewest_and_to_each_in_turn_among_equals() {
    let group = EventLoopGroup::start(3).await.unwrap();
    let mut open = Vec::new();
    for expected in [0, 1, 2, 0, 1, 2] {
        let (registration, index) = group.next().await;
        assert_eq!(index, expected);
        open.push(registration);
    }
    // Short connections in between, such as health checks, do not change the loop of the next one.
    drop(open.remove(1));
    for expected in [1, 1, 1] {
        assert_eq!(group.next().await.1, expected);
    }
}

#[tokio::test]
async fn a_socket_is_registered_with_the_runtime_of_its_loop_whose_thread_runs_its_task() {
    let group = EventLoopGroup::start(2).await.unwrap();
    let (sender, mut threads) = mpsc::unbounded_channel();
    let tasks = TaskGroup::new();
    for _ in 0..2 {
        let accept = async { Handle::current().id() };
        let (runtime, registration) = group.register(accept).await.unwrap();
        let sender = sender.clone();
        registration.spawn(&tasks, async move {
            assert_eq!(Handle::current().id(), runtime);
            sender.send(std::thread::current().name().map(str::to_owned)).unwrap();
        });
    }
    drop(sender);
    let mut names = Vec::new();
    while let Some(name) = timeout(LONGEST_WAIT, threads.recv()).await.unwrap() {
        names.extend(name);
    }
    names.sort_unstable();
    assert_eq!(names, ["remoting-loop-0", "remoting-loop-1"]);
    timeout(LONGEST_WAIT, tasks.ended()).await.unwrap();
}

#[tokio::test]
async fn a_blocking_thread_of_a_loop_has_its_own_name() {
    let group = EventLoopGroup::start(1).await.unwrap();
    let runtime = group.0.loops[0].runtime.clone();
    let name = runtime.spawn_blocking(|| std::thread::current().name().map(str::to_owned));
    let name = timeout(LONGEST_WAIT, name).await.unwrap().unwrap();
    assert_eq!(name.as_deref(), Some("remoting-loop-0-blocking"));
}

#[tokio::test]
async fn a_connection_is_counted_until_its_task_ends() {
    let group = EventLoopGroup::start(1).await.unwrap();
    let tasks = TaskGroup::new();
    let (registration, _) = group.next().await;
    let connections = Arc::clone(&registration.connections);
    registration.spawn(&tasks, pending());
    assert_eq!(connections.load(Ordering::Relaxed), 1);
    tasks.abort();
    timeout(LONGEST_WAIT, tasks.ended()).await.unwrap();
    assert_eq!(connections.load(Ordering::Relaxed), 0);
}

/// Starts a group with a task that never ends. Returns a witness of the task.
async fn with_a_task() -> (EventLoopGroup, TaskTracker, Weak<()>) {
    let group = EventLoopGroup::start(2).await.unwrap();
    let (held, threads) = (Arc::new(()), group.0.threads.clone());
    let witness = Arc::downgrade(&held);
    group.next().await.0.spawn(&TaskGroup::new(), async move {
        pending::<()>().await;
        drop(held);
    });
    (group, threads, witness)
}

#[tokio::test]
async fn the_threads_end_and_drop_their_tasks_when_the_last_clone_is_dropped() {
    let (group, threads, task) = with_a_task().await;
    let clone = group.clone();
    drop(group);
    assert_eq!(threads.len(), 2);
    drop(clone);
    all_ended(threads).await;
    assert!(task.upgrade().is_none());
}

#[tokio::test]
async fn an_aborted_group_ends_and_takes_no_more_connections() {
    let (group, _, task) = with_a_task().await;
    group.abort();
    timeout(LONGEST_WAIT, group.ended()).await.unwrap();
    assert!(task.upgrade().is_none());
    assert!(group.register(ready(())).await.is_none());
}

#[tokio::test]
async fn the_threads_end_with_the_runtime_that_the_group_was_started_in() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().unwrap();
    let (_group, threads, task) = runtime.spawn(with_a_task()).await.unwrap();
    assert_eq!(threads.len(), 2);
    runtime.shutdown_background();
    all_ended(threads).await;
    assert!(task.upgrade().is_none());
}

/// The runtime catches panics of tasks, but not of the wakers of timers.
#[tokio::test]
async fn a_loop_that_panics_ends_and_the_others_take_its_connections() {
    struct Panics;
    impl Wake for Panics {
        fn wake(self: Arc<Self>) {
            panic!("boom");
        }
    }

    let group = EventLoopGroup::start(2).await.unwrap();
    let (registration, index) = group.next().await;
    registration.spawn(&TaskGroup::new(), async {
        let mut timer = pin!(tokio::time::sleep(Duration::from_millis(1)));
        let _pending = timer.as_mut().poll(&mut Context::from_waker(&Waker::from(Arc::new(Panics))));
        pending().await
    });
    let ended = async {
        while group.0.loops[index].runs() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    timeout(LONGEST_WAIT, ended).await.unwrap();
    let others = [group.next().await, group.next().await];
    assert!(others.iter().all(|(_, other)| *other != index));
}
