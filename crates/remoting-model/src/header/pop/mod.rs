//! Headers of POP consumers, to which the broker assigns the messages. Java: package `header`. None is in
//! 4.9.

mod message;
mod polling;

pub use self::message::*;
pub use self::polling::*;
