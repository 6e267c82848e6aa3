//! Connections within this process: two bounded pipes.

mod pipe;
mod stream;

pub use self::pipe::MemoryPipe;
pub(crate) use self::stream::MemoryStream;
