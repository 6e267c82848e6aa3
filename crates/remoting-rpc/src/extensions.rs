//! Typed values attached to a request or call.

use std::any::{Any, TypeId};
use std::fmt;
use std::sync::Arc;

/// Typed values that hooks and the request pipeline attach to a request, at most one of each type.
///
/// An empty map allocates nothing. A clone shares the existing values; later inserts into one are not visible in the other.
/// For values of a whole connection use [attributes](crate::RpcChannel::attributes).
///
/// ```
/// use remoting_rpc::Extensions;
///
/// #[derive(Debug, PartialEq)]
/// struct Tenant(&'static str);
///
/// let mut extensions = Extensions::new();
/// extensions.insert(Tenant("orders"));
/// assert_eq!(extensions.get::<Tenant>(), Some(&Tenant("orders")));
/// assert_eq!(extensions.get::<String>(), None);
/// ```
#[derive(Clone, Default)]
pub struct Extensions(Option<Arc<Vec<Entry>>>);

/// There are few entries, so a scan is faster than hashing.
type Entry = (TypeId, Arc<dyn Any + Send + Sync>);

impl Extensions {
    /// Creates an empty map.
    #[must_use]
    pub const fn new() -> Self {
        Self(None)
    }

    /// Returns the value of type `T`.
    #[must_use]
    pub fn get<T: Send + Sync + 'static>(&self) -> Option<&T> {
        self.0.as_ref()?.iter().find(|(id, _)| *id == TypeId::of::<T>())?.1.downcast_ref()
    }

    /// Sets the value of type `T`, replacing an earlier one.
    pub fn insert<T: Send + Sync + 'static>(&mut self, value: T) {
        let entries = Arc::make_mut(self.0.get_or_insert_default());
        entries.retain(|(id, _)| *id != TypeId::of::<T>());
        entries.push((TypeId::of::<T>(), Arc::new(value)));
    }

    /// Returns whether the map is empty.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_none()
    }
}

impl fmt::Debug for Extensions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Extensions({})", self.0.as_ref().map_or(0, |entries| entries.len()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_one_value_of_each_type_and_a_clone_keeps_what_it_had() {
        let mut extensions = Extensions::new();
        assert!(extensions.is_empty());
        extensions.insert(1_u32);
        extensions.insert("text");
        let before = extensions.clone();
        extensions.insert(2_u32);
        assert_eq!((extensions.get(), extensions.get()), (Some(&2_u32), Some(&"text")));
        assert_eq!((before.get(), before.get()), (Some(&1_u32), Some(&"text")));
        assert_eq!(format!("{extensions:?}"), "Extensions(2)");
    }
}
