//! Typed handlers of operations.
//!
//! A handler is an async method of a state object: it borrows the state, takes the [`Request`] of one
//! [`Operation`](remoting_transport::protocol::operation::Operation), and returns the content of its response.
//! [`ProcessorSet::handle`](crate::ProcessorSet::handle) makes a processor of it.

mod handler;
mod output;
mod processor;
mod reply;
mod request;
mod responder;
mod set;

pub use self::handler::OperationHandler;
pub use self::output::{HandlerOutput, IntoReply};
use self::processor::OperationProcessor;
pub use self::reply::TypedReply;
pub use self::request::Request;
pub use self::responder::TypedResponder;
