//! Values that users and handlers attach to a channel, by key.

use std::{any::Any, fmt, marker::PhantomData, sync::Arc};

use parking_lot::RwLock;

/// The name and type of an attribute. Equivalent of Netty's `AttributeKey`. Two keys with the same name and type are
/// equal.
///
/// ```
/// use remoting_transport::AttributeKey;
///
/// static CLIENT_ID: AttributeKey<String> = AttributeKey::new("clientId");
/// ```
pub struct AttributeKey<T> {
    name: &'static str,
    value: PhantomData<fn() -> T>,
}

impl<T> AttributeKey<T> {
    /// Creates a key with this name.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self { name, value: PhantomData }
    }

    /// Returns the name of the key.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }
}

impl<T> fmt::Debug for AttributeKey<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("AttributeKey").field(&self.name).finish()
    }
}

/// The attributes of a channel. Methods return shared handles of values, so no lock outlives a call.
#[derive(Default)]
pub struct Attributes {
    // A few entries at most: a scan is faster than hashing, and an empty list needs no allocation.
    entries: RwLock<Vec<Entry>>,
}

struct Entry {
    name: &'static str,
    value: Arc<dyn Any + Send + Sync>,
}

impl Attributes {
    /// Returns the value of `key`, if set.
    #[must_use]
    pub fn get<T: Send + Sync + 'static>(&self, key: &AttributeKey<T>) -> Option<Arc<T>> {
        self.entries
            .read()
            .iter()
            .filter(|entry| entry.name == key.name)
            .find_map(|entry| Arc::clone(&entry.value).downcast().ok())
    }

    /// Sets the value of `key` and returns the previous value.
    pub fn set<T: Send + Sync + 'static>(&self, key: &AttributeKey<T>, value: T) -> Option<Arc<T>> {
        let mut entries = self.entries.write();
        let old = take(&mut entries, key);
        entries.push(Entry { name: key.name, value: Arc::new(value) });
        old
    }

    /// Removes the value of `key` and returns it.
    pub fn remove<T: Send + Sync + 'static>(&self, key: &AttributeKey<T>) -> Option<Arc<T>> {
        take(&mut self.entries.write(), key)
    }
}

fn take<T: Send + Sync + 'static>(entries: &mut Vec<Entry>, key: &AttributeKey<T>) -> Option<Arc<T>> {
    let at = entries.iter().position(|entry| entry.name == key.name && entry.value.is::<T>())?;
    entries.swap_remove(at).value.downcast().ok()
}

impl fmt::Debug for Attributes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.entries.read().iter().map(|entry| entry.name)).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: AttributeKey<String> = AttributeKey::new("name");
    const SIZE: AttributeKey<usize> = AttributeKey::new("name");

    #[test]
    fn a_value_is_found_by_name_and_type() {
        let attributes = Attributes::default();
        assert_eq!(attributes.set(&NAME, "a".to_owned()), None);
        assert_eq!(attributes.set(&NAME, "b".to_owned()).unwrap().as_str(), "a");
        assert_eq!(attributes.get(&NAME).unwrap().as_str(), "b");
        assert_eq!(attributes.get(&SIZE), None);
    }

    #[test]
    fn a_removed_value_is_gone() {
        let attributes = Attributes::default();
        attributes.set(&SIZE, 3);
        assert_eq!(attributes.remove(&SIZE).as_deref(), Some(&3));
        assert_eq!(attributes.get(&SIZE), None);
    }
}
