//! The code of services, as text, which prost formats together with the messages.

mod client;
mod documented;
#[cfg(feature = "tonic")]
mod grpc;
mod methods;
mod server;
mod service;
mod service_trait;
mod template;
mod types;

use prost_build::{Service, ServiceGenerator};

use self::service::ServiceCode;
use crate::definition::Definitions;

/// How generated code is written.
#[derive(Debug, Clone)]
pub(crate) struct Style {
    /// The path of the run time.
    pub(crate) runtime: String,
    /// Whether code for tonic is generated.
    pub(crate) tonic: bool,
}

/// Tonic's modules name much by a path that they have imported too, allow other lints inside, and match the path of a request
/// even for a service without methods.
#[cfg(feature = "tonic")]
const ALLOWED: &str =
    "#[allow(unused_qualifications, clippy::mixed_attributes_style, clippy::match_single_binding)]";

/// Generates the services that are defined, and leaves out others.
pub(crate) struct Generator {
    definitions: Definitions,
    style: Style,
    file_descriptor_set: bool,
    #[cfg(feature = "tonic")]
    tonic: Option<Box<dyn ServiceGenerator>>,
}

impl Generator {
    pub(crate) fn new(definitions: Definitions, style: Style, file_descriptor_set: bool) -> Self {
        #[cfg(feature = "tonic")]
        let tonic = style.tonic.then(|| {
            tonic_prost_build::configure()
                .server_mod_attribute(".", ALLOWED)
                .client_mod_attribute(".", ALLOWED)
                .service_generator()
        });
        Self {
            definitions,
            style,
            file_descriptor_set,
            #[cfg(feature = "tonic")]
            tonic,
        }
    }
}

impl ServiceGenerator for Generator {
    fn generate(&mut self, mut service: Service, code: &mut String) {
        let Some(kinds) = self.definitions.service(&service::full_name(&service)) else { return };
        for method in &mut service.methods {
            types::qualify(&mut method.input_type);
            types::qualify(&mut method.output_type);
        }
        let described = ServiceCode::new(&service, kinds, &self.style);
        service_trait::write(&described, code);
        server::write(&described, code);
        client::write(&described, code);
        methods::write(&described, code);
        #[cfg(feature = "tonic")]
        if let Some(tonic) = &mut self.tonic {
            let streaming = service.methods.iter().filter(|method| service::has_stream(method));
            grpc::write(&described, &streaming.collect::<Vec<_>>(), code);
            tonic.generate(service, code);
        }
    }

    fn finalize_package(&mut self, package: &str, code: &mut String) {
        if self.file_descriptor_set && self.definitions.packages().any(|defined| defined == package) {
            code.push_str(&template::fill(
                "/// The encoded descriptors of all files, for gRPC's reflection service.\n\
                 pub const FILE_DESCRIPTOR_SET: &[u8] = include_bytes!(\"$file\");\n",
                &[("file", &descriptor_file(package))],
            ));
        }
    }
}

/// The file of a package's constant `FILE_DESCRIPTOR_SET`, beside that of its code.
pub(crate) fn descriptor_file(package: &str) -> String {
    format!("{}.bin", if package.is_empty() { "_" } else { package })
}
