//! The handlers of a broker double.

mod groups;
mod offsets;
mod pull;
mod send;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use remoting::{Address, Executor, ProcessorSet};

use super::state::BrokerState;

/// How many requests may be in progress, pulls that wait included.
const MAX_REQUESTS: usize = 10_000;

pub(super) fn handlers(state: &Arc<BrokerState>) -> ProcessorSet<BrokerState> {
    let executor = Executor::runtime(MAX_REQUESTS);
    let executor = || executor.clone();
    ProcessorSet::with_state(Arc::clone(state))
        .handle(executor(), BrokerState::send_message)
        .handle(executor(), BrokerState::send_message_v2)
        .handle(executor(), BrokerState::send_batch_message)
        .handle(executor(), BrokerState::pull_message)
        .handle(executor(), BrokerState::query_consumer_offset)
        .handle(executor(), BrokerState::update_consumer_offset)
        .handle(executor(), BrokerState::search_offset)
        .handle(executor(), BrokerState::get_max_offset)
        .handle(executor(), BrokerState::get_min_offset)
        .handle(executor(), BrokerState::heart_beat)
        .handle(executor(), BrokerState::unregister_client)
        .handle(executor(), BrokerState::get_consumer_list_by_group)
}

/// Returns the address as stored messages have it. One in memory has no number.
fn host(address: Option<&Address>) -> SocketAddr {
    address.and_then(Address::as_socket).unwrap_or_else(|| (Ipv4Addr::LOCALHOST, 0).into())
}
