//! What can be wrong with a frame, with a command to be sent, or with a typed header.

mod chain;
mod decode;
mod encode;
mod header;

pub use chain::ErrorChain;
pub use decode::{DecodeError, DecodeErrorKind, LookAlike};
pub use encode::EncodeError;
pub use header::HeaderError;
