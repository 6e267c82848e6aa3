//! The services of the compiled files, as they are called over remoting.

mod codes;
mod marks;
mod names;
mod settings;

use std::collections::{BTreeSet, HashMap};

use protox::Compiler;
use protox::prost_reflect::{MethodDescriptor, ServiceDescriptor};

use self::codes::Codes;
use self::marks::{Marks, Options};
pub(crate) use self::names::module_name;
pub(crate) use self::settings::Settings;
use crate::error::Error;
use crate::fault::Fault;

/// The services of the files that were listed; not those of imported files.
pub(crate) struct Definitions {
    /// By the full name of the service, then by the name of the method.
    services: HashMap<String, HashMap<String, Kind>>,
    packages: BTreeSet<String>,
}

/// How a method is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Over remoting and gRPC, with a response.
    Unary { code: i32 },
    /// Over remoting without a response, and over gRPC.
    Oneway { code: i32 },
    /// Over gRPC only.
    GrpcOnly,
}

impl Definitions {
    /// Reads how methods are called. `tonic`: whether names for tonic's code are needed.
    pub(crate) fn read(compiler: &Compiler, settings: &Settings, tonic: bool) -> Result<Self, Error> {
        let pool = compiler.descriptor_pool();
        let listed: Vec<_> = compiler.files().filter(|file| !file.is_import()).collect();
        let listed = listed.iter().filter_map(|file| pool.get_file_by_name(file.name()));
        let services: Vec<_> = listed.flat_map(|file| file.services().collect::<Vec<_>>()).collect();
        let methods: Vec<_> = services.iter().flat_map(ServiceDescriptor::methods).collect();

        let mut faults = settings.unknown_methods(&methods);
        names::check(&pool, &services, tonic, &mut faults);
        let options = Options::of(&pool);
        let mut codes = Codes::collect(&methods, &options, settings, &mut faults);
        let mut definitions = Self { services: HashMap::new(), packages: BTreeSet::new() };
        for service in &services {
            let mut kinds = HashMap::new();
            for method in service.methods() {
                match kind(&method, &mut codes, &options.marks(&method, settings)) {
                    Ok(kind) => _ = kinds.insert(method.name().to_owned(), kind),
                    Err(fault) => faults.push(fault),
                }
            }
            definitions.packages.insert(service.package_name().to_owned());
            definitions.services.insert(service.full_name().to_owned(), kinds);
        }
        if faults.is_empty() { Ok(definitions) } else { Err(Error::Methods(faults)) }
    }

    /// Returns how the methods of a service are called, or `None` if it is that of an imported file.
    pub(crate) fn service(&self, full_name: &str) -> Option<&HashMap<String, Kind>> {
        self.services.get(full_name)
    }

    /// Returns the packages with services.
    pub(crate) fn packages(&self) -> impl Iterator<Item = &str> {
        self.packages.iter().map(String::as_str)
    }
}

/// Decides how a method is called.
fn kind(method: &MethodDescriptor, codes: &mut Codes, marks: &Marks) -> Result<Kind, Fault> {
    let name = || method.full_name().to_owned();
    let code = codes.code_of(method.full_name());
    if marks.grpc_only {
        let contradiction = match code {
            Some(_) => "a request code",
            None if marks.oneway => "oneway",
            None => return Ok(Kind::GrpcOnly),
        };
        return Err(Fault::GrpcOnly { method: name(), contradiction });
    }
    if method.is_client_streaming() || method.is_server_streaming() {
        return Err(Fault::Streaming { method: name() });
    }
    let response = method.output();
    if marks.oneway && response.full_name() != "google.protobuf.Empty" {
        let response = response.full_name().to_owned();
        return Err(Fault::OnewayWithResponse { method: name(), response });
    }
    match code {
        None => Err(Fault::MissingCode { method: name(), free: codes.take_free() }),
        Some(code) if marks.oneway => Ok(Kind::Oneway { code }),
        Some(code) => Ok(Kind::Unary { code }),
    }
}
