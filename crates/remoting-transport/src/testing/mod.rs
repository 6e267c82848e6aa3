//! Test doubles: a channel without a socket.

mod embedded;
mod wire;

pub use self::embedded::EmbeddedChannel;
