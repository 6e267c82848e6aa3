use std::str::FromStr;

use super::ConfigError;

/// Java system properties, wherever they come from.
pub(crate) struct Properties<F> {
    lookup: F,
}

impl<F: Fn(&str) -> Option<String>> Properties<F> {
    pub(crate) const fn new(lookup: F) -> Self {
        Self { lookup }
    }

    /// The value of a property; `None` when it is not set.
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

    /// The value of a property that has several names; of those that are set the last one wins.
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

    /// The value of a property that counts bytes, of which zero means none.
    pub(crate) fn bytes(&self, property: &'static str) -> Result<Option<usize>, ConfigError> {
        Ok(self.read(property, "a number of bytes")?.filter(|bytes| *bytes > 0))
    }
}
