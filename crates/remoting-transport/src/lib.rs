//! Netty-style channels for Apache RocketMQ remoting.
#![forbid(unsafe_code)]

pub use remoting_protocol as protocol;

mod address;
mod bootstrap;
mod channel;
mod connector;
mod core;
mod driver;
mod error;
mod event;
mod handler;
mod listener;
mod memory;
mod options;
mod pipeline;
mod prologue;
mod sink;
mod socket;
mod stream;

#[cfg(any(test, feature = "testing"))]
pub use self::pipeline::embedded::EmbeddedChannel;
pub use self::{
    address::{Address, AddressError},
    bootstrap::Bootstrap,
    channel::{
        AttributeKey, Attributes, Channel, ChannelId, CloseInitiator, CloseReason, SendError, TrySendError,
    },
    connector::connect,
    driver::ChannelDriver,
    error::{BindError, ChannelError, ConnectError, PrologueError},
    event::{
        ChannelEvent, ChannelEventKind, ChannelEventListener, EventReceiver, EventSender, channel_events,
    },
    handler::{
        ConnectionEventsHandler, IdleStateHandler, IdleTimeouts, TrafficDistribution,
        TrafficDistributionHandler, TrafficSnapshot,
    },
    listener::{Listener, ListenerStatistics},
    options::{ChannelOptions, ListenerOptions, OptionsError, SocketOptions, WaterMark},
    pipeline::{
        ChannelHandler, ChannelInitializer, ChannelPipeline, Flow, HandlerContext, IdleKind, PipelineError,
    },
    prologue::{Connection, PrologueFuture, PrologueStep},
    sink::{InboundSink, SinkContext, UnencodableCommand},
    stream::{BoxableIo, Stream},
};
