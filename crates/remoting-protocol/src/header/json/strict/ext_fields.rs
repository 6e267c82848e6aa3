//! Reading `extFields` into the encoding of [`ExtFields`](crate::ExtFields), in one pass.
//!
//! Text is copied in blocks while its end is searched. A block may be longer than what is left of the string: bytes after
//! the end are scratch, and the next piece overwrites them. The positions stay in registers, while an append to a buffer
//! would update its length in memory for each piece.

use super::Cursor;
use crate::ext_fields::MAX_KEY;
use crate::json::string::{Content, HIGH, equal, unescape_one};

/// The size of a block, in bytes.
const BLOCK: usize = 8;

impl Cursor<'_> {
    /// Reads the map. The buffer that it returns has capacity for `self.spare` further bytes.
    #[inline(never)]
    pub(super) fn ext_fields(&mut self) -> Option<Vec<u8>> {
        let start = self.at;
        self.expect(b'{')?;
        if self.text.get(self.at) == Some(&b'}') {
            self.at += 1;
            return Some(Vec::new());
        }
        // The encoding of an entry is as long as its JSON, and shorter if that has escapes.
        let longest = self.text.len() - self.at + BLOCK;
        let mut out = Vec::with_capacity(longest + self.spare);
        out.resize(longest, 0);
        let (at, length, is_ascii) = read_entries(self.text, self.at, &mut out)?;
        if !is_ascii {
            std::str::from_utf8(self.text.get(start..at)?).ok()?;
        }
        if length > out.len() {
            return None;
        }
        out.truncate(length);
        self.at = at;
        Some(out)
    }
}

/// Reads the entries from `text[at..]` to the start of `out`. Returns the position after the closing brace, the length of
/// the encoding, and whether the text is ASCII. May return `false` for text that is.
#[inline(always)]
fn read_entries(text: &[u8], mut at: usize, out: &mut [u8]) -> Option<(usize, usize, bool)> {
    let (mut to, mut seen) = (0, 0);
    loop {
        let value;
        if let Some((letter, digit)) = letter_and_digit(text, at) {
            put(out, to, &[0, 1, letter, 0, 0, 0, 1, digit])?;
            (at, to) = (at + 8, to + 8);
            continue;
        }
        if let Some(letter) = letter_key(text, at) {
            put(out, to, &[0, 1, letter, 0, 0, 0, 0, 0])?;
            (at, value) = (at + 4, to + 7);
        } else {
            let key;
            (at, key) = string(text, at, out, to + 2, &mut seen)?;
            let length = key - to - 2;
            if length > MAX_KEY || *text.get(at)? != b':' {
                return None;
            }
            put(out, to, &(length as u16).to_be_bytes())?;
            (at, value) = (at + 1, key + 4);
        }
        let end;
        (at, end) = string(text, at, out, value, &mut seen)?;
        put(out, value - 4, &((end - value) as u32).to_be_bytes())?;
        to = end;
        at += 1;
        match *text.get(at - 1)? {
            b',' => {}
            b'}' => return Some((at, to, seen & HIGH == 0)),
            _ => return None,
        }
    }
}

/// Returns the letter if the next key has one, as in the hottest headers, and is followed by a string.
#[inline(always)]
fn letter_key(text: &[u8], at: usize) -> Option<u8> {
    const LETTER: u64 = 0xff00;
    let word = u64::from_le_bytes(*text.get(at..)?.first_chunk()?) & 0x00ff_ffff_ffff;
    let letter = (word >> 8) as u8;
    let is_key = word & !LETTER == u64::from_le_bytes(*b"\"\0\":\"\0\0\0") && letter.is_ascii_alphanumeric();
    is_key.then_some(letter)
}

/// Returns a key of one letter and a value of one digit, if they are next and another entry follows. Most numbers in headers
/// are flags and counts.
#[inline(always)]
fn letter_and_digit(text: &[u8], at: usize) -> Option<(u8, u8)> {
    const BETWEEN: u64 = 0xffff_00ff_ffff_00ff;
    let word = u64::from_le_bytes(*text.get(at..)?.first_chunk()?);
    let (letter, digit) = ((word >> 8) as u8, (word >> 40) as u8);
    let is_entry = word & BETWEEN == u64::from_le_bytes(*b"\"\0\":\"\0\",")
        && letter.is_ascii_alphanumeric()
        && digit.is_ascii_digit();
    is_entry.then_some((letter, digit))
}

/// Writes a piece of known length.
#[inline(always)]
fn put<const N: usize>(out: &mut [u8], at: usize, piece: &[u8; N]) -> Option<()> {
    *out.get_mut(at..)?.first_chunk_mut()? = *piece;
    Some(())
}

/// Copies the content of the string at `text[at..]` to `out[to..]`, and merges its bytes into `seen`. Returns the positions
/// after the string and after its content.
#[inline(always)]
fn string(
    text: &[u8],
    mut at: usize,
    out: &mut [u8],
    mut to: usize,
    seen: &mut u64,
) -> Option<(usize, usize)> {
    if *text.get(at)? != b'"' {
        return None;
    }
    at += 1;
    while let Some(block) = text.get(at..)?.first_chunk::<BLOCK>() {
        put(out, to, block)?;
        let word = u64::from_le_bytes(*block);
        *seen |= word;
        let marked = equal(word, b'"') | equal(word, b'\\');
        if marked == 0 {
            (at, to) = (at + BLOCK, to + BLOCK);
            continue;
        }
        let bit = marked.trailing_zeros() & !7;
        let length = (bit / 8) as usize;
        (at, to) = (at + length, to + length);
        if (word >> bit) as u8 == b'"' {
            return Some((at + 1, to));
        }
        (at, to) = escape(text, at, out, to)?;
    }
    string_at_end(text, at, out, to, seen)
}

/// Copies what is left of a string near the end of the text, byte by byte.
#[cold]
fn string_at_end(
    text: &[u8],
    mut at: usize,
    out: &mut [u8],
    mut to: usize,
    seen: &mut u64,
) -> Option<(usize, usize)> {
    loop {
        match *text.get(at)? {
            b'"' => return Some((at + 1, to)),
            b'\\' => (at, to) = escape(text, at, out, to)?,
            byte => {
                *seen |= u64::from(byte);
                put(out, to, &[byte])?;
                (at, to) = (at + 1, to + 1);
            }
        }
    }
}

/// Writes the character of the escape at `text[at..]` to `out[to..]`. Returns the positions after both.
#[inline(never)]
fn escape(text: &[u8], at: usize, out: &mut [u8], to: usize) -> Option<(usize, usize)> {
    // Mostly the separators of message properties.
    if let Some([b'\\', b'u', b'0', b'0', b'0', digit @ b'0'..=b'9', ..]) =
        text.get(at..)?.first_chunk::<BLOCK>()
    {
        put(out, to, &[digit - b'0'])?;
        return Some((at + 6, to + 1));
    }
    let mut place = Place { out, to };
    let at = unescape_one(text, at + 1, &mut place).ok()?;
    Some((at, place.to))
}

/// A place for the content of a string. What does not fit is counted only.
struct Place<'a> {
    out: &'a mut [u8],
    to: usize,
}

impl Content for Place<'_> {
    #[inline]
    fn piece(&mut self, text: &[u8], start: usize, end: usize) {
        let to = self.to;
        self.to += end - start;
        if let Some(out) = self.out.get_mut(to..self.to) {
            out.copy_from_slice(&text[start..end]);
        }
    }

    #[inline]
    fn byte(&mut self, byte: u8) {
        self.piece(&[byte], 0, 1);
    }

    fn char(&mut self, char: char) {
        let mut bytes = [0; 4];
        let length = char.encode_utf8(&mut bytes).len();
        self.piece(&bytes, 0, length);
    }
}
