//! Doubles that stand in for a layer in your tests.
//!
//! | double | stands in for |
//! |---|---|
//! | [`ScriptedPeer`] | the other side of a connection: a broker that never answers, a client that disconnects |
//! | [`MemoryNetwork`], [`MemoryLink`] | the network, and the cable in a test's hand |
//! | [`EmbeddedChannel`] | a connection, for tests of a [`ChannelHandler`](crate::ChannelHandler) |
//!
//! The guide has [a page on testing](crate::guide::testing).

pub use remoting_rpc::testing::{
    Expectation, PeerListener, Received, ScriptedPeer, any, ok, oneway, request, response,
};
pub use remoting_rpc::transport::{EmbeddedChannel, MemoryLink, MemoryNetwork, MemoryPipe};
