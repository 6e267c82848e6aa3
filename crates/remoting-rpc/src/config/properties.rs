use std::str::FromStr;

use super::ConfigError;

/// Java system properties from any source.
pub(crate) struct Properties<F> {
    lookup: F,
}

impl<F: Fn(&str) -> Option<String>> Properties<F> {
    pub(crate) const fn new(lookup: F) -> Self {
        Self { lookup }
    }

    /// Returns the value of a property, or `None` if it is not set.
    pub(crate) fn read<T: FromStr>(
        &self,
        property: &'static str,
        expected: &'static str,
    ) -> Result<Option<T>, ConfigError> {
        let Some(value) = (self.lookup)(property) else { return Ok(None) };
        match value.trim().parse() {
            Ok(parsed) => Ok(Some(parsed)),
            Err(_) => Err(ConfigError::Property { property, value, expected }),
        }
    }

    /// Returns the value of a property with several names. The last name that is set takes precedence.
    pub(crate) fn read_last<T: FromStr>(
        &self,
        names: &[&'static str],
        expected: &'static str,
    ) -> Result<Option<T>, ConfigError> {
        let mut last = None;
        for name in names {
            last = self.read(name, expected)?.or(last);
        }
        Ok(last)
    }

    /// Returns the value of a property in bytes, or `None` if it is zero or not set.
    pub(crate) fn bytes(&self, property: &'static str) -> Result<Option<usize>, ConfigError> {
        Ok(self.read(property, "a number of bytes")?.filter(|bytes| *bytes > 0))
    }
}
