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

/// How long a peer waits for what it expects.
const PATIENCE: Duration = Duration::from_secs(10);

/// The other end of a connection, in the hands of a test. It answers nothing by itself.
///
/// # Panics
///
/// Its methods panic when what comes is not what the script says, as a test's assertions do. They wait 10 s of
/// tokio's time for it.
pub struct ScriptedPeer {
    channel: Channel,
    inbound: mpsc::UnboundedReceiver<RemotingCommand>,
    _abort: Option<AbortOnDrop>,
}

/// Ends the tasks of a peer or listener with it.
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
    /// When nobody listens there.
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
    /// When nobody listens there.
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
    /// When the address cannot be bound.
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
    /// When the address cannot be bound.
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

    /// Sends a command as it is.
    pub async fn send(&self, command: RemotingCommand) {
        if let Err(error) = self.channel.send(command).await {
            panic!("the scripted peer cannot send: {error}");
        }
    }

    /// Waits for the next command, which must be as expected.
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

    /// Waits for the end of the channel, before which nothing more may come.
    pub async fn expect_closed(&mut self) -> CloseReason {
        match tokio::time::timeout(PATIENCE, self.inbound.recv()).await {
            Ok(None) => self.channel.closed().await,
            Ok(Some(command)) => panic!("expected the channel to close, but {command:?} came"),
            Err(_elapsed) => panic!("expected the channel to close, but it did not within {PATIENCE:?}"),
        }
    }

    /// Whether a command has come that was not expected yet.
    pub fn has_received(&self) -> bool {
        !self.inbound.is_empty()
    }

    /// This end of the connection.
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

/// A server whose connections a test plays. Dropping it closes it and cuts them.
#[derive(Debug)]
pub struct PeerListener {
    local: Address,
    peers: mpsc::UnboundedReceiver<ScriptedPeer>,
    _abort: AbortOnDrop,
}

impl PeerListener {
    /// Where it listens.
    #[must_use]
    pub const fn local_addr(&self) -> &Address {
        &self.local
    }

    /// The next client.
    ///
    /// # Panics
    ///
    /// When none comes within 10 s of tokio's time.
    pub async fn accept(&mut self) -> ScriptedPeer {
        match tokio::time::timeout(PATIENCE, self.peers.recv()).await {
            Ok(Some(peer)) => peer,
            Ok(None) | Err(_) => panic!("nobody connected to {} within {PATIENCE:?}", self.local),
        }
    }

    /// Whether a client is waiting to be accepted.
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
    /// The command.
    #[must_use]
    pub const fn command(&self) -> &RemotingCommand {
        &self.command
    }

    /// The command, to keep.
    #[must_use]
    pub fn into_command(self) -> RemotingCommand {
        self.command
    }

    /// Answers it: `response` with its opaque, its encoding and the response bit.
    pub async fn reply(self, response: RemotingCommand) -> RemotingCommand {
        let mut response =
            response.with_opaque(self.command.opaque()).with_serialize_type(self.command.serialize_type());
        response.mark_response();
        self.peer.send(response).await;
        self.command
    }
}

/// Hands all commands to the test.
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
