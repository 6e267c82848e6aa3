//! What `remoting-build` generates for types and names of all kinds. `build.rs` generates it; that it compiles is the first
//! check.
#![forbid(unsafe_code)]

/// Methods with the types of `google/protobuf/wrappers.proto`.
pub mod wrappers {
    include!(concat!(env!("OUT_DIR"), "/wrappers.rs"));
}

/// A message with the name of a type parameter.
pub mod parameter {
    include!(concat!(env!("OUT_DIR"), "/parameter.rs"));
}

/// A service without methods.
pub mod nothing {
    include!(concat!(env!("OUT_DIR"), "/nothing.rs"));
}

/// Methods that return `google.protobuf.Empty` as a message, not as `()`.
#[allow(
    missing_docs,
    clippy::use_self,
    reason = "prost writes modules for packages, and the messages of descriptors"
)]
pub mod empty {
    include!(concat!(env!("OUT_DIR"), "/empty_of_the_package.rs"));
}
