//! A deserializer for the JSON of every Java release.
//!
//! `serde_json` reads strict JSON, the form of most bodies. A body that it rejects is checked and indexed by
//! [`Document`] in one pass, then its values are read from the text as the type requests them.

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
    let text = std::str::from_utf8(body).map_err(|error| {
        body_error::<T>(ReadError::at(error.valid_up_to(), "invalid UTF-8"), String::from("$"))
    })?;
    // A reference is strict JSON too, but `serde_json` does not resolve it.
    if !text.contains("\"$ref\"")
        && let Ok(value) = serde_json::from_str(text)
    {
        return Ok(value);
    }
    let document = Document::scan(text).map_err(|error| body_error::<T>(error, String::from("$")))?;
    Value::root(&document).and_then(T::deserialize).map_err(|error| {
        let path = document.path(error.offset.unwrap_or_default());
        body_error::<T>(error, path)
    })
}

fn body_error<T>(error: ReadError, path: String) -> BodyError {
    // A visitor quotes the rejected text, which may be long.
    const MAX_REASON: usize = 512;
    let reason = error.reason.chars().take(MAX_REASON).collect();
    let offset = error.offset.unwrap_or_default();
    BodyError::Json { expected: type_name::<T>(), reason, offset, path }
}
