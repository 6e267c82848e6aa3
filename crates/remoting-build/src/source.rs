//! The `.proto` files: where they are read from, and what Cargo watches.

use std::path::Path;

use protox::Compiler;
use protox::file::{ChainFileResolver, File, FileResolver, GoogleFileResolver, IncludeFileResolver};

/// The name under which files import the options of methods.
const OPTIONS: &str = "remoting/options.proto";

/// Resolves the embedded file of options.
struct OptionsResolver;

impl FileResolver for OptionsResolver {
    fn open_file(&self, name: &str) -> Result<File, protox::Error> {
        if name == OPTIONS {
            File::from_source(name, include_str!("../proto/remoting/options.proto"))
        } else {
            Err(protox::Error::file_not_found(name))
        }
    }
}

/// Reads files and what they import.
pub(crate) fn read(
    protos: &[impl AsRef<Path>],
    includes: &[impl AsRef<Path>],
) -> Result<Compiler, protox::Error> {
    let mut resolver = ChainFileResolver::new();
    resolver.add(OptionsResolver);
    for include in includes {
        resolver.add(IncludeFileResolver::new(include.as_ref().to_owned()));
    }
    resolver.add(GoogleFileResolver::new());
    let mut compiler = Compiler::with_file_resolver(resolver);
    compiler.include_imports(true).include_source_info(true).open_files(protos)?;
    Ok(compiler)
}

/// Tells Cargo to run the build script again when a file has changed.
#[allow(clippy::print_stdout, reason = "this is how a build script talks to Cargo")]
pub(crate) fn watch(compiler: &Compiler) {
    for path in compiler.files().filter_map(|file| file.path()) {
        println!("cargo:rerun-if-changed={}", path.display());
    }
}
