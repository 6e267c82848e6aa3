//! Deadlines of calls.

mod policy;
mod timeout;
mod until;

pub use self::policy::DeadlinePolicy;
pub(crate) use self::timeout::{GRPC_TIMEOUT, parse, text};
pub(crate) use self::until::Until;
