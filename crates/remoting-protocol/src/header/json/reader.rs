//! A cursor over a header, and what can be wrong under it.

use super::string::unescape;
use crate::frame::HEAD;
use crate::lenient::is_space;
use crate::{DecodeError, DecodeErrorKind};

/// What is wrong with a header, and where in it.
#[derive(Clone, Copy)]
pub(super) struct Fault {
    at: usize,
    what: &'static str,
}

impl Fault {
    pub(super) const fn new(at: usize, what: &'static str) -> Self {
        Self { at, what }
    }
}

impl From<Fault> for DecodeError {
    fn from(fault: Fault) -> Self {
        Self::new(DecodeErrorKind::Json(fault.what), HEAD + fault.at)
    }
}

/// Walks over a header that has been checked to be UTF-8.
pub(super) struct Reader<'a> {
    pub(super) text: &'a [u8],
    pub(super) at: usize,
}

impl Reader<'_> {
    pub(super) fn fault<T>(&self, what: &'static str) -> Result<T, Fault> {
        Err(Fault::new(self.at, what))
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    /// Steps over `byte` if it comes next.
    pub(super) fn eat(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    pub(super) fn expect(&mut self, byte: u8, what: &'static str) -> Result<(), Fault> {
        if self.eat(byte) { Ok(()) } else { self.fault(what) }
    }

    pub(super) fn skip_space(&mut self) {
        while self.peek().is_some_and(is_space) {
            self.at += 1;
        }
    }

    /// Steps over `word` if it comes next, whole.
    pub(super) fn eat_word(&mut self, word: &str) -> bool {
        let end = self.at + word.len();
        let found = self.text.get(self.at..end) == Some(word.as_bytes())
            && !self.text.get(end).is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
        if found {
            self.at = end;
        }
        found
    }

    /// Appends the content of the string that comes next, in quotes of either kind.
    pub(super) fn string(&mut self, out: &mut Vec<u8>, what: &'static str) -> Result<(), Fault> {
        match self.peek() {
            Some(quote @ (b'"' | b'\'')) => {
                self.at = unescape(self.text, self.at + 1, quote, out)?;
                Ok(())
            }
            _ => self.fault(what),
        }
    }

    /// Steps over a colon with any space around it.
    pub(super) fn colon(&mut self) -> Result<(), Fault> {
        self.skip_space();
        self.expect(b':', "no colon after a key")?;
        self.skip_space();
        Ok(())
    }

    /// After a member of an object: whether another may follow, `}` being the end.
    pub(super) fn next_member(&mut self) -> Result<bool, Fault> {
        self.skip_space();
        if self.eat(b'}') {
            return Ok(false);
        }
        self.expect(b',', "neither a comma nor the end of the object")?;
        self.skip_space();
        // A comma before the end: all Java versions let it pass.
        Ok(!self.eat(b'}'))
    }
}

/// What [`unescape`] and the words of JSON leave in a buffer is UTF-8, since the header is.
pub(super) fn into_text(content: Vec<u8>, at: usize) -> Result<String, Fault> {
    String::from_utf8(content).map_err(|_| Fault::new(at, "text that is not UTF-8"))
}
