use std::time::Duration;

/// The limits of an endpoint. The setters of the configuration document them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct EndpointLimits {
    /// The number of calls that may wait for a response at once.
    pub(crate) invoke: usize,
    /// The number of one-way calls that may wait for capacity at once.
    pub(crate) oneway: usize,
    /// The number of requests of one channel that may be in flight at once.
    pub(crate) requests: usize,
    /// The bytes of requests of one channel that may be in flight at once. One request may exceed them.
    pub(crate) request_bytes: usize,
    /// How long a response may wait for capacity.
    pub(crate) response_wait: Option<Duration>,
    /// The number of bytes of responses that may wait for capacity, on all channels together.
    pub(crate) response_backlog: usize,
    /// Whether remarks withhold the texts of errors.
    pub(crate) withhold_errors: bool,
}

impl EndpointLimits {
    /// Returns the defaults, with the permits of calls, which differ between servers and clients.
    pub(crate) const fn new(invoke: usize, oneway: usize) -> Self {
        Self {
            invoke,
            oneway,
            requests: 16_384,
            request_bytes: 64 << 20,
            response_wait: Some(Duration::from_secs(60)),
            response_backlog: 256 << 20,
            withhold_errors: false,
        }
    }
}
