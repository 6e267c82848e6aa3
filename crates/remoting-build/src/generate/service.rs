use std::collections::HashMap;

use prost_build::{Comments, Method, Service};

use super::Style;
use crate::definition::{Kind, module_name};

/// What code is generated from: a service with the methods that it has in Rust.
pub(super) struct ServiceCode<'a> {
    /// The name in Rust.
    pub(super) name: &'a str,
    pub(super) full_name: String,
    /// The name of the module of constants.
    pub(super) constants: String,
    pub(super) comments: &'a Comments,
    /// Methods of the trait that knows no protocol.
    pub(super) methods: Vec<MethodCode<'a>>,
    /// The path of the run time.
    pub(super) runtime: &'a str,
    /// The type parameter that stands for an implementation.
    pub(super) parameter: &'static str,
}

/// A method without streams.
pub(super) struct MethodCode<'a> {
    pub(super) method: &'a Method,
    pub(super) kind: Kind,
}

impl<'a> ServiceCode<'a> {
    pub(super) fn new(service: &'a Service, kinds: &HashMap<String, Kind>, style: &'a Style) -> Self {
        let methods = service.methods.iter().filter(|method| !has_stream(method)).filter_map(|method| {
            let kind = *kinds.get(&method.proto_name)?;
            (style.tonic || kind != Kind::GrpcOnly).then_some(MethodCode { method, kind })
        });
        Self {
            name: &service.name,
            full_name: full_name(service),
            constants: format!("{}_methods", module_name(&service.name)),
            comments: &service.comments,
            methods: methods.collect(),
            runtime: &style.runtime,
            parameter: parameter(service),
        }
    }

    /// Returns the methods that can be called over remoting.
    pub(super) fn over_remoting(&self) -> impl Iterator<Item = &MethodCode<'a>> {
        self.methods.iter().filter(|method| method.kind != Kind::GrpcOnly)
    }
}

impl MethodCode<'_> {
    /// Returns the name of the method's constant.
    pub(super) fn constant(&self) -> String {
        self.method.name.trim_start_matches("r#").to_uppercase()
    }

    pub(super) fn is_oneway(&self) -> bool {
        matches!(self.kind, Kind::Oneway { .. })
    }
}

/// Returns a name that neither the service nor a message of its methods has. Names of prost have no underscore at the end,
/// except for `Self_`.
fn parameter(service: &Service) -> &'static str {
    let types = service.methods.iter().flat_map(|method| [&method.input_type, &method.output_type]);
    if types.chain([&service.name]).any(|name| name == "T") { "T_" } else { "T" }
}

/// Returns whether a method takes or returns a stream.
pub(super) fn has_stream(method: &Method) -> bool {
    method.client_streaming || method.server_streaming
}

/// Returns the full name of a service in protobuf.
pub(super) fn full_name(service: &Service) -> String {
    if service.package.is_empty() {
        service.proto_name.clone()
    } else {
        format!("{}.{}", service.package, service.proto_name)
    }
}
