//! A cursor over a header, and what can be wrong under it.

use super::lenient::is_space;
use super::string::unescape;

/// What is wrong with a header, and where in it.
#[derive(Clone, Copy)]
pub(crate) struct Fault {
    pub(crate) at: usize,
    pub(crate) what: &'static str,
}

impl Fault {
    pub(crate) const fn new(at: usize, what: &'static str) -> Self {
        Self { at, what }
    }
}

/// Walks over a header that has been checked to be UTF-8.
pub(crate) struct Reader<'a> {
    pub(crate) text: &'a [u8],
    pub(crate) at: usize,
}

impl Reader<'_> {
    pub(crate) fn fault<T>(&self, what: &'static str) -> Result<T, Fault> {
        Err(Fault::new(self.at, what))
    }

    pub(crate) fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    /// Steps over `byte` if it comes next.
    pub(crate) fn eat(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    pub(crate) fn expect(&mut self, byte: u8, what: &'static str) -> Result<(), Fault> {
        if self.eat(byte) { Ok(()) } else { self.fault(what) }
    }

    pub(crate) fn skip_space(&mut self) {
        while self.peek().is_some_and(is_space) {
            self.at += 1;
        }
    }

    /// Steps over `word` if it comes next, whole.
    pub(crate) fn eat_word(&mut self, word: &str) -> bool {
        let end = self.at + word.len();
        let found = self.text.get(self.at..end) == Some(word.as_bytes())
            && !self.text.get(end).is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
        if found {
            self.at = end;
        }
        found
    }

    /// Appends the content of the string that comes next, in quotes of either kind.
    pub(crate) fn string(&mut self, out: &mut Vec<u8>, what: &'static str) -> Result<(), Fault> {
        match self.peek() {
            Some(quote @ (b'"' | b'\'')) => {
                self.at = unescape(self.text, self.at + 1, quote, out)?;
                Ok(())
            }
            _ => self.fault(what),
        }
    }

    /// Steps over a colon with any space around it.
    pub(crate) fn colon(&mut self) -> Result<(), Fault> {
        self.skip_space();
        self.expect(b':', "no colon after a key")?;
        self.skip_space();
        Ok(())
    }

    /// After a member of an object: whether another may follow, `}` being the end.
    pub(crate) fn next_member(&mut self) -> Result<bool, Fault> {
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
pub(crate) fn into_text(content: Vec<u8>, at: usize) -> Result<String, Fault> {
    String::from_utf8(content).map_err(|_| Fault::new(at, "text that is not UTF-8"))
}
