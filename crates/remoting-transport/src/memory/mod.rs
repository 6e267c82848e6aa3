//! Connections within this process: two pipes of a bounded size.

mod pipe;
mod stream;

pub use self::pipe::MemoryPipe;
pub(crate) use self::stream::MemoryStream;
