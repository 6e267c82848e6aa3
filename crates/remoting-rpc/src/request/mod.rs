//! Bookkeeping for the requests of peers: facts, counters and logs.

mod in_flight;
mod info;
mod log;

pub(crate) use self::in_flight::RequestsInFlight;
pub(crate) use self::info::RequestInfo;
pub use self::log::RequestStatistics;
pub(crate) use self::log::{DispatchError, RequestLog};
