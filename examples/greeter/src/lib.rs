//! A service from one `.proto` file: one implementation, one port, two protocols.
//!
//! `proto/greeter.proto` describes the services, and `build.rs` generates [`helloworld`] from it. [`MyGreeter`] knows neither
//! remoting nor gRPC; [`serve`] serves it over both. The programs `greeter-server` and `greeter-client` run it.
#![forbid(unsafe_code)]

mod my_greeter;
mod my_visitor;
mod server;

/// The services and their messages, generated from `proto/greeter.proto`.
pub mod helloworld {
    include!(concat!(env!("OUT_DIR"), "/helloworld.rs"));
}

pub use self::my_greeter::MyGreeter;
pub use self::my_visitor::MyVisitor;
pub use self::server::serve;
