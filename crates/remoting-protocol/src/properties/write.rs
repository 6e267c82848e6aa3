//! Entries as they are written.

use std::fmt::Write as _;

/// Appends the line `key=value`.
///
/// The line is that of Java's `MixAll.properties2String`, except that a character is escaped if `Properties.load`
/// would not read it as it is: a backslash, a control character, a character beyond ASCII, a blank at the start of the
/// value, and in the key also blanks, `=`, `:`, `#` and `!`. Java escapes nothing, so its own peers misread these.
pub fn push_entry(to: &mut String, key: &str, value: &str) {
    for char in key.chars() {
        if matches!(char, ' ' | '=' | ':' | '#' | '!') {
            to.push('\\');
        }
        push_char(to, char);
    }
    to.push('=');
    if value.starts_with(' ') {
        to.push('\\');
    }
    for char in value.chars() {
        push_char(to, char);
    }
    to.push('\n');
}

fn push_char(to: &mut String, char: char) {
    match char {
        '\\' => to.push_str(r"\\"),
        '\t' => to.push_str(r"\t"),
        '\n' => to.push_str(r"\n"),
        '\r' => to.push_str(r"\r"),
        '\x0C' => to.push_str(r"\f"),
        ' '..='~' => to.push(char),
        other => {
            for unit in other.encode_utf16(&mut [0; 2]) {
                // Writing to a `String` does not fail.
                let _ = write!(to, "\\u{unit:04X}");
            }
        }
    }
}
