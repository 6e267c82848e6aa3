use protox::prost_reflect::{DescriptorPool, ExtensionDescriptor, MethodDescriptor};

use super::Settings;

/// The options of `remoting/options.proto`, if a file imports it.
pub(super) struct Options {
    code: Option<ExtensionDescriptor>,
    oneway: Option<ExtensionDescriptor>,
    grpc_only: Option<ExtensionDescriptor>,
}

/// Whether a method is one-way, and whether it can be called over gRPC only.
pub(super) struct Marks {
    pub(super) oneway: bool,
    pub(super) grpc_only: bool,
}

impl Options {
    pub(super) fn of(pool: &DescriptorPool) -> Self {
        Self {
            code: pool.get_extension_by_name("remoting.code"),
            oneway: pool.get_extension_by_name("remoting.oneway"),
            grpc_only: pool.get_extension_by_name("remoting.grpc_only"),
        }
    }

    /// Returns the request code that a method has in its file.
    pub(super) fn code(&self, method: &MethodDescriptor) -> Option<i32> {
        let option = self.code.as_ref()?;
        let options = method.options();
        options.has_extension(option).then(|| options.get_extension(option).as_i32()).flatten()
    }

    /// Returns the marks that a method has in its file or in the build script.
    pub(super) fn marks(&self, method: &MethodDescriptor, settings: &Settings) -> Marks {
        let options = method.options();
        let in_file = |option: &Option<ExtensionDescriptor>| {
            option.as_ref().is_some_and(|option| options.get_extension(option).as_bool() == Some(true))
        };
        let listed = |names: &[String]| names.iter().any(|name| name == method.full_name());
        Marks {
            oneway: in_file(&self.oneway) || listed(&settings.oneway),
            grpc_only: in_file(&self.grpc_only) || listed(&settings.grpc_only),
        }
    }
}
