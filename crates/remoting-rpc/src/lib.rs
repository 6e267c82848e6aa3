//! Calls.
pub use remoting_transport as transport;
