//! Headers beyond strict JSON: at least all that fastjson 1 (to RocketMQ 5.3) and fastjson2 (from 5.4) both read, in
//! time linear in the header. What the two read differently is read as the newer does.

use std::collections::HashMap;

use super::{Parts, Remark};
use crate::ext_fields::RawEntries;
use crate::frame::HEAD;
use crate::json::lenient::may_follow;
use crate::json::lexer::{Fault, Reader, into_text};
use crate::{DecodeError, DecodeErrorKind, ExtFields, LanguageCode};

/// Reads a header, or says what is wrong with it.
pub(super) fn read(header: &[u8]) -> Result<Parts, DecodeError> {
    if let Err(error) = std::str::from_utf8(header) {
        let at = HEAD + error.valid_up_to();
        return Err(DecodeError::new(DecodeErrorKind::InvalidUtf8("the JSON header"), at));
    }
    Ok(Reader { text: header, at: 0 }.header()?)
}

impl Reader<'_> {
    fn header(&mut self) -> Result<Parts, Fault> {
        let mut parts = Parts::default();
        let mut key = Vec::new();
        let mut ignored = Vec::new();
        self.skip_space();
        self.expect(b'{', "not an object")?;
        self.skip_space();
        let mut more = !self.eat(b'}');
        while more {
            key.clear();
            self.string(&mut key, "no key in quotes")?;
            self.colon()?;
            match key.as_slice() {
                b"code" => parts.code = self.integer()?,
                b"extFields" => parts.ext_fields = self.ext_fields()?,
                b"flag" => parts.flag = self.integer()?,
                b"language" => parts.language = self.language()?,
                b"opaque" => parts.opaque = self.integer()?,
                b"remark" => parts.remark = self.remark()?,
                b"version" => parts.version = self.integer()?,
                // `serializeTypeCurrentRPC`, which the type byte overrides, and keys of other releases or clients.
                _ => {
                    ignored.clear();
                    self.nested(&mut ignored)?;
                }
            }
            more = self.next_member()?;
        }
        while let Some(byte) = self.peek() {
            if !may_follow(byte) {
                return self.fault("something after the object");
            }
            self.at += 1;
        }
        Ok(parts)
    }

    /// A number, a bool, null, or one of them in a string.
    fn integer(&mut self) -> Result<i32, Fault> {
        match self.peek() {
            Some(b'"' | b'\'') => {
                let at = self.at;
                let mut content = Vec::new();
                self.string(&mut content, "")?;
                match content.as_slice() {
                    b"" | b"null" => Ok(0),
                    content => match std::str::from_utf8(content).map(str::parse) {
                        Ok(Ok(value)) => Ok(value),
                        _ => Err(Fault::new(at, "a string where an integer of 32 bits belongs")),
                    },
                }
            }
            Some(b't') if self.eat_word("true") => Ok(1),
            Some(b'f') if self.eat_word("false") => Ok(0),
            Some(b'n') if self.eat_word("null") => Ok(0),
            _ if self.at_number() => self.number()?.to_i32(),
            _ => self.fault("not an integer"),
        }
    }

    /// A name or an ordinal; an unknown name is `OTHER`, an unknown ordinal an error, as in Java.
    fn language(&mut self) -> Result<Option<LanguageCode>, Fault> {
        let at = self.at;
        match self.peek() {
            Some(b'"' | b'\'') => {
                let mut name = Vec::new();
                self.string(&mut name, "")?;
                let name = into_text(name, at)?.replace('-', "_");
                let name = name.trim();
                let by_ordinal = || LanguageCode::from_ordinal(name.parse().ok()?);
                let known = LanguageCode::from_name(name).or_else(by_ordinal);
                Ok(Some(known.unwrap_or(LanguageCode::OTHER)))
            }
            Some(b'n') if self.eat_word("null") => Ok(None),
            _ if self.at_number() => {
                let number = self.number()?;
                match LanguageCode::from_ordinal(number.to_i32()?.into()) {
                    None => Err(Fault::new(at, "a number that is no language's")),
                    known => Ok(known),
                }
            }
            _ => self.fault("not a language"),
        }
    }

    /// A string, or the JSON text of anything else.
    fn remark(&mut self) -> Result<Remark, Fault> {
        if self.eat_word("null") {
            return Ok(Remark::None);
        }
        let at = self.at;
        let mut content = Vec::new();
        match self.peek() {
            Some(b'"' | b'\'') => self.string(&mut content, "")?,
            _ => self.nested(&mut content)?,
        }
        Ok(Remark::Text(into_text(content, at)?))
    }

    /// An object of strings and of what becomes a string; or null.
    fn ext_fields(&mut self) -> Result<Option<Vec<u8>>, Fault> {
        if self.eat_word("null") {
            return Ok(None);
        }
        self.expect(b'{', "extFields is not an object")?;
        self.skip_space();
        let mut encoded = Vec::new();
        let mut nulls: HashMap<Vec<u8>, usize> = HashMap::new();
        let mut more = !self.eat(b'}');
        while more {
            let entry = encoded.len();
            let at = self.at;
            encoded.extend_from_slice(&[0; 2]);
            self.string(&mut encoded, "no key in quotes")?;
            let length = encoded.len() - entry - 2;
            if length > ExtFields::MAX_KEY {
                return Err(Fault::new(at, "a key of more than 32767 bytes in extFields"));
            }
            encoded[entry..entry + 2].copy_from_slice(&(length as u16).to_be_bytes());
            self.colon()?;
            if self.eat_word("null") {
                nulls.insert(encoded.split_off(entry + 2), entry);
                encoded.truncate(entry);
            } else {
                let value = encoded.len();
                encoded.extend_from_slice(&[0; 4]);
                match self.peek() {
                    Some(b'"' | b'\'') => self.string(&mut encoded, "")?,
                    _ if self.at_number() => self.number()?.push_text(&mut encoded)?,
                    _ => self.nested(&mut encoded)?,
                }
                let length = encoded.len() - value - 4;
                encoded[value..value + 4].copy_from_slice(&(length as u32).to_be_bytes());
            }
            more = self.next_member()?;
        }
        Ok(Some(if nulls.is_empty() { encoded } else { without_nulled(&encoded, &nulls) }))
    }
}

/// The entries but those that a null of the same key has come after.
fn without_nulled(encoded: &[u8], nulls: &HashMap<Vec<u8>, usize>) -> Vec<u8> {
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
