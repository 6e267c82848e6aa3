//! The JSON dialect of RocketMQ's peers, for headers and bodies alike.

pub(crate) mod lenient;
pub(crate) mod lexer;
mod nested;
pub(crate) mod number;
pub(crate) mod string;
