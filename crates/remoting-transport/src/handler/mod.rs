//! The handlers that this crate ships. The channel treats them like handlers of a user.

mod connection_events;
mod idle_state;
mod traffic;

pub use self::{
    connection_events::ConnectionEventsHandler,
    idle_state::{IdleStateHandler, IdleTimeouts},
    traffic::{TrafficDistribution, TrafficDistributionHandler, TrafficSnapshot},
};
