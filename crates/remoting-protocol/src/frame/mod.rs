//! Encoding and decoding of frames. A frame is a length word, a header-length word with the type byte in its high
//! byte, the header and the body.

mod decode;
mod encode;
mod limits;
#[cfg(test)]
mod tests;

pub use decode::FrameDecoder;
pub use encode::{Encoded, FrameEncoder};
pub use limits::FrameLimits;

use crate::header::HEAD;

/// The size of the length word in bytes. The length does not include it.
const LENGTH: usize = 4;
