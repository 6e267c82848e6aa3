//! The format of `java.util.Properties`.

use zeroize::Zeroizing;

/// Returns the pairs of a properties file in file order. Reads it as `Properties.load(InputStream)` does: in
/// ISO 8859-1, with its comments, continued lines, separators and escapes. Values are wiped when dropped;
/// they may be secrets.
pub(super) fn pairs(file: &[u8]) -> Result<Vec<(String, Zeroizing<String>)>, String> {
    logical_lines(file)
        .into_iter()
        .map(|line| {
            let (key, value) = split(&line);
            Ok((unescape(key)?.to_string(), unescape(value)?))
        })
        .collect()
}

const fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | 0x0C)
}

fn without_leading_blanks(line: &[u8]) -> &[u8] {
    let blanks = line.iter().take_while(|byte| is_blank(**byte)).count();
    &line[blanks..]
}

/// Returns the lines, each joined with its continuation lines. Comments and blank lines are skipped.
fn logical_lines(file: &[u8]) -> Vec<Zeroizing<Vec<u8>>> {
    let mut lines = Vec::new();
    let mut open: Option<Zeroizing<Vec<u8>>> = None;
    for natural in split_natural_lines(file) {
        let text = without_leading_blanks(natural);
        if open.is_none() && matches!(text.first(), None | Some(b'#' | b'!')) {
            continue;
        }
        let continued = text.iter().rev().take_while(|byte| **byte == b'\\').count() % 2 == 1;
        let text = if continued { &text[..text.len() - 1] } else { text };
        let mut line = open.take().unwrap_or_default();
        line.extend_from_slice(text);
        if continued {
            open = Some(line);
        } else {
            lines.push(line);
        }
    }
    lines.extend(open);
    // A line that consists only of continuations is empty.
    lines.retain(|line| !line.is_empty());
    lines
}

/// Splits at `\n`, `\r` and `\r\n`.
fn split_natural_lines(file: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(file);
    std::iter::from_fn(move || {
        let text = rest?;
        let Some(end) = text.iter().position(|byte| matches!(byte, b'\n' | b'\r')) else {
            rest = None;
            return Some(text);
        };
        let width = if text[end..].starts_with(b"\r\n") { 2 } else { 1 };
        rest = Some(&text[end + width..]);
        Some(&text[..end])
    })
}

/// Splits a line into key and value. The key ends at the first unescaped `=`, `:` or blank. Blanks around the
/// separator belong to neither.
fn split(line: &[u8]) -> (&[u8], &[u8]) {
    let mut escaped = false;
    let end = line
        .iter()
        .position(|byte| {
            let ends = !escaped && (is_blank(*byte) || matches!(byte, b'=' | b':'));
            escaped = *byte == b'\\' && !escaped;
            ends
        })
        .unwrap_or(line.len());
    let (key, rest) = line.split_at(end);
    let rest = without_leading_blanks(rest);
    let rest = match rest.first() {
        Some(b'=' | b':') => without_leading_blanks(&rest[1..]),
        _ => rest,
    };
    (key, rest)
}

fn unescape(text: &[u8]) -> Result<Zeroizing<String>, String> {
    // UTF-16, as in Java: an escape may be half of a surrogate pair.
    let mut units = Zeroizing::new(Vec::with_capacity(text.len()));
    let mut bytes = text.iter().copied();
    while let Some(byte) = bytes.next() {
        if byte != b'\\' {
            units.push(u16::from(byte));
            continue;
        }
        units.push(match bytes.next() {
            Some(b'u') => {
                let digits: Vec<u8> = bytes.by_ref().take(4).collect();
                let digits = std::str::from_utf8(&digits).unwrap_or_default();
                match u16::from_str_radix(digits, 16) {
                    Ok(unit) if digits.len() == 4 && !digits.starts_with('+') => unit,
                    _ => return Err(r"malformed \uXXXX escape".to_owned()),
                }
            }
            Some(b't') => u16::from(b'\t'),
            Some(b'n') => u16::from(b'\n'),
            Some(b'r') => u16::from(b'\r'),
            Some(b'f') => 0x0C,
            Some(other) => u16::from(other),
            None => break,
        });
    }
    String::from_utf16(&units).map(Zeroizing::new).map_err(|_| r"half a character in \uXXXX".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(file: &[u8]) -> Vec<(String, String)> {
        pairs(file).unwrap().into_iter().map(|(key, value)| (key, value.to_string())).collect()
    }

    fn one(file: &[u8]) -> (String, String) {
        let mut read = read(file);
        assert_eq!(read.len(), 1, "{read:?}");
        read.remove(0)
    }

    fn pair(key: &str, value: &str) -> (String, String) {
        (key.to_owned(), value.to_owned())
    }

    #[test]
    fn separators_and_blanks_around_them() {
        for line in
            ["a=b c", "a = b c", "a:b c", "a : b c", "a b c", " \ta\t=\tb c", "a b c\r\n", "\x0Ca b c\r"]
        {
            assert_eq!(one(line.as_bytes()), pair("a", "b c"), "{line:?}");
        }
        assert_eq!(one(b"a==b"), pair("a", "=b"));
        assert_eq!(one(b"a"), pair("a", ""));
        assert_eq!(one(b"a=b  "), pair("a", "b  "), "blanks at the end belong to the value");
        assert_eq!(one(br"a\ b\=c\:d=e"), pair("a b=c:d", "e"));
    }

    #[test]
    fn comments_and_blank_lines_are_skipped_and_lines_are_continued() {
        let file = b"# one\n ! two \\\n\na=b\\\n   c\\\r\n d\ne=\\\\\nf=g#h\ni=j\\";
        let expected = [pair("a", "bcd"), pair("e", "\\"), pair("f", "g#h"), pair("i", "j")];
        assert_eq!(read(file), expected);
    }

    #[test]
    fn a_line_of_continuations_alone_is_none() {
        assert_eq!(read(b"\\\n \n"), []);
        assert_eq!(read(b"\\\n\\\r\n\t\\"), []);
        assert_eq!(read(b"\\\n  a=b\n"), [pair("a", "b")]);
    }

    #[test]
    fn escapes_and_the_character_set() {
        assert_eq!(one(br"a=\t\n\r\f\q\\"), pair("a", "\t\n\r\x0Cq\\"));
        assert_eq!(one(br"a=\u00e4\ud83d\ude00"), pair("a", "\u{e4}\u{1f600}"));
        assert_eq!(one(b"a=\xe4"), pair("a", "\u{e4}"), "ISO 8859-1");
        for bad in [&br"a=\u12"[..], br"a=\u12g4", br"a=\u+123", br"a=\ud83d"] {
            assert!(pairs(bad).is_err());
        }
    }
}
