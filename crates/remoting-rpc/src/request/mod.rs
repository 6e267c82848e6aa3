//! The requests of peers: what is counted and logged of them.

mod in_flight;
mod log;

pub(crate) use self::in_flight::RequestsInFlight;
pub use self::log::RequestStatistics;
pub(crate) use self::log::{Refusal, RequestLog};
