//! The handlers of a name server's operations. Java: `DefaultRequestProcessor` and `ClientRequestProcessor`.

mod broker;
mod cluster;
mod config;
mod kv;
mod route;
mod topic_lists;
mod topics;

use std::io;
use std::sync::Arc;

use remoting::{Executor, ProcessorSet, Refusal, ResponseCode};

use super::state::State;

/// The executors of the handlers.
pub(super) struct Executors {
    /// Of routes: on the task of the channel, because a route is there or written in microseconds.
    pub(super) routes: Executor,
    /// Of everything else.
    pub(super) others: Executor,
}

pub(super) fn handlers(state: &Arc<State>, Executors { routes, others }: &Executors) -> ProcessorSet<State> {
    let others = || others.clone();
    ProcessorSet::with_state(Arc::clone(state))
        .handle(routes.clone(), State::get_route_info)
        .handle(others(), State::register_broker)
        .handle(others(), State::unregister_broker)
        .handle(others(), State::broker_heartbeat)
        .handle(others(), State::query_data_version)
        .handle(others(), State::wipe_write_perm_of_broker)
        .handle(others(), State::add_write_perm_of_broker)
        .handle(others(), State::get_broker_member_group)
        .handle(others(), State::get_broker_cluster_info)
        .handle(others(), State::register_topic)
        .handle(others(), State::delete_topic)
        .handle(others(), State::get_all_topic_list)
        .handle(others(), State::get_topics_by_cluster)
        .handle(others(), State::get_system_topic_list)
        .handle(others(), State::get_unit_topic_list)
        .handle(others(), State::get_has_unit_sub_topic_list)
        .handle(others(), State::get_has_unit_sub_ununit_topic_list)
        .handle(others(), State::put_kv_config)
        .handle(others(), State::get_kv_config)
        .handle(others(), State::delete_kv_config)
        .handle(others(), State::get_kv_list_by_namespace)
        .handle(others(), State::update_namesrv_config)
        .handle(others(), State::get_namesrv_config)
}

/// Refuses a request whose change could not be written to disk. The change has no effect then; Java applies it anyway.
fn not_stored(what: &'static str, error: &io::Error) -> Refusal {
    tracing::error!(%error, "cannot write {what}");
    Refusal::new(ResponseCode::SYSTEM_ERROR, format!("cannot write {what}: {error}"))
}

/// Refuses a list of topics that the configuration switches off.
fn disabled() -> Refusal {
    Refusal::new(ResponseCode::SYSTEM_ERROR, "disable")
}
