use std::collections::HashMap;

use prost_build::{Comments, Method, Service};

use super::Style;
use crate::definition::Kind;

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

/// Returns the name of a service in the names of modules, as tonic writes it: an underscore before each capital letter but
/// the first.
pub(super) fn module_name(name: &str) -> String {
    let mut module = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !module.is_empty() {
            module.push('_');
        }
        module.extend(letter.to_lowercase());
    }
    module
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_are_named_as_tonic_names_them() {
        assert_eq!(module_name("Greeter"), "greeter");
        assert_eq!(module_name("KVStore"), "k_v_store");
    }
}
