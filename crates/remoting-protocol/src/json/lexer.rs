//! The lexer of the dialect.

use super::dialect::{is_bare, is_space, may_follow};
use super::{Fault, NumberLiteral, Quoted};

/// A cursor over a text.
#[derive(Clone, Debug)]
pub(crate) struct Lexer<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
}

/// A value that is neither array nor object, or a key.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Scalar<'a> {
    Null,
    Bool(bool),
    /// The word `NaN`.
    NotANumber,
    Number(NumberLiteral<'a>),
    String(Quoted<'a>),
    /// A key without quotes.
    Word(&'a str),
}

impl<'a> Lexer<'a> {
    pub(crate) const fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// Creates a cursor at a byte of the text.
    pub(crate) const fn starting_at(text: &'a str, at: usize) -> Self {
        Self { text, at }
    }

    /// Returns the position of the cursor, in bytes from the start of the text.
    pub(crate) const fn at(&self) -> usize {
        self.at
    }

    pub(crate) fn fault<T>(&self, what: &'static str) -> Result<T, Fault> {
        Err(Fault::new(self.at, what))
    }

    #[inline]
    pub(crate) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Consumes `byte` if it is next.
    pub(crate) fn eat(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    pub(crate) fn expect(&mut self, byte: u8, what: &'static str) -> Result<(), Fault> {
        if self.eat(byte) { Ok(()) } else { self.fault(what) }
    }

    #[inline]
    pub(crate) fn skip_space(&mut self) {
        self.skip_while(is_space);
    }

    /// Consumes `word` if it is next and not the start of a longer word.
    pub(crate) fn eat_word(&mut self, word: &str) -> bool {
        let rest = self.text.get(self.at..).and_then(|rest| rest.strip_prefix(word));
        let found = rest.is_some_and(|rest| !rest.bytes().next().is_some_and(is_bare));
        self.at += if found { word.len() } else { 0 };
        found
    }

    /// Consumes a colon and the white space around it.
    pub(crate) fn colon(&mut self) -> Result<(), Fault> {
        self.skip_space();
        self.expect(b':', "missing colon after a key")?;
        self.skip_space();
        Ok(())
    }

    /// Consumes an opening brace and returns whether a member follows.
    pub(crate) fn first_member(&mut self, what: &'static str) -> Result<bool, Fault> {
        self.expect(b'{', what)?;
        self.skip_space();
        Ok(!self.eat(b'}'))
    }

    /// Consumes the comma or brace after a member of an object and returns whether another member follows.
    pub(crate) fn next_member(&mut self) -> Result<bool, Fault> {
        self.skip_space();
        if !self.eat(b',') {
            self.expect(b'}', "expected a comma or the end of the object")?;
            return Ok(false);
        }
        self.skip_space();
        Ok(!self.eat(b'}'))
    }

    /// Checks that only white space and NULs follow.
    pub(crate) fn end(&mut self) -> Result<(), Fault> {
        self.skip_while(may_follow);
        if self.at == self.text.len() { Ok(()) } else { self.fault("unexpected data after the document") }
    }

    /// Reads a key that is not an object: a string, or a word without quotes.
    #[inline]
    pub(crate) fn key(&mut self) -> Result<Scalar<'a>, Fault> {
        if let Some(string) = self.string()? {
            return Ok(Scalar::String(string));
        }
        match self.skip_while(is_bare) {
            "" => self.fault("expected a key"),
            word => Ok(Scalar::Word(word)),
        }
    }

    /// Reads a value that is neither array nor object.
    pub(crate) fn scalar(&mut self) -> Result<Scalar<'a>, Fault> {
        Ok(match self.peek() {
            Some(b'0'..=b'9' | b'+' | b'-' | b'.') => Scalar::Number(self.number()?),
            Some(b't') if self.eat_word("true") => Scalar::Bool(true),
            Some(b'f') if self.eat_word("false") => Scalar::Bool(false),
            Some(b'n') if self.eat_word("null") => Scalar::Null,
            Some(b'N') if self.eat_word("NaN") => Scalar::NotANumber,
            _ => match self.string()? {
                Some(string) => Scalar::String(string),
                None => return self.fault("expected a value"),
            },
        })
    }

    /// Consumes and returns the bytes that `belongs` accepts, which must be ASCII.
    #[inline]
    pub(super) fn skip_while(&mut self, belongs: impl Fn(u8) -> bool) -> &'a str {
        let start = self.at;
        while self.peek().is_some_and(&belongs) {
            self.at += 1;
        }
        self.text.get(start..self.at).unwrap_or_default()
    }
}
