use std::fmt;
use std::sync::Arc;

use super::{ProcessorLayer, ProcessorService, Registration};

/// Layers, from the outermost to the innermost.
#[derive(Clone, Default)]
pub(crate) struct Layers(Vec<Arc<dyn ProcessorLayer>>);

impl Layers {
    /// Adds a layer inside the others.
    pub(crate) fn push(&mut self, layer: impl ProcessorLayer) {
        self.0.push(Arc::new(layer));
    }

    /// Returns the registration with its processor inside the layers.
    pub(crate) fn surround(&self, registration: Arc<Registration>) -> Arc<Registration> {
        if self.0.is_empty() {
            return registration;
        }
        let processor = Arc::clone(&registration.processor);
        let processor = self.0.iter().rev().fold(processor, |processor, layer| {
            layer.surround(ProcessorService::of_erased(processor)).into_erased()
        });
        Arc::new(Registration::of_erased(registration.executor.clone(), processor))
    }

    /// Puts the processors of these registrations inside the layers. Codes that share a registration share the new
    /// one.
    pub(crate) fn surround_all<C>(&self, registrations: &mut [(C, Arc<Registration>)]) {
        let mut surrounded: Vec<(Arc<Registration>, Arc<Registration>)> = Vec::new();
        for (_, registration) in registrations {
            let known = surrounded.iter().find(|(inner, _)| Arc::ptr_eq(inner, registration));
            let outer = match known {
                Some((_, outer)) => Arc::clone(outer),
                None => {
                    let outer = self.surround(Arc::clone(registration));
                    surrounded.push((Arc::clone(registration), Arc::clone(&outer)));
                    outer
                }
            };
            *registration = outer;
        }
    }
}

impl fmt::Debug for Layers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Layers({})", self.0.len())
    }
}
