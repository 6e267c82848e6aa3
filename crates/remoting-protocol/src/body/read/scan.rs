//! One pass over lenient JSON that checks it and notes where its arrays and objects lie.

use super::document::MAX_DEPTH;
use super::error::ReadError;
use crate::json::lenient::{is_space, may_follow};

/// Where an array or object lies in the text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Container {
    pub(super) start: u32,
    pub(super) end: u32,
    /// The index of the next container that is not inside this one.
    pub(super) next: u32,
}

/// The arrays and objects of `text` in the order in which they begin. The text must hold one value, then nothing but
/// white space and NULs.
pub(super) fn scan(text: &str) -> Result<Vec<Container>, ReadError> {
    if u32::try_from(text.len()).is_err() {
        return Err(ReadError::at(0, "longer than 4 GiB"));
    }
    let mut scanner = Scanner { bytes: text.as_bytes(), at: 0, containers: Vec::new() };
    scanner.value(0)?;
    while scanner.peek().is_some_and(may_follow) {
        scanner.at += 1;
    }
    match scanner.peek() {
        None => Ok(scanner.containers),
        Some(_) => Err(scanner.unexpected("the end")),
    }
}

/// Where the scalar that begins at `at` ends.
pub(super) fn scalar_end(bytes: &[u8], at: usize) -> usize {
    match bytes.get(at) {
        Some(quote @ (b'"' | b'\'')) => quoted_end(bytes, at + 1, *quote).unwrap_or(bytes.len()),
        _ => bare_end(bytes, at),
    }
}

/// Behind the closing quote of a string whose content begins at `at`, or where it lacks one.
fn quoted_end(bytes: &[u8], mut at: usize, quote: u8) -> Result<usize, usize> {
    loop {
        match bytes.get(at) {
            None => return Err(at),
            Some(b'\\') => at += 2,
            Some(byte) if *byte == quote => return Ok(at + 1),
            Some(_) => at += 1,
        }
    }
}

fn bare_end(bytes: &[u8], at: usize) -> usize {
    let is_bare =
        |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | b'+' | b'-' | b'.');
    at + bytes.iter().skip(at).take_while(|byte| is_bare(byte)).count()
}

struct Scanner<'t> {
    bytes: &'t [u8],
    at: usize,
    containers: Vec<Container>,
}

impl Scanner<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while self.peek().is_some_and(is_space) {
            self.at += 1;
        }
    }

    /// Skips white space; true, and one further, if `byte` comes then.
    fn take(&mut self, byte: u8) -> bool {
        self.skip_space();
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn unexpected(&self, expected: &str) -> ReadError {
        let found = match self.peek() {
            None => "the end of the text".to_owned(),
            Some(byte) => format!("`{}`", byte.escape_ascii()),
        };
        ReadError::at(self.at, format!("found {found} where {expected} should be"))
    }

    /// One value and all that is in it; recursion is bounded by [`MAX_DEPTH`].
    fn value(&mut self, depth: u16) -> Result<(), ReadError> {
        if depth > MAX_DEPTH {
            return Err(ReadError::too_deep(self.at));
        }
        let is_object = self.take(b'{');
        if !is_object && !self.take(b'[') {
            return self.scalar(false);
        }
        let index = self.containers.len();
        self.containers.push(Container { start: self.at as u32 - 1, end: 0, next: 0 });
        let close = if is_object { b'}' } else { b']' };
        while !self.take(close) {
            if is_object {
                self.key(depth + 1)?;
                if !self.take(b':') {
                    return Err(self.unexpected("`:`"));
                }
            }
            self.value(depth + 1)?;
            if !self.take(b',') {
                if self.take(close) {
                    break;
                }
                return Err(self.unexpected(if is_object { "`,` or `}`" } else { "`,` or `]`" }));
            }
        }
        let next = self.containers.len() as u32;
        if let Some(container) = self.containers.get_mut(index) {
            (container.end, container.next) = (self.at as u32, next);
        }
        Ok(())
    }

    fn key(&mut self, depth: u16) -> Result<(), ReadError> {
        self.skip_space();
        match self.peek() {
            Some(b'{' | b'[') => self.value(depth),
            _ => self.scalar(true),
        }
    }

    /// A string in either kind of quotes, or a bare word: any word as a key, else a literal or a number.
    fn scalar(&mut self, is_key: bool) -> Result<(), ReadError> {
        let start = self.at;
        if let Some(quote @ (b'"' | b'\'')) = self.peek() {
            let end = quoted_end(self.bytes, start + 1, quote);
            self.at = end.unwrap_or_else(|end| end);
            return match end {
                Ok(_) => Ok(()),
                Err(_) => Err(self.unexpected("the end of the string")),
            };
        }
        let end = bare_end(self.bytes, start);
        let known = match &self.bytes[start..end] {
            [] => false,
            b"null" | b"true" | b"false" | b"NaN" => true,
            [b'0'..=b'9' | b'-' | b'+' | b'.', ..] => true,
            _ => is_key,
        };
        if !known {
            return Err(self.unexpected(if is_key { "a key" } else { "a value" }));
        }
        self.at = end;
        Ok(())
    }
}
