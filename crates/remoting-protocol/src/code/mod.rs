//! Request and response codes: open newtypes around the number on the wire.

mod macros;
mod request;
mod response;

pub use request::RequestCode;
pub use response::ResponseCode;

#[cfg(test)]
mod tests;
