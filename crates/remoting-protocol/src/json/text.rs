//! Conversion of a value to text, where Java expects a string.

use super::dialect::Nesting;
use super::escape::push_quoted;
use super::{Fault, Lexer, Role, Scalar, Visit};

impl Lexer<'_> {
    /// Reads a value and appends Java 5.5's text of it: the content of a string, the digits of a number, or the
    /// JSON of an array or object, without white space and null members, in the order of the input.
    pub(crate) fn text(&mut self, nesting: Nesting, out: &mut Vec<u8>) -> Result<(), Fault> {
        match self.peek() {
            Some(b'{' | b'[') => self.walk(nesting, &mut Writer { out, open: Vec::new() }),
            _ => self.scalar()?.push_text(out),
        }
    }
}

impl Scalar<'_> {
    /// Appends the text: the content of a string, the digits of a number, or the word.
    pub(crate) fn push_text(self, out: &mut Vec<u8>) -> Result<(), Fault> {
        out.extend_from_slice(match self {
            Self::Null => b"null",
            Self::Bool(true) => b"true",
            Self::Bool(false) => b"false",
            Self::NotANumber => b"NaN",
            Self::Number(number) => return number.push_text(out),
            Self::String(string) => {
                string.push(out);
                return Ok(());
            }
            Self::Word(word) => word.as_bytes(),
        });
        Ok(())
    }
}

/// Writes a value as compact JSON.
struct Writer<'a> {
    out: &'a mut Vec<u8>,
    open: Vec<Level>,
}

/// An open array or object.
struct Level {
    /// The start of its first member in the output.
    first: usize,
    /// The start of its latest member in the output, including the comma.
    member: usize,
}

impl Visit for Writer<'_> {
    fn open(&mut self, _: usize, bracket: u8) {
        self.out.push(bracket);
        self.open.push(Level { first: self.out.len(), member: self.out.len() });
    }

    fn close(&mut self, _: usize, bracket: u8) {
        self.out.push(bracket);
        self.open.pop();
    }

    fn member(&mut self) {
        if let Some(level) = self.open.last_mut() {
            level.member = self.out.len();
            if level.member > level.first {
                self.out.push(b',');
            }
        }
    }

    fn colon(&mut self) {
        self.out.push(b':');
    }

    fn scalar(&mut self, scalar: Scalar<'_>, role: Role) -> Result<(), Fault> {
        match (scalar, self.open.last()) {
            (Scalar::Null, Some(level)) if role == Role::Member => self.out.truncate(level.member),
            (Scalar::String(string), _) => push_quoted(self.out, string.content().as_bytes()),
            (Scalar::Word(word), _) => push_quoted(self.out, word.as_bytes()),
            _ => scalar.push_text(self.out)?,
        }
        Ok(())
    }
}
