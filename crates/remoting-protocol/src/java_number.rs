//! Numbers in Java's text form.

use std::fmt::Write;

/// Parses an integer of at most 18 digits like `Long.parseLong`: an optional sign and ASCII digits.
#[inline]
pub(crate) fn parse_short(text: &[u8]) -> Option<i64> {
    if let [digit @ b'0'..=b'9'] = text {
        return Some(i64::from(digit - b'0'));
    }
    let (negative, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        [b'+', digits @ ..] => (false, digits),
        digits => (false, digits),
    };
    if digits.is_empty() || digits.len() > 18 {
        return None;
    }
    let mut value = 0_i64;
    for digit in digits {
        let digit = digit.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        value = value * 10 + i64::from(digit);
    }
    Some(if negative { -value } else { value })
}

/// Appends a double in the form of `Double.toString`: `1.0`, `0.001`, `1.0E7`, `1.0E-4`, `NaN`, `-Infinity`.
pub(crate) fn push_double(out: &mut Vec<u8>, value: f64) {
    push_shortest(
        out,
        format_args!("{value:e}"),
        value.is_finite(),
        value.is_sign_negative(),
        value.is_nan(),
    );
}

/// Appends a float in the form of `Float.toString`, like [`push_double`].
pub(crate) fn push_float(out: &mut Vec<u8>, value: f32) {
    push_shortest(
        out,
        format_args!("{value:e}"),
        value.is_finite(),
        value.is_sign_negative(),
        value.is_nan(),
    );
}

fn push_shortest(
    out: &mut Vec<u8>,
    shortest: std::fmt::Arguments<'_>,
    finite: bool,
    negative: bool,
    nan: bool,
) {
    if nan {
        return out.extend_from_slice(b"NaN");
    }
    if negative {
        out.push(b'-');
    }
    if !finite {
        return out.extend_from_slice(b"Infinity");
    }
    // `d` or `d.ddd`, optionally with `e` and an exponent: the shortest digits that parse to the same number.
    let mut scientific = FewBytes::default();
    // Cannot fail: the longest text, 17 digits and a three-digit exponent, fits.
    let _ = scientific.write_fmt(shortest);
    let scientific = scientific.bytes();
    let scientific = scientific.strip_prefix(b"-").unwrap_or(scientific);
    let split = scientific.iter().position(|byte| *byte == b'e').unwrap_or(scientific.len());
    let exponent = parse_short(scientific.get(split + 1..).unwrap_or_default()).unwrap_or_default();
    let mut digits = [b'0'; 20];
    let mut count = 0;
    for byte in scientific[..split].iter().filter(|byte| byte.is_ascii_digit()) {
        digits[count] = *byte;
        count += 1;
    }
    let digits = &digits[..count];
    match exponent {
        -3..=-1 => {
            out.extend_from_slice(b"0.");
            out.resize(out.len() + (-exponent - 1) as usize, b'0');
            out.extend_from_slice(digits);
        }
        0..=6 => {
            let whole = exponent as usize + 1;
            out.extend((0..whole).map(|index| digits.get(index).copied().unwrap_or(b'0')));
            push_fraction(out, digits.get(whole..).unwrap_or_default());
        }
        _ => {
            out.push(digits[0]);
            push_fraction(out, &digits[1..]);
            out.push(b'E');
            out.extend_from_slice(itoa::Buffer::new().format(exponent).as_bytes());
        }
    }
}

fn push_fraction(out: &mut Vec<u8>, digits: &[u8]) {
    out.push(b'.');
    out.extend_from_slice(if digits.is_empty() { b"0" } else { digits });
}

/// A buffer for formatted text on the stack.
#[derive(Default)]
struct FewBytes {
    bytes: [u8; 32],
    length: usize,
}

impl FewBytes {
    fn bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }
}

impl Write for FewBytes {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        let end = self.length + text.len();
        self.bytes.get_mut(self.length..end).ok_or(std::fmt::Error)?.copy_from_slice(text.as_bytes());
        self.length = end;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{parse_short, push_double, push_float};

    #[test]
    fn doubles_are_written_as_in_java() {
        for (value, shown) in [
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (1.0, "1.0"),
            (-2.5, "-2.5"),
            (100.0, "100.0"),
            (9_999_999.0, "9999999.0"),
            (1e7, "1.0E7"),
            (123_456_789.0, "1.23456789E8"),
            (0.001, "0.001"),
            (0.0125, "0.0125"),
            (1e-4, "1.0E-4"),
            (1.5e300, "1.5E300"),
            (f64::MAX, "1.7976931348623157E308"),
            (f64::NAN, "NaN"),
            (f64::INFINITY, "Infinity"),
            (f64::NEG_INFINITY, "-Infinity"),
        ] {
            let mut text = Vec::new();
            push_double(&mut text, value);
            assert_eq!(String::from_utf8(text).unwrap(), shown);
        }
        let mut text = Vec::new();
        push_float(&mut text, 0.1);
        assert_eq!(text, b"0.1");
    }

    #[test]
    fn integers_are_parsed_as_in_java() {
        assert_eq!(parse_short(b"-12"), Some(-12));
        assert_eq!(parse_short(b"+12"), Some(12));
        assert_eq!(parse_short(b"007"), Some(7));
        assert_eq!(parse_short(b"-999999999999999999"), Some(-999_999_999_999_999_999));
        for text in ["", "-", "+", "1.0", " 1", "1 ", "0x1", "1_0", "1000000000000000000"] {
            assert_eq!(parse_short(text.as_bytes()), None, "{text}");
        }
    }
}
