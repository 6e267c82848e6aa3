//! The JSON dialect of RocketMQ peers: one lexer for headers and bodies.
//!
//! fastjson accepts more than JSON, and the releases of RocketMQ differ. [`dialect`] lists what this project
//! accepts. [`Lexer`] splits the text into tokens, [`walk`](Lexer::walk) skips or visits whole values without
//! recursion, and [`text`](Lexer::text) converts a value to Java's text of it.

pub(crate) mod dialect;
pub(crate) mod escape;
mod fault;
mod lexer;
mod number;
pub(crate) mod string;
mod text;
mod walk;

pub(crate) use self::fault::Fault;
pub(crate) use self::lexer::{Lexer, Scalar};
pub(crate) use self::number::{Number, NumberLiteral};
pub(crate) use self::string::Quoted;
pub(crate) use self::walk::{Role, Visit};
