//! Generates the services of `proto/greeter.proto`.

fn main() -> Result<(), remoting_build::Error> {
    remoting_build::configure()
        .tonic(true)
        .file_descriptor_set(true) // for gRPC's reflection service
        .compile(&["proto/greeter.proto"], &["proto"])
}
