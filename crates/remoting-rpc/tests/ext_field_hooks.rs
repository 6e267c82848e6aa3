//! The hooks of Java clients that add ext fields.

#![expect(clippy::unwrap_used, reason = "a test fails by a panic")]

use remoting_rpc::transport::Address;
use remoting_rpc::transport::protocol::{RemotingCommand, RequestCode};
use remoting_rpc::{Extensions, HookContext, NamespaceHook, RpcHook, StreamTypeHook, ZoneHook};

fn fields_after(hook: &dyn RpcHook, mut request: RemotingCommand) -> Vec<(String, String)> {
    let peer: Address = "memory:peer".parse().unwrap();
    let mut extensions = Extensions::new();
    hook.before_request(&mut HookContext::new(&peer, &mut extensions), &mut request).unwrap();
    let fields = request.ext_fields().into_iter().flatten();
    fields.map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
}

fn fields<const N: usize>(expected: [(&str, &str); N]) -> Vec<(String, String)> {
    expected.map(|(key, value)| (key.to_owned(), value.to_owned())).to_vec()
}

fn bare() -> RemotingCommand {
    RemotingCommand::request(RequestCode::GET_BROKER_CLUSTER_INFO)
}

fn with_header() -> RemotingCommand {
    RemotingCommand::request(RequestCode::GET_ROUTEINFO_BY_TOPIC).with_ext_field("topic", "T").unwrap()
}

#[test]
fn a_zone_is_sent_by_name_and_mode() {
    let hook = ZoneHook::new("z1").with_mode("true");
    assert_eq!(fields_after(&hook, bare()), fields([("__ZONE_NAME", "z1"), ("__ZONE_MODE", "true")]));
    assert_eq!(fields_after(&ZoneHook::new("z1"), bare()), fields([("__ZONE_NAME", "z1")]));
}

#[test]
fn a_blank_zone_is_none() {
    for hook in [ZoneHook::default(), ZoneHook::new(" ").with_mode("")] {
        assert_eq!(fields_after(&hook, bare()), fields([]));
    }
}

#[test]
fn a_zone_is_read_from_javas_properties_before_its_variables() {
    let both = |name: &str| match name {
        "rocketmq.zone" => Some("property".to_owned()),
        "ROCKETMQ_ZONE" | "ROCKETMQ_ZONE_MODE" => Some("variable".to_owned()),
        _ => None,
    };
    assert_eq!(ZoneHook::from_properties(both), ZoneHook::new("property").with_mode("variable"));
    assert_eq!(ZoneHook::from_properties(|_| None), ZoneHook::default());
}

#[test]
fn a_stream_request_says_so() {
    assert_eq!(fields_after(&StreamTypeHook, bare()), fields([("ReqT", "0")]));
}

#[test]
fn a_namespace_is_sent_in_requests_that_have_a_header() {
    let hook = NamespaceHook::new("tenant");
    assert_eq!(
        fields_after(&hook, with_header()),
        fields([("topic", "T"), ("nsd", "true"), ("ns", "tenant")])
    );
    assert_eq!(fields_after(&hook, bare()), fields([]));
    assert_eq!(fields_after(&NamespaceHook::new(""), with_header()), fields([("topic", "T")]));
}
