//! The error of the deserializers.

use std::fmt;

use serde::de::{Error, Expected, Unexpected};

use crate::HeaderError;

/// A [`HeaderError`] as small as a pointer, so that the result for each field is returned in registers.
#[derive(Debug)]
pub(super) struct Boxed(Box<HeaderError>);

impl Boxed {
    #[cold]
    pub(super) fn in_field(self, key: &[u8]) -> Self {
        self.0.in_field(key).into()
    }

    pub(super) fn into_inner(self) -> HeaderError {
        *self.0
    }
}

impl From<HeaderError> for Boxed {
    #[cold]
    fn from(error: HeaderError) -> Self {
        Self(Box::new(error))
    }
}

impl fmt::Display for Boxed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Boxed {}

impl Error for Boxed {
    fn custom<T: fmt::Display>(message: T) -> Self {
        <HeaderError as Error>::custom(message).into()
    }

    fn invalid_type(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        <HeaderError as Error>::invalid_type(unexpected, expected).into()
    }

    fn invalid_value(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        <HeaderError as Error>::invalid_value(unexpected, expected).into()
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Self {
        <HeaderError as Error>::unknown_variant(variant, expected).into()
    }

    fn missing_field(field: &'static str) -> Self {
        <HeaderError as Error>::missing_field(field).into()
    }

    fn duplicate_field(field: &'static str) -> Self {
        <HeaderError as Error>::duplicate_field(field).into()
    }
}
