use std::time::Duration;

/// The bounds of an endpoint. The setters of the configuration explain them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct EndpointLimits {
    /// Calls that may wait for a response at once.
    pub(crate) invoke: usize,
    /// One-way calls that may be under way at once.
    pub(crate) oneway: usize,
    /// Requests of one channel that may be in flight at once.
    pub(crate) requests: usize,
    /// How long a response may wait for capacity.
    pub(crate) response_wait: Option<Duration>,
    /// Bytes of responses that may wait for capacity, on all channels together.
    pub(crate) response_backlog: usize,
    /// Whether remarks withhold what failed.
    pub(crate) withhold_errors: bool,
}

impl EndpointLimits {
    /// The defaults, but for the permits of calls, in which servers and clients differ.
    pub(crate) const fn new(invoke: usize, oneway: usize) -> Self {
        Self {
            invoke,
            oneway,
            requests: 16_384,
            response_wait: Some(Duration::from_secs(60)),
            response_backlog: 256 << 20,
            withhold_errors: false,
        }
    }
}
