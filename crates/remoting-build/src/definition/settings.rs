use protox::prost_reflect::MethodDescriptor;

use crate::fault::Fault;

/// What a build script says about methods, which have their full names.
#[derive(Debug, Default)]
pub(crate) struct Settings {
    pub(crate) codes: Vec<(String, i32)>,
    pub(crate) oneway: Vec<String>,
    pub(crate) grpc_only: Vec<String>,
    pub(crate) allow_rocketmq_codes: bool,
}

impl Settings {
    /// Returns a fault for each name that no method has.
    pub(super) fn unknown_methods(&self, methods: &[MethodDescriptor]) -> Vec<Fault> {
        let codes = self.codes.iter().map(|(name, _)| ("codes", name));
        let oneway = self.oneway.iter().map(|name| ("oneway", name));
        let grpc_only = self.grpc_only.iter().map(|name| ("grpc_only", name));
        let named = codes.chain(oneway).chain(grpc_only);
        let unknown = named.filter(|(_, name)| !methods.iter().any(|method| method.full_name() == *name));
        let known = || methods.iter().map(MethodDescriptor::full_name).collect::<Vec<_>>().join(", ");
        unknown
            .map(|(setting, name)| Fault::UnknownMethod { setting, method: name.clone(), known: known() })
            .collect()
    }
}
