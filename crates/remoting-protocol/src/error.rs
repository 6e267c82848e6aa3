//! Errors of decoding, encoding and typed headers.

mod chain;
mod decode;
mod encode;
mod header;

pub use chain::ErrorChain;
pub use decode::{DecodeError, DecodeErrorKind, LookAlike};
pub use encode::EncodeError;
pub use header::HeaderError;
