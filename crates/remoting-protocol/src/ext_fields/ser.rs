//! A typed header into ext fields.

use serde::Serialize;

use super::ExtFields;
use crate::HeaderError;

pub(super) fn into_fields<H: Serialize + ?Sized>(
    _header: &H,
    _fields: &mut ExtFields,
) -> Result<(), HeaderError> {
    Err(HeaderError::Custom("typed headers are not written yet".to_owned()))
}
