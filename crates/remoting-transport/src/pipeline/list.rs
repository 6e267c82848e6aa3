//! The ordered, named list of handlers.

use std::{borrow::Cow, fmt, time::Instant};

use thiserror::Error;

use super::{ChannelHandler, ChannelInitializer, Interest};
use crate::{channel::Channel, panic::catch_panic};

type Name = Cow<'static, str>;

/// The named handlers of a channel, ordered by distance from the wire. Equivalent of Netty's `ChannelPipeline`.
#[derive(Default)]
pub struct ChannelPipeline {
    handlers: Vec<Link>,
    /// The union of the interests of the handlers.
    interest: Interest,
    deadline: Option<Instant>,
    /// Whether a handler that may have changed its deadline was called since `deadline` was computed.
    called: bool,
}

struct Link {
    name: Name,
    interest: Interest,
    handler: Box<dyn ChannelHandler>,
}

/// An error in building a pipeline.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PipelineError {
    /// The name is already in use.
    #[error("the pipeline already has a handler named {name:?}")]
    #[non_exhaustive]
    DuplicateName {
        /// The name.
        name: String,
    },
    /// No handler has this name.
    #[error("the pipeline has no handler named {name:?}; its handlers are: {present}")]
    #[non_exhaustive]
    UnknownName {
        /// The name.
        name: String,
        /// The existing names, separated by commas.
        present: String,
    },
    /// A [`ChannelInitializer`], or [`ChannelHandler::interest`] of one of its handlers, panicked.
    #[error("the initializer of the pipeline panicked: {text}")]
    #[non_exhaustive]
    Panicked {
        /// The panic message.
        text: Box<str>,
    },
}

impl ChannelPipeline {
    /// Builds the pipeline of a new channel. No handler is added afterwards.
    pub(crate) fn build<'a>(
        channel: &Channel,
        initializers: impl IntoIterator<Item = &'a dyn ChannelInitializer>,
    ) -> Result<Self, PipelineError> {
        let built = catch_panic(|| {
            let mut pipeline = Self::default();
            for initializer in initializers {
                initializer.init_channel(channel, &mut pipeline)?;
            }
            pipeline.freeze();
            Ok(pipeline)
        });
        built.unwrap_or_else(|panic| Err(PipelineError::Panicked { text: panic.into() }))
    }

    /// Adds a handler next to the wire.
    ///
    /// # Errors
    /// Returns [`PipelineError::DuplicateName`] if the name is in use.
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
    /// Returns [`PipelineError::DuplicateName`] if the name is in use.
    pub fn add_last(
        &mut self,
        name: impl Into<Name>,
        handler: impl ChannelHandler,
    ) -> Result<&mut Self, PipelineError> {
        self.insert(self.handlers.len(), name.into(), Box::new(handler))
    }

    /// Adds a handler before the handler named `mark`, nearer to the wire.
    ///
    /// # Errors
    /// Returns [`PipelineError`] if the name is in use or `mark` does not exist.
    pub fn add_before(
        &mut self,
        mark: &str,
        name: impl Into<Name>,
        handler: impl ChannelHandler,
    ) -> Result<&mut Self, PipelineError> {
        self.insert(self.position(mark)?, name.into(), Box::new(handler))
    }

    /// Adds a handler after the handler named `mark`, nearer to the layer above.
    ///
    /// # Errors
    /// Returns [`PipelineError`] if the name is in use or `mark` does not exist.
    pub fn add_after(
        &mut self,
        mark: &str,
        name: impl Into<Name>,
        handler: impl ChannelHandler,
    ) -> Result<&mut Self, PipelineError> {
        self.insert(self.position(mark)? + 1, name.into(), Box::new(handler))
    }

    /// Removes a handler and drops it.
    ///
    /// # Errors
    /// Returns [`PipelineError::UnknownName`] if the handler does not exist.
    pub fn remove(&mut self, name: &str) -> Result<&mut Self, PipelineError> {
        let at = self.position(name)?;
        self.handlers.remove(at);
        Ok(self)
    }

    /// Returns the names of the handlers, in order of distance from the wire.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.handlers.iter().map(|link| link.name.as_ref())
    }

    pub(crate) fn len(&self) -> usize {
        self.handlers.len()
    }

    /// Returns the name of the handler at this index.
    pub(crate) fn name(&self, at: usize) -> &str {
        self.handlers.get(at).map_or("", |link| &link.name)
    }

    pub(crate) fn handler(&mut self, at: usize) -> &mut dyn ChannelHandler {
        let link = &mut self.handlers[at];
        self.called |= link.interest.contains(Interest::DEADLINE);
        &mut *link.handler
    }

    /// Returns whether any handler is interested in this event.
    pub(crate) fn wants(&self, event: Interest) -> bool {
        self.interest.contains(event)
    }

    /// Returns the handler at this index, if it is interested in this event.
    pub(crate) fn interested(&mut self, at: usize, event: Interest) -> Option<&mut dyn ChannelHandler> {
        if self.handlers[at].interest.contains(event) { Some(self.handler(at)) } else { None }
    }

    /// Returns the earliest deadline of all handlers. Recomputes it only if one of them was called.
    pub(crate) fn next_deadline(&mut self) -> Option<Instant> {
        if self.called {
            self.called = false;
            let timed = self.handlers.iter().filter(|link| link.interest.contains(Interest::DEADLINE));
            self.deadline = timed.filter_map(|link| link.handler.next_deadline()).min();
        }
        self.deadline
    }

    fn freeze(&mut self) {
        self.handlers.shrink_to_fit();
        for link in &mut self.handlers {
            link.interest = link.handler.interest();
            self.interest |= link.interest;
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
    fn handlers_are_in_the_order_in_which_they_were_placed() {
        let mut pipeline = ChannelPipeline::default();
        pipeline.add_last("b", Nothing).unwrap().add_first("a", Nothing).unwrap();
        pipeline.add_before("b", "ab", Nothing).unwrap().add_after("b", "c", Nothing).unwrap();
        assert_eq!(pipeline.names().collect::<Vec<_>>(), ["a", "ab", "b", "c"]);
        pipeline.remove("ab").unwrap();
        assert_eq!(format!("{pipeline:?}"), r#"["a", "b", "c"]"#);
    }

    #[test]
    fn a_duplicate_or_unknown_name_is_an_error() {
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
