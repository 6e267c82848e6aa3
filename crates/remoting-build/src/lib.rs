//! Generates services over Apache RocketMQ's remoting protocol and gRPC from `.proto` files, in build scripts. It needs no
//! `protoc`.
//!
//! The `.proto` file gives each method a request code, under which remoting finds it:
//!
//! ```proto
//! syntax = "proto3";
//! package helloworld;
//! import "remoting/options.proto"; // this crate contains it
//!
//! service Greeter {
//!   // Greets somebody.
//!   rpc SayHello(HelloRequest) returns (HelloReply) {
//!     option (remoting.code) = 20001;
//!   }
//! }
//!
//! message HelloRequest { string name = 1; }
//! message HelloReply { string message = 1; }
//! ```
//!
//! The build script compiles it, with `remoting-build` in `[build-dependencies]`:
//!
//! ```no_run
//! // build.rs
//! fn main() -> Result<(), remoting_build::Error> {
//!     remoting_build::configure().compile(&["proto/greeter.proto"], &["proto"])
//! }
//! ```
//!
//! The library includes the result, with `prost`, and `remoting` with the feature `service`, in `[dependencies]`:
//!
//! ```ignore
//! /// The service and its messages.
//! pub mod helloworld {
//!     include!(concat!(env!("OUT_DIR"), "/helloworld.rs"));
//! }
//! ```
//!
//! # What is generated
//!
//! A file for each package, named after it: `helloworld.rs`. It contains the messages, by [`prost_build`], with
//! [`Bytes`](https://docs.rs/bytes/latest/bytes/struct.Bytes.html) for fields of type `bytes`, which share the memory of the
//! received body. For each service:
//!
//! | item | is |
//! |---|---|
//! | `trait Greeter` | the trait that an application implements, the same for both protocols |
//! | `GreeterServer` | makes remoting processors of an implementation: `processors` with one executor for all methods, `processors_with` with one for each |
//! | `GreeterClient` | calls the service: at an address, over a channel, or over gRPC. Methods `New` and `Timeout` are `new_` and `timeout_` |
//! | `greeter_methods` | a constant for each method, with its names and its request code |
//!
//! With the feature `tonic` and `Builder::tonic`, also tonic's modules `greeter_server` and `greeter_client`, and:
//!
//! | item | is |
//! |---|---|
//! | `GreeterServer::grpc` | makes tonic's server of an implementation |
//! | `GreeterGrpc` | the adapter from `Greeter` to the trait of tonic's server |
//! | `trait GreeterStreaming` | methods with streams, if the service has any; over gRPC only |
//!
//! Only services of the files that are listed are generated. Imported files give messages. If a message has the name in Rust of
//! one of these items, the files are not compiled: see [`Fault::NameTaken`].
//!
//! # Request codes
//!
//! A code is a part of the wire format, as the number of a field is. It is chosen by people and never derived from a name. Use
//! 20 000 to 32 767: RocketMQ uses none of them, and both encodings of headers can carry them.
//!
//! | option on the method | in the build script | for |
//! |---|---|---|
//! | `option (remoting.code) = 20001;` | [`Builder::codes`] | the request code |
//! | `option (remoting.oneway) = true;` | [`Builder::oneway`] | calls without a response; the method returns `google.protobuf.Empty` |
//! | `option (remoting.grpc_only) = true;` | [`Builder::grpc_only`] | methods without a code, such as those with streams |
//!
//! A code that is missing, used twice or out of range, or one of RocketMQ's own, is an [`Error`]. It names the methods and
//! says what to do.
//!
//! # Features
//!
//! * `tonic`, off by default: `Builder::tonic`.
#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))] // docs.rs says which feature an item needs

mod builder;
mod definition;
mod documentation;
mod error;
mod fault;
mod generate;
mod source;

pub use prost_build;

pub use self::builder::{Builder, configure};
pub use self::error::Error;
pub use self::fault::Fault;
