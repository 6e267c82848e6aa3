//! The ordered, named list of handlers.

use std::{borrow::Cow, fmt, time::Instant};

use thiserror::Error;

use super::{ChannelHandler, Interest};

type Name = Cow<'static, str>;

/// A channel's handlers in order of distance from the wire, each under a name of its own.
#[derive(Default)]
pub struct ChannelPipeline {
    handlers: Vec<Link>,
    /// What any of the handlers is interested in.
    interest: Interest,
    deadline: Option<Instant>,
    /// Whether a handler that may have moved its deadline has been called since they were asked.
    called: bool,
}

struct Link {
    name: Name,
    interest: Interest,
    handler: Box<dyn ChannelHandler>,
}

/// A mistake in building a pipeline.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PipelineError {
    /// The name is taken.
    #[error("the pipeline has a handler named {name:?} already")]
    DuplicateName {
        /// The name.
        name: String,
    },
    /// There is no handler of that name to stand beside.
    #[error("the pipeline has no handler named {name:?}; it has {present}")]
    UnknownName {
        /// The name.
        name: String,
        /// The names there are, separated by commas.
        present: String,
    },
}

impl ChannelPipeline {
    /// Adds a handler next to the wire.
    ///
    /// # Errors
    /// When the name is taken.
    pub fn add_first(
        &mut self,
        name: impl Into<Name>,
        handler: impl ChannelHandler,
    ) -> Result<&mut Self, PipelineError> {
        self.insert(0, name.into(), Box::new(handler))
    }

    /// Adds a handler next to the layer above.
    ///
    /// # Errors
    /// When the name is taken.
    pub fn add_last(
        &mut self,
        name: impl Into<Name>,
        handler: impl ChannelHandler,
    ) -> Result<&mut Self, PipelineError> {
        self.insert(self.handlers.len(), name.into(), Box::new(handler))
    }

    /// Adds a handler on the wire's side of the one named `mark`.
    ///
    /// # Errors
    /// When the name is taken or `mark` is not there.
    pub fn add_before(
        &mut self,
        mark: &str,
        name: impl Into<Name>,
        handler: impl ChannelHandler,
    ) -> Result<&mut Self, PipelineError> {
        self.insert(self.position(mark)?, name.into(), Box::new(handler))
    }

    /// Adds a handler on the upper layer's side of the one named `mark`.
    ///
    /// # Errors
    /// When the name is taken or `mark` is not there.
    pub fn add_after(
        &mut self,
        mark: &str,
        name: impl Into<Name>,
        handler: impl ChannelHandler,
    ) -> Result<&mut Self, PipelineError> {
        self.insert(self.position(mark)? + 1, name.into(), Box::new(handler))
    }

    /// Takes a handler out and drops it.
    ///
    /// # Errors
    /// When it is not there.
    pub fn remove(&mut self, name: &str) -> Result<&mut Self, PipelineError> {
        let at = self.position(name)?;
        self.handlers.remove(at);
        Ok(self)
    }

    /// The names, from the wire upwards.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.handlers.iter().map(|link| link.name.as_ref())
    }

    pub(crate) fn len(&self) -> usize {
        self.handlers.len()
    }

    /// The name of the handler at this place.
    pub(crate) fn name(&self, at: usize) -> &str {
        self.handlers.get(at).map_or("", |link| &link.name)
    }

    pub(crate) fn handler(&mut self, at: usize) -> &mut dyn ChannelHandler {
        let link = &mut self.handlers[at];
        self.called |= link.interest.contains(Interest::DEADLINE);
        &mut *link.handler
    }

    /// Whether any handler wants to see this event.
    pub(crate) fn wants(&self, event: Interest) -> bool {
        self.interest.contains(event)
    }

    /// The handler at this place, if it wants to see this event.
    pub(crate) fn interested(&mut self, at: usize, event: Interest) -> Option<&mut dyn ChannelHandler> {
        if self.handlers[at].interest.contains(event) { Some(self.handler(at)) } else { None }
    }

    /// The earliest deadline of all handlers. Those are asked again only if one of them was called.
    pub(crate) fn next_deadline(&mut self) -> Option<Instant> {
        if self.called {
            self.called = false;
            let asked = self.handlers.iter().filter(|link| link.interest.contains(Interest::DEADLINE));
            self.deadline = asked.filter_map(|link| link.handler.next_deadline()).min();
        }
        self.deadline
    }

    /// Called when the channel is opened: nothing is added from here on.
    pub(crate) fn freeze(&mut self) {
        self.handlers.shrink_to_fit();
        for link in &mut self.handlers {
            link.interest = link.handler.interest();
            self.interest = self.interest | link.interest;
        }
    }

    fn position(&self, name: &str) -> Result<usize, PipelineError> {
        self.handlers.iter().position(|link| link.name == name).ok_or_else(|| PipelineError::UnknownName {
            name: name.to_owned(),
            present: self.names().collect::<Vec<_>>().join(", "),
        })
    }

    fn insert(
        &mut self,
        at: usize,
        name: Name,
        handler: Box<dyn ChannelHandler>,
    ) -> Result<&mut Self, PipelineError> {
        if self.handlers.iter().any(|link| link.name == name) {
            return Err(PipelineError::DuplicateName { name: name.into_owned() });
        }
        self.handlers.insert(at, Link { name, interest: Interest::ALL, handler });
        Ok(self)
    }
}

impl fmt::Debug for ChannelPipeline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.names()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Nothing;
    impl ChannelHandler for Nothing {}

    #[test]
    fn handlers_stand_where_they_were_put() {
        let mut pipeline = ChannelPipeline::default();
        pipeline.add_last("b", Nothing).unwrap().add_first("a", Nothing).unwrap();
        pipeline.add_before("b", "ab", Nothing).unwrap().add_after("b", "c", Nothing).unwrap();
        assert_eq!(pipeline.names().collect::<Vec<_>>(), ["a", "ab", "b", "c"]);
        pipeline.remove("ab").unwrap();
        assert_eq!(format!("{pipeline:?}"), r#"["a", "b", "c"]"#);
    }

    #[test]
    fn a_taken_or_a_missing_name_is_refused() {
        let mut pipeline = ChannelPipeline::default();
        pipeline.add_last("a", Nothing).unwrap();
        assert_eq!(
            pipeline.add_last("a", Nothing).unwrap_err(),
            PipelineError::DuplicateName { name: "a".into() }
        );
        assert_eq!(
            pipeline.add_after("x", "b", Nothing).unwrap_err(),
            PipelineError::UnknownName { name: "x".into(), present: "a".into() }
        );
    }
}
