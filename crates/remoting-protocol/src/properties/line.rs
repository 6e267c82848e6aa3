//! Lines and their division into key and value, as `Properties.load` does it.

use super::text::Text;

/// Returns the entries of a text, in order. A repeated key is returned each time; in Java its last value counts.
#[must_use]
pub const fn entries(text: &[u8]) -> Entries<'_> {
    Entries { rest: text, line: 1 }
}

/// The entries of a text. Created by [`entries`].
#[derive(Debug, Clone)]
pub struct Entries<'a> {
    rest: &'a [u8],
    /// The number of the line at which `rest` starts.
    line: usize,
}

/// A key with its value, as they are written.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    key: Text<'a>,
    value: Text<'a>,
}

impl<'a> Entry<'a> {
    /// Returns the key.
    #[must_use]
    pub const fn key(&self) -> Text<'a> {
        self.key
    }

    /// Returns the value. It is empty if the line has only a key.
    #[must_use]
    pub const fn value(&self) -> Text<'a> {
        self.value
    }
}

impl<'a> Iterator for Entries<'a> {
    type Item = Entry<'a>;

    fn next(&mut self) -> Option<Entry<'a>> {
        loop {
            self.skip_blanks_and_line_ends();
            if matches!(self.rest.first()?, b'#' | b'!') {
                self.skip_comment();
                continue;
            }
            let line = self.line;
            let raw = self.take_logical_line();
            if let Some(entry) = split(raw, line) {
                return Some(entry);
            }
        }
    }
}

impl<'a> Entries<'a> {
    fn skip_blanks_and_line_ends(&mut self) {
        while let [first, after @ ..] = self.rest {
            match line_end(self.rest) {
                0 if !is_blank(*first) => return,
                0 => self.rest = after,
                width => {
                    self.rest = &self.rest[width..];
                    self.line += 1;
                }
            }
        }
    }

    /// Skips to the end of the line. A backslash does not continue a comment.
    fn skip_comment(&mut self) {
        let end = self.rest.iter().position(|byte| is_line_end(*byte)).unwrap_or(self.rest.len());
        self.rest = &self.rest[end..];
    }

    /// Takes the bytes up to the first line end that no backslash precedes, without that line end.
    fn take_logical_line(&mut self) -> &'a [u8] {
        let text = self.rest;
        let mut at = 0;
        let mut only_continuations = true;
        while at < text.len() {
            match text[at] {
                b'\\' => {
                    let end = line_end(&text[at + 1..]);
                    if end == 0 {
                        only_continuations = false;
                        at += 2; // an escape; its second byte may be a backslash
                        continue;
                    }
                    self.line += 1;
                    at += 1 + end;
                    at += leading_blanks(&text[at..]);
                    // As in Java, a line is still empty after a continuation alone, so a comment may follow.
                    if only_continuations && matches!(text.get(at), Some(b'#' | b'!' | b'\n' | b'\r')) {
                        self.rest = &text[at..];
                        return &[];
                    }
                }
                b'\n' | b'\r' => break,
                _ => {
                    only_continuations = false;
                    at += 1;
                }
            }
        }
        let at = at.min(text.len());
        self.rest = &text[at..];
        &text[..at]
    }
}

/// Divides a line. The key ends at the first `=`, `:` or blank that no backslash precedes. Blanks around the separator
/// belong to neither. Returns `None` for a line of continuations alone.
fn split(raw: &[u8], line: usize) -> Option<Entry<'_>> {
    let mut rest = raw;
    let key_end = loop {
        let before = rest;
        match next_unit(&mut rest) {
            Some(Unit::Plain(byte)) if is_blank(byte) || is_separator(byte) => {
                break raw.len() - before.len();
            }
            Some(_) => {}
            None => break raw.len(),
        }
    };
    let mut value = &raw[key_end..];
    skip_plain(&mut value, is_blank);
    let mut after = value;
    if matches!(next_unit(&mut after), Some(Unit::Plain(byte)) if is_separator(byte)) {
        value = after;
        skip_plain(&mut value, is_blank);
    }
    // As in Java, a backslash at the very end of the text is an entry, even with one byte of a line end behind it.
    let ends_the_text = [&b"\\"[..], b"\\\n", b"\\\r"].iter().any(|end| raw.ends_with(end));
    if next_unit(&mut { raw }).is_none() && !ends_the_text {
        return None;
    }
    Some(Entry { key: Text::new(&raw[..key_end], line), value: Text::new(value, line) })
}

fn skip_plain(rest: &mut &[u8], skipped: fn(u8) -> bool) {
    let mut after = *rest;
    while matches!(next_unit(&mut after), Some(Unit::Plain(byte)) if skipped(byte)) {
        *rest = after;
    }
}

/// A byte of a line, after continuations are removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Plain(u8),
    /// The byte after a backslash.
    Escaped(u8),
}

/// Takes the next byte of a logical line, past continuations and the blanks that follow them. A backslash at the very
/// end counts as nothing.
pub(super) fn next_unit(rest: &mut &[u8]) -> Option<Unit> {
    loop {
        let (&first, after) = rest.split_first()?;
        *rest = after;
        if first != b'\\' {
            return Some(Unit::Plain(first));
        }
        let end = line_end(after);
        if end == 0 {
            let (&second, after) = after.split_first()?;
            *rest = after;
            return Some(Unit::Escaped(second));
        }
        *rest = &after[end..];
        *rest = &rest[leading_blanks(rest)..];
    }
}

const fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | 0x0C)
}

const fn is_separator(byte: u8) -> bool {
    matches!(byte, b'=' | b':')
}

const fn is_line_end(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

fn leading_blanks(text: &[u8]) -> usize {
    text.iter().take_while(|byte| is_blank(**byte)).count()
}

/// Returns the length of the line end at the start of `text`: `\n`, `\r` or `\r\n`.
fn line_end(text: &[u8]) -> usize {
    match text {
        [b'\r', b'\n', ..] => 2,
        [b'\r' | b'\n', ..] => 1,
        _ => 0,
    }
}
