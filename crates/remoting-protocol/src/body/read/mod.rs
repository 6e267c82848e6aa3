//! JSON as every Java release writes it.
//!
//! Strict JSON, which is most bodies, goes through `serde_json`. What that refuses is checked and indexed by
//! [`Document`] in one pass, and read from the text as the type asks for it.

mod deserialize;
mod document;
mod error;
mod reference;
mod value;

use std::any::type_name;

use serde::de::DeserializeOwned;

use self::document::Document;
use self::error::ReadError;
use self::value::Value;
use super::BodyError;

#[cfg(test)]
mod tests;

pub(super) fn from_json<T: DeserializeOwned>(body: &[u8]) -> Result<T, BodyError> {
    if body.is_empty() {
        return Err(BodyError::missing::<T>());
    }
    let text = std::str::from_utf8(body)
        .map_err(|error| refused::<T>(ReadError::at(error.valid_up_to(), "not UTF-8"), String::from("$")))?;
    // A reference is strict JSON too, but says nothing of the value it stands for.
    if !text.contains("\"$ref\"")
        && let Ok(value) = serde_json::from_str(text)
    {
        return Ok(value);
    }
    let document = Document::scan(text).map_err(|error| refused::<T>(error, String::from("$")))?;
    Value::root(&document).and_then(T::deserialize).map_err(|error| {
        let path = document.path(error.offset.unwrap_or_default());
        refused::<T>(error, path)
    })
}

fn refused<T>(error: ReadError, path: String) -> BodyError {
    // A visitor quotes what it refuses, however long the peer has made it.
    const MAX_REASON: usize = 512;
    let reason = error.reason.chars().take(MAX_REASON).collect();
    let offset = error.offset.unwrap_or_default();
    BodyError::Json { expected: type_name::<T>(), reason, offset, path }
}
