//! The handlers that ship. They are handlers like any user's: nothing in the channel knows them.

mod connection_events;
mod idle_state;
mod traffic;

pub use self::{
    connection_events::ConnectionEventsHandler,
    idle_state::{IdleStateHandler, IdleTimeouts},
    traffic::{TrafficDistribution, TrafficDistributionHandler, TrafficSnapshot},
};
