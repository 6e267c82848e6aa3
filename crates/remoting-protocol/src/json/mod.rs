//! The JSON that RocketMQ's peers read and write: one lexer for headers and bodies.
//!
//! fastjson reads more than JSON, and each release of RocketMQ reads something else. [`dialect`] lists what is read
//! here. [`Lexer`] finds the tokens, [`walk`](Lexer::walk) passes over whole values without recursion, and
//! [`text`](Lexer::text) turns a value into the text that Java has for it.

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
