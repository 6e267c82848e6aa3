//! Channels.
pub use remoting_protocol as protocol;
