use std::path::{Path, PathBuf};
use std::{env, fs};

use prost_build::Config;
use syn::parse::Parser as _;

use crate::definition::{Definitions, Settings};
use crate::documentation;
use crate::error::Error;
use crate::generate::{Generator, Style, descriptor_file};
use crate::source;

/// Returns a builder with the defaults.
pub fn configure() -> Builder {
    Builder::default()
}

/// Settings of the generated code. [`compile`](Self::compile) generates it.
///
/// Methods have their full names, as in protobuf: `helloworld.Greeter.SayHello`.
#[derive(Debug)]
#[must_use = "`compile` generates the code"]
pub struct Builder {
    settings: Settings,
    style: Style,
    config: Config,
    out_dir: Option<PathBuf>,
    file_descriptor_set: bool,
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            settings: Settings::default(),
            style: Style { runtime: "::remoting::service".to_owned(), tonic: false },
            config: Config::new(),
            out_dir: None,
            file_descriptor_set: false,
        }
    }
}

impl Builder {
    /// Sets the request codes of methods, in place of `option (remoting.code)`. Calls add to each other.
    ///
    /// ```
    /// # let builder = remoting_build::configure();
    /// builder.codes([("helloworld.Greeter.SayHello", 20_001), ("helloworld.Greeter.Wait", 20_002)]);
    /// ```
    pub fn codes<M: Into<String>>(mut self, codes: impl IntoIterator<Item = (M, i32)>) -> Self {
        self.settings.codes.extend(codes.into_iter().map(|(method, code)| (method.into(), code)));
        self
    }

    /// Marks methods as one-way, in place of `option (remoting.oneway)`: a call has no response.
    pub fn oneway<M: Into<String>>(mut self, methods: impl IntoIterator<Item = M>) -> Self {
        self.settings.oneway.extend(methods.into_iter().map(Into::into));
        self
    }

    /// Marks methods as ones that can be called over gRPC only, in place of `option (remoting.grpc_only)`. They have no
    /// request code. They are left out unless code for tonic is generated.
    pub fn grpc_only<M: Into<String>>(mut self, methods: impl IntoIterator<Item = M>) -> Self {
        self.settings.grpc_only.extend(methods.into_iter().map(Into::into));
        self
    }

    /// Sets whether methods may have request codes of RocketMQ, for a service that stands in for a broker or a name server.
    /// Default: `false`.
    pub fn allow_rocketmq_codes(mut self, allow: bool) -> Self {
        self.settings.allow_rocketmq_codes = allow;
        self
    }

    /// Sets whether code for tonic is generated too. Default: `false`.
    ///
    /// The crate that includes the code then depends on `tonic`, `tonic-prost`, and `remoting` with the feature `tonic`.
    #[cfg(feature = "tonic")]
    #[cfg_attr(docsrs, doc(cfg(feature = "tonic")))]
    pub fn tonic(mut self, enabled: bool) -> Self {
        self.style.tonic = enabled;
        self
    }

    /// Sets the path of the run time in generated code. Default: `::remoting::service`. Without the facade it is
    /// `::remoting_service`. [`compile`](Self::compile) returns an error unless this is the path of a module in Rust.
    pub fn runtime_path(mut self, path: impl Into<String>) -> Self {
        self.style.runtime = path.into();
        self
    }

    /// Sets whether each package with a service gets a constant `FILE_DESCRIPTOR_SET`: the encoded descriptors of all files,
    /// as gRPC's reflection service needs them. Default: `false`.
    pub fn file_descriptor_set(mut self, enabled: bool) -> Self {
        self.file_descriptor_set = enabled;
        self
    }

    /// Sets how messages are generated. Default: `Config::new()`.
    ///
    /// Fields of type `bytes` become `Bytes` in any case. A service generator of the configuration is replaced.
    ///
    /// ```
    /// let mut prost = remoting_build::prost_build::Config::new();
    /// prost.btree_map(["."]);
    /// let builder = remoting_build::configure().prost_config(prost);
    /// ```
    pub fn prost_config(mut self, config: Config) -> Self {
        self.config = config;
        self
    }

    /// Sets the folder of the generated files. Default: the environment variable `OUT_DIR`, which Cargo sets for build
    /// scripts.
    pub fn out_dir(mut self, path: impl Into<PathBuf>) -> Self {
        self.out_dir = Some(path.into());
        self
    }

    /// Generates the code of files, which lie in the folders `includes`, and tells Cargo to run the build script again when
    /// one of them changes.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let folder = tempfile::tempdir()?;
    /// let proto = r#"
    ///     syntax = "proto3";
    ///     package text;
    ///     service Reverser { rpc Reverse(Text) returns (Text); }
    ///     message Text { string text = 1; }
    /// "#;
    /// std::fs::write(folder.path().join("text.proto"), proto)?;
    ///
    /// let builder = remoting_build::configure().out_dir(folder.path());
    /// builder.codes([("text.Reverser.Reverse", 20_001)]).compile(&["text.proto"], &[folder.path()])?;
    /// let code = std::fs::read_to_string(folder.path().join("text.rs"))?;
    /// assert!(code.contains("pub trait Reverser"));
    ///
    /// // A method without a code is an error that says what to do.
    /// let builder = remoting_build::configure().out_dir(folder.path());
    /// let error = builder.compile(&["text.proto"], &[folder.path()]).unwrap_err();
    /// assert!(error.to_string().starts_with("text.Reverser.Reverse has no request code: write"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// The [path of the run time](Self::runtime_path) is not valid, a file cannot be read or is not valid, methods have
    /// [faults](crate::Fault), or the code cannot be written.
    pub fn compile(
        mut self,
        protos: &[impl AsRef<Path>],
        includes: &[impl AsRef<Path>],
    ) -> Result<(), Error> {
        if syn::Path::parse_mod_style.parse_str(&self.style.runtime).is_err() {
            return Err(Error::RuntimePath(self.style.runtime));
        }
        let compiler = source::read(protos, includes).map_err(|error| Error::Protobuf(error.into()))?;
        if env::var_os("CARGO").is_some() {
            source::watch(&compiler);
        }
        let definitions = Definitions::read(&compiler, &self.settings, self.style.tonic)?;
        let out_dir = self.out_dir.or_else(|| env::var_os("OUT_DIR").map(PathBuf::from));
        let out_dir = out_dir.ok_or(Error::NoFolder)?;

        let mut files = compiler.file_descriptor_set();
        if self.file_descriptor_set {
            let encoded = compiler.encode_file_descriptor_set();
            for package in definitions.packages() {
                let path = out_dir.join(descriptor_file(package));
                fs::write(&path, &encoded).map_err(|source| Error::Write { path, source })?;
            }
        }
        files.file.iter_mut().for_each(documentation::complete);
        let generator = Generator::new(definitions, self.style, self.file_descriptor_set);
        self.config.bytes(["."]).out_dir(&out_dir).service_generator(Box::new(generator));
        self.config.compile_fds(files).map_err(|source| Error::Write { path: out_dir, source })
    }
}
