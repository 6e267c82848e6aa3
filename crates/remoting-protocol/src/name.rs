//! The text of codes: a name, a number, or both as `NAME(number)`.

use std::fmt::{self, Display};
use std::str::FromStr;

/// The error of `FromStr` for codes, languages, versions and header encodings: the text is neither a name nor a
/// number.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown {kind} `{text}`: use its name or number")]
pub struct UnknownName {
    text: String,
    kind: &'static str,
}

/// Writes a code as `NAME(number)`, or as its number if it has no name.
pub(crate) fn show(f: &mut fmt::Formatter<'_>, name: Option<&str>, number: impl Display) -> fmt::Result {
    match name {
        Some(name) => write!(f, "{name}({number})"),
        None => number.fmt(f),
    }
}

/// Parses a name, a number, or the output of [`show`].
pub(crate) fn parse<N: FromStr + Copy + PartialEq>(
    text: &str,
    kind: &'static str,
    by_name: impl Fn(&str) -> Option<N>,
) -> Result<N, UnknownName> {
    let number = match text.strip_suffix(')').and_then(|text| text.split_once('(')) {
        Some((name, number)) => number.parse().ok().filter(|number| by_name(name) == Some(*number)),
        None => text.parse().ok().or_else(|| by_name(text)),
    };
    number.ok_or_else(|| unknown(text, kind))
}

/// Creates the error for `text`, cut to 64 characters.
pub(crate) fn unknown(text: &str, kind: &'static str) -> UnknownName {
    UnknownName { text: text.chars().take(64).collect(), kind }
}

#[cfg(test)]
mod tests {
    use std::fmt::{Debug, Display};
    use std::str::FromStr;

    use crate::{LanguageCode, MqVersion, RequestCode, ResponseCode, SerializeType};

    /// Checks that `FromStr` reads what `Display` and `Debug` print.
    fn assert_round_trip<T: Copy + PartialEq + Debug + Display + FromStr<Err: Debug>>(codes: &[T]) {
        for code in codes {
            assert_eq!(code.to_string().parse::<T>().unwrap(), *code);
            assert_eq!(format!("{code:?}"), code.to_string());
        }
    }

    #[test]
    fn a_code_is_parsed_from_its_display() {
        assert_round_trip(LanguageCode::ALL);
        assert_round_trip(&[LanguageCode(200)]);
        assert_round_trip(RequestCode::ALL);
        assert_round_trip(&[RequestCode(20_000), RequestCode(-1)]);
        assert_round_trip(ResponseCode::ALL);
        let versions: Vec<_> = (-1..620).map(MqVersion).collect();
        assert_round_trip(&versions);
        assert_round_trip(&[MqVersion(i32::MIN), MqVersion(i32::MAX)]);
    }

    #[test]
    fn a_code_is_parsed_from_its_name_and_its_number() {
        assert_eq!("GO".parse(), Ok(LanguageCode::GO));
        assert_eq!("9".parse(), Ok(LanguageCode::GO));
        assert_eq!("SEND_MESSAGE".parse(), Ok(RequestCode::SEND_MESSAGE));
        assert_eq!("10".parse(), Ok(RequestCode::SEND_MESSAGE));
        assert_eq!("V5_3_3".parse(), Ok(MqVersion::V5_3_3));
        assert_eq!("ROCKETMQ".parse(), Ok(SerializeType::RocketMq));
    }

    #[test]
    fn other_text_is_an_error() {
        for text in ["", "GONE", "GO(8)", "GO(9", "(9)", "256"] {
            let error = text.parse::<LanguageCode>().unwrap_err();
            assert_eq!(error.to_string(), format!("unknown language `{text}`: use its name or number"));
        }
        assert!("rocketmq".parse::<SerializeType>().is_err());
        for text in ["HIGHER_VERSION(611)", "HIGHER_VERSION()", "HIGHER_VERSION(700", "V5_5_0(700)"] {
            assert!(text.parse::<MqVersion>().is_err(), "{text}");
        }
    }
}
