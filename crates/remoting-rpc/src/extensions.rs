//! Values by type that belong to one request or call.

use std::any::{Any, TypeId};
use std::fmt;
use std::sync::Arc;

/// Values that hooks and the request pipeline have found out about one request: one for each type.
///
/// Without values it allocates nothing. A clone shares the values, and what is inserted into one is not seen in the
/// other. Values of a whole connection are [attributes](crate::RpcChannel::attributes).
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

/// A handful at most, so a scan beats hashing.
type Entry = (TypeId, Arc<dyn Any + Send + Sync>);

impl Extensions {
    /// Creates a map without values.
    #[must_use]
    pub const fn new() -> Self {
        Self(None)
    }

    /// Returns the value of type `T`, if there is one.
    #[must_use]
    pub fn get<T: Send + Sync + 'static>(&self) -> Option<&T> {
        self.0.as_ref()?.iter().find(|(id, _)| *id == TypeId::of::<T>())?.1.downcast_ref()
    }

    /// Sets the value of type `T`, in place of the one before.
    pub fn insert<T: Send + Sync + 'static>(&mut self, value: T) {
        let entries = Arc::make_mut(self.0.get_or_insert_default());
        entries.retain(|(id, _)| *id != TypeId::of::<T>());
        entries.push((TypeId::of::<T>(), Arc::new(value)));
    }

    /// Whether there is no value.
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
