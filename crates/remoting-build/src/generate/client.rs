//! The client of a service.

use super::documented::documentation;
use super::service::{MethodCode, ServiceCode};
use super::template::fill;

const CLIENT: &str = r#"
/// Calls a [`$Service`]: at an address over remoting, over a channel of remoting, or over gRPC.
#[derive(Clone, Debug)]
pub struct $ServiceClient {
    caller: $rt::Caller,
}

impl $ServiceClient {
    /// Creates a client that calls a target or a channel of remoting, or a channel of gRPC. A
    /// [`Caller`]($rt::Caller) can also be a tower service, or add metadata to each call.
    pub fn new(caller: impl ::std::convert::Into<$rt::Caller>) -> Self {
        Self { caller: caller.into() }
    }

    /// Sets the time-out of calls, which is sent with each.
    #[must_use]
    pub fn timeout(self, timeout: ::std::time::Duration) -> Self {
        Self { caller: self.caller.timeout(timeout) }
    }

    $methods
}
"#;

/// The methods of every client.
const TAKEN: [&str; 2] = ["new", "timeout"];

pub(super) fn write(service: &ServiceCode<'_>, code: &mut String) {
    let methods: String = service.methods.iter().map(|method| call(method, service)).collect();
    code.push_str(&fill(
        CLIENT,
        &[("Service", service.name), ("rt", service.runtime), ("methods", &methods)],
    ));
}

fn call(method: &MethodCode<'_>, service: &ServiceCode<'_>) -> String {
    let described = method.method;
    let deprecated = if described.options.deprecated() { "#[deprecated]\n" } else { "" };
    let output = if method.is_oneway() { "()" } else { &described.output_type };
    let name = match &*described.name {
        name if TAKEN.contains(&name) => format!("{name}_"),
        name => name.to_owned(),
    };
    let signature = fill(
        "pub fn $name(&self, request: &$request) -> $rt::ServiceCall<$output> {\n\
         self.caller.call($constants::$CONSTANT, request)\n\
         }\n\n",
        &[
            ("name", &name),
            ("rt", service.runtime),
            ("request", &described.input_type),
            ("output", output),
            ("constants", &service.constants),
            ("CONSTANT", &method.constant()),
        ],
    );
    format!("{}{deprecated}{signature}", documentation(&described.comments))
}
