//! The texts beyond strict JSON that are accepted in headers and in bodies.
//!
//! Two rules decide. A text that every Java release accepts is accepted here with the same meaning; if releases
//! disagree about the meaning, the newest counts. A text that only some releases accept is accepted if a release
//! writes it, or if it is harmless and needs no second grammar.
//!
//! | text | 4.9, 5.3 (fastjson 1) | 5.4 | 5.5 (fastjson 2) | here |
//! |---|---|---|---|---|
//! | keys and strings in single quotes | yes | yes | yes | yes |
//! | bare integer keys `{0:1}` | maps, skipped values | maps | maps; 5.5.1 also skipped values | yes |
//! | other bare keys `{a:1}` | yes | in values that become text | as 5.4 | yes |
//! | objects as keys `{{"a":1}:2}` | yes | maps | maps, values that become text | yes, not for a field's name |
//! | a comma before `}` or `]` | yes | yes | not in skipped values | yes |
//! | a comma first or twice, `;` for a comma | yes | no | no | no |
//! | no comma between members | no | yes | yes | no |
//! | comments | yes | no | in some places | no |
//! | U+0008 and U+000C as white space | yes | yes | yes | yes |
//! | a byte order mark first | yes | no | no | no |
//! | NUL after the document | yes | yes | yes | yes |
//! | `\x41`, `\v`, `\F`, `\'`, `\0` to `\7` | yes | not in skipped values | yes | yes |
//! | other escapes, truncated `\u` and `\x` | no | no, but `\@` and `\_` | as 5.4 | no |
//! | raw control characters in strings | yes | yes | yes | yes |
//! | half a surrogate pair `\ud800` | kept | kept | kept | U+FFFD |
//! | `+5`, `007`, `5.` | yes | yes | yes | yes |
//! | `5L`, `5S`, `5B`, `5F`, `5D` | yes | yes | yes | yes |
//! | `.5` | no, but `-.5` | yes, not as text | as 5.4 | yes |
//! | `NaN` | 0 | no | for a double | for a double, and as text |
//! | `-`, `1e` | no | partly | partly | no |
//! | `Infinity`, `TRUE`, `0x69`, `1_0` | no | no | no | no |
//! | `undefined` | yes | no | no | no |
//! | a number in a string, `"5"`, `"+5"` | yes | yes | yes | yes |
//! | a fraction or exponent in a string, for an integer | `"5.0"` | yes, cut off | as 5.4 | cut off |
//! | a repeated key | last, if keys are sorted | last | last | last |
//! | null members of a value that becomes text | omitted | kept | omitted | omitted |

/// The limit for nested arrays and objects.
#[derive(Clone, Copy)]
pub(crate) struct Nesting {
    pub(crate) most: usize,
    pub(crate) fault: &'static str,
}

/// The limit in a header. Java's limit is between 512 and 4 000. Reading a header does not recurse: a level costs
/// two bytes.
pub(crate) const IN_HEADERS: Nesting = Nesting { most: 1024, fault: "values nest deeper than 1024" };

/// The limit in a body. `serde` recurses over a body, and `serde_json`, which reads strict bodies, has the same
/// limit. No body of Java nests deeper than ten.
pub(crate) const IN_BODIES: Nesting = Nesting { most: 128, fault: "values nest deeper than 128" };

/// Returns whether a byte is white space between tokens.
#[inline]
pub(crate) const fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x08 | 0x0c)
}

/// Returns whether a byte may follow the end of a document.
#[inline]
pub(crate) const fn may_follow(byte: u8) -> bool {
    is_space(byte) || byte == 0
}

/// Returns whether a byte may occur in a key without quotes.
#[inline]
pub(crate) const fn is_bare(byte: u8) -> bool {
    BARE[byte as usize]
}

static BARE: [bool; 256] = {
    let mut bare = [false; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        bare[byte as usize] =
            byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | b'+' | b'-' | b'.');
        byte += 1;
    }
    bare
};

/// Returns whether a byte may be the suffix of a number, like Java's `L`.
#[inline]
pub(super) const fn is_number_suffix(byte: u8) -> bool {
    matches!(byte, b'L' | b'S' | b'B' | b'F' | b'D')
}

/// Returns the character that a backslash and this letter represent. `\x` and `\u`, which have digits, are handled
/// elsewhere.
#[inline]
pub(super) const fn unescaped(letter: u8) -> Option<u8> {
    Some(match letter {
        b'"' | b'\\' | b'/' | b'\'' => letter,
        b'n' => b'\n',
        b't' => b'\t',
        b'r' => b'\r',
        b'b' => 0x08,
        b'f' | b'F' => 0x0c,
        b'v' => 0x0b,
        b'0'..=b'7' => letter - b'0',
        _ => return None,
    })
}
