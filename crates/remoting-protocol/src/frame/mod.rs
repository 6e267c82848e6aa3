//! Commands to and from frames: a length word, a header-length word with the type byte on top, header, body.

mod decode;
mod encode;
mod limits;
#[cfg(test)]
mod tests;

pub use decode::FrameDecoder;
pub use encode::{Encoded, FrameEncoder};
pub use limits::FrameLimits;

use crate::header::HEAD;

/// Bytes of the length word, which does not count itself.
const LENGTH: usize = 4;
