//! A reader for headers in the whole [dialect](crate::json), in linear time. It converts values of other types than
//! that of their field as the newest Java release does.

use std::collections::HashMap;

use super::{Parts, Remark};
use crate::ext_fields::{MAX_KEY, RawEntries};
use crate::header::HEAD;
use crate::json::dialect::IN_HEADERS;
use crate::json::{Fault, Lexer, NumberLiteral, Scalar};
use crate::{DecodeError, DecodeErrorKind, LanguageCode};

/// Reads a header, or returns the first error.
pub(super) fn read(header: &[u8]) -> Result<Parts, DecodeError> {
    match std::str::from_utf8(header) {
        Ok(text) => Ok(members(&mut Lexer::new(text))?),
        Err(error) => {
            let at = HEAD + error.valid_up_to();
            Err(DecodeError::new(DecodeErrorKind::InvalidUtf8("the JSON header"), at))
        }
    }
}

fn members(lexer: &mut Lexer<'_>) -> Result<Parts, Fault> {
    let mut parts = Parts::default();
    let mut key = Vec::new();
    lexer.skip_space();
    let mut more = lexer.first_member("expected an object")?;
    while more {
        key.clear();
        lexer.key()?.push_text(&mut key)?;
        lexer.colon()?;
        match key.as_slice() {
            b"code" => parts.code = integer(lexer)?,
            b"extFields" => parts.ext_fields = ext_fields(lexer)?,
            b"flag" => parts.flag = integer(lexer)?,
            b"language" => parts.language = language(lexer)?,
            b"opaque" => parts.opaque = integer(lexer)?,
            b"remark" => parts.remark = remark(lexer)?,
            b"version" => parts.version = integer(lexer)?,
            // `serializeTypeCurrentRPC`, which the type byte overrides, and unknown keys.
            _ => lexer.skip_value(IN_HEADERS)?,
        }
        more = lexer.next_member()?;
    }
    lexer.end()?;
    Ok(parts)
}

/// Reads a number, a bool, null, or one of these in a string.
fn integer(lexer: &mut Lexer<'_>) -> Result<i32, Fault> {
    let at = lexer.at();
    let not_an_integer = Fault::new(at, "expected an integer");
    match lexer.scalar()? {
        Scalar::Null => Ok(0),
        Scalar::Bool(value) => Ok(value.into()),
        Scalar::Number(number) => number.to_i32(),
        Scalar::String(string) => match &*string.content() {
            "" | "null" => Ok(0),
            content => match NumberLiteral::parse(content).map(NumberLiteral::to_i32) {
                Some(Ok(value)) => Ok(value),
                _ => Err(not_an_integer),
            },
        },
        Scalar::NotANumber | Scalar::Word(_) => Err(not_an_integer),
    }
}

/// Reads a name or an ordinal. As in Java, an unknown name is `OTHER`, and an unknown ordinal is an error.
fn language(lexer: &mut Lexer<'_>) -> Result<Option<LanguageCode>, Fault> {
    let at = lexer.at();
    match lexer.scalar()? {
        Scalar::Null => Ok(None),
        Scalar::String(string) => {
            let name = string.content().replace('-', "_");
            let name = name.trim();
            let by_ordinal = || LanguageCode::from_ordinal(name.parse().ok()?);
            let known = LanguageCode::from_name(name).or_else(by_ordinal);
            Ok(Some(known.unwrap_or(LanguageCode::OTHER)))
        }
        Scalar::Number(number) => match LanguageCode::from_ordinal(number.to_i32()?.into()) {
            None => Err(Fault::new(at, "unknown language ordinal")),
            known => Ok(known),
        },
        _ => Err(Fault::new(at, "expected a language")),
    }
}

/// Reads a string, or the text of another value.
fn remark(lexer: &mut Lexer<'_>) -> Result<Remark, Fault> {
    if lexer.eat_word("null") {
        return Ok(Remark::None);
    }
    let at = lexer.at();
    let mut content = Vec::new();
    lexer.text(IN_HEADERS, &mut content)?;
    // The text is UTF-8, since the header is.
    String::from_utf8(content).map(Remark::Text).map_err(|_| Fault::new(at, "invalid UTF-8"))
}

/// Reads null, or an object whose values are strings or become text.
fn ext_fields(lexer: &mut Lexer<'_>) -> Result<Option<Vec<u8>>, Fault> {
    if lexer.eat_word("null") {
        return Ok(None);
    }
    let mut encoded = Vec::new();
    let mut nulls: HashMap<Vec<u8>, usize> = HashMap::new();
    let mut more = lexer.first_member("extFields is not an object")?;
    while more {
        let entry = encoded.len();
        let at = lexer.at();
        encoded.extend_from_slice(&[0; 2]);
        lexer.key()?.push_text(&mut encoded)?;
        let length = encoded.len() - entry - 2;
        if length > MAX_KEY {
            return Err(Fault::new(at, "key in extFields exceeds 32767 bytes"));
        }
        encoded[entry..entry + 2].copy_from_slice(&(length as u16).to_be_bytes());
        lexer.colon()?;
        if lexer.eat_word("null") {
            nulls.insert(encoded.split_off(entry + 2), entry);
            encoded.truncate(entry);
        } else {
            let value = encoded.len();
            encoded.extend_from_slice(&[0; 4]);
            lexer.text(IN_HEADERS, &mut encoded)?;
            let length = encoded.len() - value - 4;
            encoded[value..value + 4].copy_from_slice(&(length as u32).to_be_bytes());
        }
        more = lexer.next_member()?;
    }
    Ok(Some(if nulls.is_empty() { encoded } else { without_nulls(&encoded, &nulls) }))
}

/// Returns the entries that are not followed by a null of the same key.
fn without_nulls(encoded: &[u8], nulls: &HashMap<Vec<u8>, usize>) -> Vec<u8> {
    let mut kept = Vec::with_capacity(encoded.len());
    let mut start = 0;
    for (key, value) in RawEntries::new(encoded) {
        let end = start + 6 + key.len() + value.len();
        if nulls.get(key).is_none_or(|null| *null <= start) {
            kept.extend_from_slice(&encoded[start..end]);
        }
        start = end;
    }
    kept
}
