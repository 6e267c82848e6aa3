//! Connections: what handlers, prologue steps, event listeners and networks of your own are written with.
//!
//! * A [`ChannelHandler`] sees each frame and event of a connection; a [`ChannelInitializer`] adds handlers
//!   to the [`ChannelPipeline`].
//! * A [`PrologueStep`] sees the first bytes of a connection. [`ProxyProtocol`], [`SendProxyHeader`] and
//!   [`ProtocolNegotiation`] ship.
//! * A [`Network`] dials and listens. [`SystemNetwork`] and [`MemoryNetwork`] ship.
//! * [`SocksProxies`] configures through which SOCKS5 proxies a client dials.
//!
//! The whole layer is the crate [`remoting-transport`](https://docs.rs/remoting-transport): channels without
//! a server or a client, for those who build a different RPC layer on them.

// Addresses, channels and their ends.
pub use remoting_rpc::transport::{
    Address, AddressError, AttributeKey, Attributes, Channel, ChannelError, ChannelId, ChannelOptions,
    CloseInitiator, CloseReason, OptionsError, SendError, TrySendError, WaterMark,
};
// Handlers and events.
pub use remoting_rpc::transport::{
    ChannelEvent, ChannelEventKind, ChannelEventListener, ChannelHandler, ChannelInitializer,
    ChannelPipeline, Flow, HandlerContext, IdleKind, IdleStateHandler, IdleTimeouts, Interest, PipelineError,
    UnknownIdleKind,
};
// Before the first frame.
pub use remoting_rpc::transport::{
    ClosingSignal, Connection, HTTP2_PREFACE, PROXY_HEADER, PROXY_PROTOCOL_ADDR, PROXY_PROTOCOL_PORT,
    PROXY_PROTOCOL_SERVER_ADDR, PROXY_PROTOCOL_SERVER_PORT, PrologueError, PrologueFuture, PrologueStep,
    ProtocolNegotiation, ProxyAddresses, ProxyHeader, ProxyHeaderError, ProxyProtocol, ProxyTlv,
    SendProxyHeader, Stream, Verdict, proxy_protocol_tlv,
};
// Networks, listeners and what is counted there.
pub use remoting_rpc::transport::{
    AcceptError, AcceptFailure, AcceptFuture, Acceptor, BindError, BoundListener, ConnectAttempts,
    ConnectError, ConnectionFilter, IpNet, ListenerStatistics, MemoryLink, MemoryNetwork, MemoryPipe,
    Network, NetworkFuture, SocketOptions, SocksConfigError, SocksError, SocksProxies, SocksProxy,
    SystemNetwork, TrafficDistribution, TrafficSnapshot,
};
// Bodies in files, passwords and keys.
pub use remoting_rpc::transport::{FileRegion, FileRegionError, Secret};
