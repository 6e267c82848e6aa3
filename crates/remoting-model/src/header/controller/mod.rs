//! Headers of controllers, which elect the masters. Java: packages below `header.controller`. None is in 4.9.

mod broker_id;
mod replicas;

pub use self::broker_id::*;
pub use self::replicas::*;
