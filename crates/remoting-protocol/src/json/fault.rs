//! What is wrong with a text, and where.

/// The first thing in a text that is not of the dialect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// In bytes from the start of the text.
    pub(crate) at: usize,
    pub(crate) what: &'static str,
}

impl Fault {
    pub(crate) const fn new(at: usize, what: &'static str) -> Self {
        Self { at, what }
    }
}
