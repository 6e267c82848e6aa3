//! Sinks and channels shared by the tests.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, reason = "each test file uses a part of it")]

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use remoting_transport::{
    AcceptError, Address, Bootstrap, Channel, ChannelDriver, ChannelOptions, CloseReason, ConnectOptions,
    InboundSink, Listener, ListenerOptions, ListenerStatistics, SinkContext, TaskGroup, connect,
    protocol::RemotingCommand,
};
use tokio::{sync::mpsc, task::JoinHandle};

/// A sink that sends each command back.
pub(crate) struct Echo;

impl InboundSink for Echo {
    fn command(&mut self, cx: &mut SinkContext<'_>, mut command: RemotingCommand) {
        cx.write(&mut command).expect("an echo can be encoded");
    }
}

/// A sink that passes commands to the test, and counts the calls of `active` and `inactive`.
pub(crate) struct Deliver {
    pub(crate) commands: mpsc::UnboundedSender<RemotingCommand>,
    pub(crate) active: Arc<AtomicUsize>,
    pub(crate) inactive: Arc<AtomicUsize>,
}

impl Deliver {
    pub(crate) fn new() -> (Self, mpsc::UnboundedReceiver<RemotingCommand>) {
        let (commands, receiver) = mpsc::unbounded_channel();
        (Self { commands, active: Arc::default(), inactive: Arc::default() }, receiver)
    }
}

impl InboundSink for Deliver {
    fn active(&mut self, _: &mut SinkContext<'_>) {
        self.active.fetch_add(1, Ordering::SeqCst);
    }

    fn command(&mut self, _: &mut SinkContext<'_>, command: RemotingCommand) {
        let _ = self.commands.send(command);
    }

    fn inactive(&mut self, _: &Channel, _: &CloseReason) {
        self.inactive.fetch_add(1, Ordering::SeqCst);
    }
}

/// A serving listener and its tasks.
pub(crate) struct Served {
    pub(crate) address: Address,
    pub(crate) statistics: Arc<ListenerStatistics>,
    pub(crate) tasks: TaskGroup,
    accepting: JoinHandle<AcceptError>,
}

impl Drop for Served {
    fn drop(&mut self) {
        self.accepting.abort();
        self.tasks.abort();
    }
}

pub(crate) async fn serve<F>(
    address: &str,
    options: ListenerOptions,
    bootstrap: Bootstrap,
    sinks: F,
) -> Served
where
    F: Fn(&Channel) -> Box<dyn InboundSink> + Send + Sync + 'static,
{
    let listener = Listener::bind(&address.parse().unwrap(), options).await.unwrap();
    let address = listener.local_addr().clone();
    let statistics = listener.statistics();
    let tasks = TaskGroup::new();
    let accepting = tokio::spawn(listener.serve(bootstrap, sinks, tasks.clone()));
    Served { address, statistics, tasks, accepting }
}

pub(crate) async fn dial(
    address: &Address,
    bootstrap: &Bootstrap,
    sink: impl InboundSink,
) -> (Channel, ChannelDriver) {
    let connection = connect(address, &ConnectOptions::default(), Duration::from_secs(5)).await.unwrap();
    let opened = bootstrap.open(connection).unwrap();
    (opened.channel().clone(), opened.drive(sink))
}

pub(crate) fn plain() -> Bootstrap {
    Bootstrap::new(ChannelOptions::default())
}
