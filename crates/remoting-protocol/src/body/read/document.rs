//! Lenient JSON as a flat index over its text.

use std::cell::{Cell, OnceCell};

use super::error::ReadError;
use super::reference::Targets;

/// How deep values may nest, counted through references too. `serde_json` has the same limit; it keeps the
/// stack small. No body of Java's nests deeper than ten.
pub(super) const MAX_DEPTH: u16 = 128;

/// How much text references may repeat in one document. A document that says more through them is refused: a
/// few hundred bytes of references to references could otherwise fill any memory.
const MAX_REPEATED: usize = 16 * 1024 * 1024;

/// Where one value lies in the text. Children follow their parent at once; an object's are key, value, key,
/// value.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    pub(super) start: u32,
    pub(super) end: u32,
    /// The index of the next value that is not inside this one.
    pub(super) next: u32,
}

/// A checked text and the index of its values, the root first. The index takes 12 bytes a value, so at most
/// six times the text.
#[derive(Debug)]
pub(super) struct Document<'t> {
    pub(super) text: &'t str,
    pub(super) spans: Vec<Span>,
    /// How much more text references may repeat.
    pub(super) repeatable: Cell<usize>,
    /// Where references lead, built when the first one is met.
    pub(super) targets: OnceCell<Targets>,
}

impl<'t> Document<'t> {
    /// Indexes `text`, which must hold one value and then nothing but white space and NULs.
    pub(super) fn scan(text: &'t str) -> Result<Self, ReadError> {
        if u32::try_from(text.len()).is_err() {
            return Err(ReadError::at(0, "longer than 4 GiB"));
        }
        let mut scanner = Scanner { bytes: text.as_bytes(), at: 0, spans: Vec::new() };
        scanner.value(0)?;
        while let Some(b' ' | b'\t' | b'\r' | b'\n' | 0) = scanner.peek() {
            scanner.at += 1;
        }
        if scanner.peek().is_some() {
            return Err(scanner.unexpected("the end"));
        }
        let (repeatable, targets) = (Cell::new(MAX_REPEATED), OnceCell::new());
        Ok(Self { text, spans: scanner.spans, repeatable, targets })
    }

    /// The same, for a text out of another document: it may hold no references, lest many such texts each
    /// repeat as much as a document may.
    pub(super) fn scan_inner(text: &'t str) -> Result<Self, ReadError> {
        let inner = Self::scan(text)?;
        inner.repeatable.set(0);
        Ok(inner)
    }

    pub(super) fn span(&self, at: u32) -> Span {
        self.spans[at as usize]
    }

    /// The text of a value, with its quotes or brackets.
    pub(super) fn source(&self, at: u32) -> &'t str {
        let span = self.span(at);
        &self.text[span.start as usize..span.end as usize]
    }

    /// The direct children of an array or object.
    pub(super) fn children(&self, at: u32) -> impl Iterator<Item = u32> + '_ {
        let end = self.span(at).next;
        let mut child = at + 1;
        std::iter::from_fn(move || {
            let current = child;
            (current < end).then(|| {
                child = self.span(current).next;
                current
            })
        })
    }

    /// The place of the innermost value that holds the byte at `offset`, as `$.table[0].name`.
    pub(super) fn path(&self, offset: usize) -> String {
        const MAX_KEY: usize = 64;
        let holds = |at: u32| (self.span(at).start as usize..self.span(at).end as usize).contains(&offset);
        let (mut path, mut at) = (String::from("$"), 0);
        loop {
            let in_array = self.source(at).starts_with('[');
            let mut children = self.children(at);
            let next = if in_array {
                children
                    .enumerate()
                    .find(|(_, child)| holds(*child))
                    .map(|(place, child)| (format!("[{place}]"), child))
            } else {
                std::iter::from_fn(|| children.next().zip(children.next()))
                    .find(|(key, value)| holds(*key) || holds(*value))
                    .map(|(key, value)| {
                        let text: String =
                            self.source(key).trim_matches(['"', '\'']).chars().take(MAX_KEY).collect();
                        (format!(".{text}"), value)
                    })
            };
            let Some((step, child)) = next else { return path };
            path.push_str(&step);
            at = child;
        }
    }
}

struct Scanner<'t> {
    bytes: &'t [u8],
    at: usize,
    spans: Vec<Span>,
}

impl Scanner<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while let Some(b' ' | b'\t' | b'\r' | b'\n') = self.peek() {
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
        let span = self.open(self.at - 1);
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
        self.close(span);
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
        let span = self.open(self.at);
        if let Some(quote @ (b'"' | b'\'')) = self.peek() {
            self.at += 1;
            loop {
                match self.peek() {
                    None => return Err(self.unexpected("the end of the string")),
                    Some(b'\\') => self.at += 2,
                    Some(byte) => {
                        self.at += 1;
                        if byte == quote {
                            break;
                        }
                    }
                }
            }
        } else {
            while let Some(b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'_' | b'$' | b'+' | b'-' | b'.') =
                self.peek()
            {
                self.at += 1;
            }
            let start = self.spans[span].start as usize;
            let known = match &self.bytes[start..self.at] {
                [] => false,
                b"null" | b"true" | b"false" | b"NaN" => true,
                [b'0'..=b'9' | b'-' | b'+' | b'.', ..] => true,
                _ => is_key,
            };
            if !known {
                self.at = start;
                return Err(self.unexpected(if is_key { "a key" } else { "a value" }));
            }
        }
        self.close(span);
        Ok(())
    }

    fn open(&mut self, start: usize) -> usize {
        self.spans.push(Span { start: start as u32, end: 0, next: 0 });
        self.spans.len() - 1
    }

    fn close(&mut self, span: usize) {
        let next = self.spans.len() as u32;
        let span = &mut self.spans[span];
        span.end = self.at as u32;
        span.next = next;
    }
}
