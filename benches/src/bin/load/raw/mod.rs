//! The limit: epoll by hand, one read for all that has arrived, one write for each read, no RPC.
//! A frame is a length word and a body.

mod client;
mod conversation;
mod server;

pub(crate) use self::client::make_load;
pub(crate) use self::conversation::{Conversation, frame};
pub(crate) use self::server::serve;

/// The size of a read, in bytes.
pub(crate) const READ_BUFFER: usize = 64 << 10;
