//! The error of the lexer.

/// The first error in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// In bytes from the start of the text.
    pub(crate) at: usize,
    /// A noun phrase or clause for an error message.
    pub(crate) what: &'static str,
}

impl Fault {
    pub(crate) const fn new(at: usize, what: &'static str) -> Self {
        Self { at, what }
    }
}
