//! What can be wrong with a frame, with a command to be sent, or with a typed header; and responses that are errors.

mod chain;
mod decode;
mod encode;
mod header;
mod response;

pub use chain::ErrorChain;
pub use decode::{DecodeError, DecodeErrorKind, LookAlike};
pub use encode::EncodeError;
pub use header::HeaderError;
pub use response::ResponseError;
