//! Commands to and from frames.

mod decode;
mod encode;
mod limits;

pub use decode::FrameDecoder;
pub use encode::FrameEncoder;
pub use limits::FrameLimits;
