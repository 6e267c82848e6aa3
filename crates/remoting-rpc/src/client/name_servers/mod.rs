//! Name servers: calls to whichever of them answers, and the probe of which are there.

mod failover;
mod probe;
mod search;
mod text;

pub(super) use self::probe::probe;
pub use self::text::ToNameServers;
