//! Services over remoting, on the answering side.

mod answer;
mod handler;
mod processors;

#[cfg(feature = "tonic")]
pub(crate) use self::answer::timed_out;
pub use self::handler::MethodHandler;
pub use self::processors::ServiceProcessors;
