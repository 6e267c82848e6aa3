//! Ext fields into a typed header.

use serde::Deserialize;

use crate::HeaderError;

pub(super) fn from_entries<'de, H: Deserialize<'de>>(_entries: &'de [u8]) -> Result<H, HeaderError> {
    Err(HeaderError::Custom("typed headers are not written yet".to_owned()))
}
