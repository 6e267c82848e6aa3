/// The kind of a call. Each kind has its own permits (Java: `semaphoreAsync` and `semaphoreOneway`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CallKind {
    /// A call that waits for a response: Java's `invokeSync` and `invokeAsync`.
    Invoke,
    /// A call that expects no response: Java's `invokeOneway`.
    Oneway,
}

impl CallKind {
    /// Returns the name of the operation in Java's messages.
    pub(super) const fn java_name(self) -> &'static str {
        match self {
            Self::Invoke => "invokeAsyncImpl",
            Self::Oneway => "invokeOnewayImpl",
        }
    }

    /// Returns the name of the setting of its permits.
    pub(super) const fn setting(self) -> &'static str {
        match self {
            Self::Invoke => "async_permits",
            Self::Oneway => "oneway_permits",
        }
    }
}

/// The part of a call in which its time budget ran out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CallPhase {
    /// Connecting to the peer, or choosing a name server.
    Connect,
    /// Waiting for a permit of the call's kind: too many calls were in flight.
    #[non_exhaustive]
    Permit {
        /// The kind whose permits were exhausted.
        kind: CallKind,
        /// The number of calls of this kind that may be in flight at once.
        limit: usize,
    },
    /// Waiting for capacity in the channel's outbound queue: the peer reads too slowly.
    Send,
    /// Waiting for the response.
    Response,
}

impl CallPhase {
    /// Returns whether the request may have reached the peer if the call fails in this phase.
    #[must_use]
    pub const fn may_have_been_sent(self) -> bool {
        matches!(self, Self::Response)
    }
}
