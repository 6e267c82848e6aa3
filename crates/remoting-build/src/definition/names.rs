//! The names in Rust of what is generated for services, against those of messages and other services.

use std::collections::HashMap;

use protox::prost_reflect::{DescriptorPool, ServiceDescriptor};

use crate::fault::Fault;

/// What follows the name of a service in the names of what is generated from it.
const SUFFIXES: [&str; 3] = ["", "Server", "Client"];
const SUFFIXES_OF_TONIC: [&str; 2] = ["Grpc", "Streaming"];

/// Adds a fault for each name that two things in a package have.
pub(super) fn check(
    pool: &DescriptorPool,
    services: &[ServiceDescriptor],
    tonic: bool,
    faults: &mut Vec<Fault>,
) {
    let mut taken: HashMap<(String, String), String> = HashMap::new();
    for file in pool.files() {
        let messages = file.messages().map(|message| message.full_name().to_owned());
        let enums = file.enums().map(|of| of.full_name().to_owned());
        for full_name in messages.chain(enums) {
            let name = full_name.rsplit('.').next().unwrap_or(&full_name).to_owned();
            taken.insert((file.package_name().to_owned(), camel(&name)), full_name);
        }
    }
    let of_tonic: &[&str] = if tonic { &SUFFIXES_OF_TONIC } else { &[] };
    for service in services {
        for suffix in SUFFIXES.iter().chain(of_tonic) {
            let name = format!("{}{suffix}", camel(service.name()));
            let key = (service.package_name().to_owned(), name.clone());
            let full_name = service.full_name().to_owned();
            if let Some(other) = taken.insert(key, full_name.clone()) {
                faults.push(Fault::NameTaken { service: full_name, name, other });
            }
        }
    }
}

/// The name of a type in Rust, for names that follow protobuf's style; others are compared as they are.
fn camel(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
