use std::error::Error;
use std::fmt;
use std::time::Duration;

use remoting_transport::protocol::{ErrorChain, RemotingCommand};
use remoting_transport::{
    Address, Bootstrap, Channel, ChannelOptions, CloseReason, ConnectOptions, InboundSink, Listener,
    ListenerOptions, Network, SinkContext, SystemNetwork, TaskGroup,
};
use tokio::sync::mpsc;

use super::Expectation;

/// How long a peer waits for an expected command.
const PATIENCE: Duration = Duration::from_secs(10);

/// The peer of a connection, controlled by a test. It sends nothing by itself.
///
/// # Panics
///
/// Its methods panic, like assertions, if an unexpected command arrives, or if none arrives within 10 s of tokio's time.
pub struct ScriptedPeer {
    channel: Channel,
    inbound: mpsc::UnboundedReceiver<RemotingCommand>,
    _abort: Option<AbortOnDrop>,
}

/// Aborts the tasks of a peer or listener on drop.
#[derive(Debug)]
struct AbortOnDrop(TaskGroup);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl ScriptedPeer {
    /// Connects to a server on the [`SystemNetwork`].
    ///
    /// # Errors
    ///
    /// Returns an error if the address cannot be connected.
    pub async fn connect<A>(address: A) -> Result<Self, Box<dyn Error + Send + Sync>>
    where
        A: TryInto<Address, Error: Error + Send + Sync + 'static>,
    {
        Self::connect_on(SystemNetwork, address).await
    }

    /// Connects to a server on a network.
    ///
    /// # Errors
    ///
    /// Returns an error if the address cannot be connected.
    pub async fn connect_on<A>(
        network: impl Network,
        address: A,
    ) -> Result<Self, Box<dyn Error + Send + Sync>>
    where
        A: TryInto<Address, Error: Error + Send + Sync + 'static>,
    {
        let bootstrap = Bootstrap::new(ChannelOptions::default()).network(network);
        let connection =
            bootstrap.connect(&address.try_into()?, &ConnectOptions::default(), PATIENCE).await?;
        let opened = bootstrap.open(connection)?;
        let channel = opened.channel().clone();
        let (sink, inbound) = Forward::new();
        let tasks = TaskGroup::new();
        let driver = opened.drive(sink);
        tasks.spawn(async move { drop(driver.await) });
        Ok(Self { channel, inbound, _abort: Some(AbortOnDrop(tasks)) })
    }

    /// Listens on the [`SystemNetwork`], to be the server of a client.
    ///
    /// # Errors
    ///
    /// Returns an error if the address cannot be bound.
    pub async fn listen<A>(address: A) -> Result<PeerListener, Box<dyn Error + Send + Sync>>
    where
        A: TryInto<Address, Error: Error + Send + Sync + 'static>,
    {
        Self::listen_on(SystemNetwork, address).await
    }

    /// Listens on a network.
    ///
    /// # Errors
    ///
    /// Returns an error if the address cannot be bound.
    pub async fn listen_on<A>(
        network: impl Network,
        address: A,
    ) -> Result<PeerListener, Box<dyn Error + Send + Sync>>
    where
        A: TryInto<Address, Error: Error + Send + Sync + 'static>,
    {
        let options = ListenerOptions::default();
        let listener = Listener::bind_on(&network, &address.try_into()?, options).await?;
        let local = listener.local_addr().clone();
        let (accepted, peers) = mpsc::unbounded_channel();
        let sinks = move |channel: &Channel| -> Box<dyn InboundSink> {
            let (sink, inbound) = Forward::new();
            let peer = Self { channel: channel.clone(), inbound, _abort: None };
            drop(accepted.send(peer)); // a listener that is gone wants no peers
            Box::new(sink)
        };
        let bootstrap = Bootstrap::new(ChannelOptions::default());
        let tasks = TaskGroup::new();
        let serve = listener.serve(bootstrap, sinks, tasks.clone());
        tasks.spawn(async move {
            let error = serve.await;
            tracing::error!("{}", ErrorChain(&error));
        });
        Ok(PeerListener { local, peers, _abort: AbortOnDrop(tasks) })
    }

    /// Sends a command unchanged.
    pub async fn send(&self, command: RemotingCommand) {
        if let Err(error) = self.channel.send(command).await {
            panic!("the scripted peer cannot send: {error}");
        }
    }

    /// Waits for the next command, which must meet the expectation.
    pub async fn expect(&mut self, expectation: Expectation) -> Received<'_> {
        let command = match tokio::time::timeout(PATIENCE, self.inbound.recv()).await {
            Ok(Some(command)) => command,
            Ok(None) => {
                panic!("expected {expectation}, but the channel closed: {:?}", self.channel.close_reason())
            }
            Err(_elapsed) => panic!("expected {expectation}, but nothing came within {PATIENCE:?}"),
        };
        assert!(expectation.is_met_by(&command), "expected {expectation}, but {command:?} came");
        Received { peer: self, command }
    }

    /// Waits until the channel is closed. No command may arrive before.
    pub async fn expect_closed(&mut self) -> CloseReason {
        match tokio::time::timeout(PATIENCE, self.inbound.recv()).await {
            Ok(None) => self.channel.closed().await,
            Ok(Some(command)) => panic!("expected the channel to close, but {command:?} came"),
            Err(_elapsed) => panic!("expected the channel to close, but it did not within {PATIENCE:?}"),
        }
    }

    /// Returns whether an unread command has arrived.
    pub fn has_received(&self) -> bool {
        !self.inbound.is_empty()
    }

    /// Returns the peer's side of the channel.
    pub const fn channel(&self) -> &Channel {
        &self.channel
    }

    /// Closes the connection.
    pub fn close(&self) {
        self.channel.close(CloseReason::local("the script says so"));
    }
}

impl fmt::Debug for ScriptedPeer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ScriptedPeer").field(&self.channel).finish()
    }
}

/// A listener whose connections are [`ScriptedPeer`]s. Dropping it closes the listener and cuts the connections.
#[derive(Debug)]
pub struct PeerListener {
    local: Address,
    peers: mpsc::UnboundedReceiver<ScriptedPeer>,
    _abort: AbortOnDrop,
}

impl PeerListener {
    /// Returns the address of the listener.
    #[must_use]
    pub const fn local_addr(&self) -> &Address {
        &self.local
    }

    /// Waits for the next client.
    ///
    /// # Panics
    ///
    /// Panics if no client connects within 10 s of tokio's time.
    pub async fn accept(&mut self) -> ScriptedPeer {
        match tokio::time::timeout(PATIENCE, self.peers.recv()).await {
            Ok(Some(peer)) => peer,
            Ok(None) | Err(_) => panic!("nobody connected to {} within {PATIENCE:?}", self.local),
        }
    }

    /// Returns whether a client is waiting to be accepted.
    #[must_use]
    pub fn has_client(&self) -> bool {
        !self.peers.is_empty()
    }
}

/// A command that a [`ScriptedPeer`] has received.
#[derive(Debug)]
pub struct Received<'a> {
    peer: &'a ScriptedPeer,
    command: RemotingCommand,
}

impl Received<'_> {
    /// Returns the command.
    #[must_use]
    pub const fn command(&self) -> &RemotingCommand {
        &self.command
    }

    /// Converts into the command.
    #[must_use]
    pub fn into_command(self) -> RemotingCommand {
        self.command
    }

    /// Replies with `response`. The opaque, the encoding and the response bit are set from the request. Returns the request.
    pub async fn reply(self, response: RemotingCommand) -> RemotingCommand {
        let mut response =
            response.with_opaque(self.command.opaque()).with_serialize_type(self.command.serialize_type());
        response.mark_response();
        self.peer.send(response).await;
        self.command
    }
}

/// Forwards all commands to the test.
struct Forward(mpsc::UnboundedSender<RemotingCommand>);

impl Forward {
    fn new() -> (Self, mpsc::UnboundedReceiver<RemotingCommand>) {
        let (sender, receiver) = mpsc::unbounded_channel();
        (Self(sender), receiver)
    }
}

impl InboundSink for Forward {
    fn command(&mut self, _cx: &mut SinkContext<'_>, command: RemotingCommand) {
        drop(self.0.send(command)); // a test that has dropped its peer expects nothing
    }
}
