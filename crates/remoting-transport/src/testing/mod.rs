//! Doubles for tests: a channel without a socket.

mod embedded;

pub use self::embedded::EmbeddedChannel;
