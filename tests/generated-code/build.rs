//! Generates the services of `protos/`.

use remoting_build::{Builder, configure, prost_build::Config};

fn main() -> Result<(), remoting_build::Error> {
    for file in ["wrappers.proto", "parameter.proto", "nothing.proto"] {
        builder().compile(&[file], &["protos"])?;
    }
    let mut config = Config::new();
    config.compile_well_known_types().include_file("empty_of_the_package.rs");
    builder().prost_config(config).compile(&["noter.proto"], &["protos"])
}

fn builder() -> Builder {
    configure().tonic(true).runtime_path("::remoting_service")
}
