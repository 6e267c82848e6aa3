//! The names in Rust of what is generated for services, against those of messages and other services.

use std::collections::HashMap;

use heck::{ToSnakeCase as _, ToUpperCamelCase as _};
use protox::prost_reflect::{DescriptorPool, MessageDescriptor, ServiceDescriptor};

use crate::fault::Fault;

/// What follows the name of a service in the names of the types that are generated from it.
const SUFFIXES: [&str; 3] = ["", "Server", "Client"];
const SUFFIXES_OF_TONIC: [&str; 2] = ["Grpc", "Streaming"];
/// What follows the name of a service in the names of the modules that are generated from it.
const MODULES: [&str; 1] = ["_methods"];
const MODULES_OF_TONIC: [&str; 2] = ["_server", "_client"];

/// Adds a fault for each name that two things in a package have. Types and modules share their names in Rust.
pub(super) fn check(
    pool: &DescriptorPool,
    services: &[ServiceDescriptor],
    tonic: bool,
    faults: &mut Vec<Fault>,
) {
    let mut taken: HashMap<(String, String), String> = HashMap::new();
    for file in pool.files() {
        let package = file.package_name();
        for message in file.messages() {
            let (name, full_name) = (message.name(), message.full_name());
            if has_module(&message) {
                taken.insert((package.to_owned(), name.to_snake_case()), full_name.to_owned());
            }
            taken.insert((package.to_owned(), type_name(name)), full_name.to_owned());
        }
        for of in file.enums() {
            taken.insert((package.to_owned(), type_name(of.name())), of.full_name().to_owned());
        }
    }
    for service in services {
        for name in generated(&type_name(service.name()), tonic) {
            let key = (service.package_name().to_owned(), name.clone());
            let full_name = service.full_name().to_owned();
            if let Some(other) = taken.insert(key, full_name.clone()) {
                faults.push(Fault::NameTaken { service: full_name, name, other });
            }
        }
    }
}

/// The names of what is generated from a service.
fn generated(service: &str, tonic: bool) -> Vec<String> {
    let types = SUFFIXES.iter().chain(tonic.then_some(&SUFFIXES_OF_TONIC).into_iter().flatten());
    let modules = MODULES.iter().chain(tonic.then_some(&MODULES_OF_TONIC).into_iter().flatten());
    let module = module_name(service);
    let types = types.map(|suffix| format!("{service}{suffix}"));
    types.chain(modules.map(|suffix| format!("{module}{suffix}"))).collect()
}

/// Whether prost generates a module for what is inside a message.
fn has_module(message: &MessageDescriptor) -> bool {
    message.child_messages().any(|child| !child.is_map_entry())
        || message.child_enums().len() > 0
        || message.oneofs().any(|oneof| !oneof.is_synthetic())
}

/// The name of a type in Rust, as prost writes it.
fn type_name(name: &str) -> String {
    match name.to_upper_camel_case() {
        name if name == "Self" => "Self_".to_owned(),
        name => name,
    }
}

/// Returns the name of a service in the names of modules, as tonic writes it: an underscore before each capital letter but
/// the first.
pub(crate) fn module_name(name: &str) -> String {
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
