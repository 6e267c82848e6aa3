//! Name servers: calls to any of them, and the probe of their availability.

mod failover;
mod probe;
mod search;
mod text;

pub(super) use self::probe::probe;
pub use self::text::ToNameServers;
