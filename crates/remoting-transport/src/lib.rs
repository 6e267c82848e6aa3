//! Netty-style channels for Apache RocketMQ remoting.
//!
//! ```text
//!        once per connection                          for each frame
//!  accept ─► prologue steps ─┐    bytes ─► decoder ─► handlers 0..n ─► InboundSink (the layer above)
//!  dial   ─► prologue steps ─┴─►                                            │
//!                                 bytes ◄─ encoder ◄─ handlers n..0 ◄───────┴── Channel::send (any task)
//! ```
//!
//! * A [`Channel`] is a handle that any task may hold. It only enqueues commands. One task owns the socket and the
//!   pipeline: the [`ChannelDriver`], which runs a state machine without I/O or clock.
//! * A pipeline is a named, ordered list of [`ChannelHandler`]s. A [`ChannelInitializer`] builds it, and it does not
//!   change afterwards. This crate ships [`IdleStateHandler`], [`ConnectionEventsHandler`] and
//!   [`TrafficDistributionHandler`].
//! * A [`PrologueStep`] runs before the first frame. It may wrap the stream, reject the connection or claim it. This
//!   crate ships [`ProxyProtocol`], [`SendProxyHeader`], [`ProtocolNegotiation`] and, with the feature `tls`, TLS.
//!   Connections may be dialled through [`SocksProxies`].
//! * A [`Network`] dials and listens. [`SystemNetwork`] supports TCP, Unix-domain sockets and an in-memory transport,
//!   selected by the [`Address`]. [`MemoryNetwork`] is a complete network in memory, for tests.
//! * Channels are tasks of the runtime, or run on the threads of an [`EventLoopGroup`].
//! * A body may be a [`FileRegion`], which plain TCP sends without reading it into memory.
//! * Everything that waits is bounded: bytes by [`WaterMark`], events by [`channel_events`], connections by
//!   [`ListenerOptions::max_connections`], the size and time of a frame by [`ChannelOptions`].
//!
//! This layer handles frames and channels. It does not match responses with requests, and does not interpret request
//! codes. The sink does both.
//!
//! An echo server and its client, in memory:
//!
//! ```
//! use std::time::Duration;
//! use remoting_transport::{
//!     Address, Bootstrap, Channel, ChannelOptions, ConnectOptions, InboundSink, Listener,
//!     ListenerOptions, SinkContext, TaskGroup,
//!     protocol::{ErrorChain, RemotingCommand, RequestCode},
//! };
//!
//! /// Sends each command back.
//! struct Echo;
//!
//! impl InboundSink for Echo {
//!     fn command(&mut self, cx: &mut SinkContext<'_>, mut command: RemotingCommand) {
//!         if let Err(error) = cx.write(&mut command) {
//!             eprintln!("not sent: {}", ErrorChain(&error));
//!         }
//!     }
//! }
//!
//! /// Passes each command to a task.
//! struct Deliver(tokio::sync::mpsc::Sender<RemotingCommand>);
//!
//! impl InboundSink for Deliver {
//!     fn command(&mut self, _: &mut SinkContext<'_>, command: RemotingCommand) {
//!         let _ = self.0.try_send(command);
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let address = Address::memory("echo");
//! let bootstrap = Bootstrap::new(ChannelOptions::default());
//! let tasks = TaskGroup::new();
//!
//! let listener = Listener::bind(&address, ListenerOptions::default()).await?;
//! let accepting = tokio::spawn(listener.serve(
//!     bootstrap.clone(),
//!     |_: &Channel| Box::new(Echo),
//!     tasks.clone(),
//! ));
//!
//! let (sender, mut receiver) = tokio::sync::mpsc::channel(1);
//! let options = ConnectOptions::default();
//! let connection = bootstrap.connect(&address, &options, Duration::from_secs(1)).await?;
//! let opened = bootstrap.open(connection)?;
//! let channel = opened.channel().clone();
//! let driving = tokio::spawn(opened.drive(Deliver(sender)));
//!
//! channel.send(RemotingCommand::request(RequestCode(7)).with_body("hello")).await?;
//! assert_eq!(receiver.recv().await.unwrap().body(), b"hello");
//!
//! channel.close(remoting_transport::CloseReason::local("done"));
//! println!("the channel is {}", driving.await?);
//! accepting.abort();
//! tasks.abort();
//! tasks.ended().await;
//! # Ok(())
//! # }
//! ```
//!
//! # Features
//!
//! All features are additive and off by default.
//!
//! * `socks`: dialling through [`SocksProxies`].
//! * `tls`: the module `tls`, built on rustls.
//! * `tls-encrypted-keys`: private keys that are encrypted with a password.
//! * `tls-watch`: changed certificate files are reloaded at once, through notifications of the operating system. Without
//!   this feature they are checked every ten seconds.
//! * `tls-self-signed`: servers that create their own certificate, for tests.
//! * `prost`: bodies that are protobuf messages.
//! * `testing`: `EmbeddedChannel`.
#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))] // docs.rs shows the feature of each item

pub use ipnet::IpNet;
pub use remoting_protocol as protocol;

mod address;
mod bootstrap;
mod channel;
mod connection;
mod connector;
mod driver;
mod event;
mod event_loop;
mod file_region;
mod handler;
mod listener;
mod log_limiter;
mod machine;
mod memory;
mod network;
mod panic;
mod pipeline;
mod prologue;
mod secret;
mod socket;
mod socks;
mod stream;
mod task_group;
#[cfg(any(test, feature = "testing"))]
mod testing;
#[cfg(feature = "tls")]
pub mod tls;

#[cfg(any(test, feature = "testing"))]
pub use self::testing::EmbeddedChannel;
pub use self::{
    address::{Address, AddressError},
    bootstrap::{Bootstrap, ConnectionFilter, NewChannel},
    channel::{
        Channel, ChannelError, ChannelId, ChannelOptions, ChannelWaker, CloseInitiator, CloseReason,
        OptionsError, SendError, TrySendError, WaterMark,
    },
    connection::{AttributeKey, Attributes, ClosingSignal, Connection},
    connector::{ConnectError, ConnectOptions, SocksError, connect},
    driver::ChannelDriver,
    event::{
        ChannelEvent, ChannelEventKind, ChannelEventListener, EventReceiver, EventSender, channel_events,
    },
    event_loop::EventLoopGroup,
    file_region::{FileRegion, FileRegionError},
    handler::{
        ConnectionEventsHandler, IdleStateHandler, IdleTimeouts, TrafficDistribution,
        TrafficDistributionHandler, TrafficSnapshot,
    },
    listener::{AcceptError, BindError, Listener, ListenerOptions, ListenerStatistics},
    machine::{InboundSink, SinkContext, UnencodableCommand},
    memory::MemoryPipe,
    network::{
        AcceptFailure, AcceptFuture, Acceptor, BoundListener, ConnectAttempts, MemoryLink, MemoryNetwork,
        Network, NetworkFuture, SystemNetwork,
    },
    pipeline::{
        ChannelHandler, ChannelInitializer, ChannelPipeline, Flow, HandlerContext, IdleKind, Interest,
        PipelineError, UnknownIdleKind,
    },
    prologue::{
        HTTP2_PREFACE, PROXY_HEADER, PROXY_PROTOCOL_ADDR, PROXY_PROTOCOL_PORT, PROXY_PROTOCOL_SERVER_ADDR,
        PROXY_PROTOCOL_SERVER_PORT, PrologueError, PrologueFuture, PrologueStep, ProtocolNegotiation,
        ProxyAddresses, ProxyHeader, ProxyHeaderError, ProxyProtocol, ProxyTlv, SendProxyHeader, Verdict,
        proxy_protocol_tlv,
    },
    secret::Secret,
    socket::SocketOptions,
    socks::{SocksConfigError, SocksProxies, SocksProxy},
    stream::Stream,
    task_group::TaskGroup,
};

// For `remoting-rpc`, which calls user code and limits its logs in the same way. Not part of the stable API.
#[doc(hidden)]
pub use self::{
    log_limiter::{LogAdmission, LogLimiter, SuppressedEvents},
    panic::{catch_panic, poll_catching_panic},
};

/// Compiles and runs the README's example as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
