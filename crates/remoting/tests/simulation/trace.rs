//! The events of a run, in order and with the time of the paused clock.

use std::fmt;
use std::sync::Arc;
use std::sync::Mutex;
use std::time::Duration;

use remoting::CallPhase;
use remoting::prelude::*;
use tokio::time::Instant;

use crate::schedule::Side;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    /// Since the world began.
    pub(crate) at: Duration,
    pub(crate) event: Event,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Event {
    /// A call began.
    Begun { call: u32, timeout: Duration },
    /// A call ended.
    Ended { call: u32, outcome: Outcome },
    /// Its caller dropped it.
    GivenUp { call: u32 },
    /// There was no channel to call it on.
    NoChannel { call: u32 },
    /// A processor got its request.
    Seen { call: u32, by: Side },
    /// The processor returned the response.
    Answered { call: u32, by: Side },
    /// A connection was dialled, or did something.
    Wire { wire: usize, what: String },
    /// A channel reported an event to the listener of its side.
    Channel { of: Side, channel: usize, kind: ChannelEventKind },
    /// A server or the client did something.
    Did { side: Side, what: String },
    /// Something is left that should not be.
    Left { what: String },
}

/// How a call ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// A response; whether it is the one to this very request.
    Response {
        code: i32,
        own: bool,
    },
    /// A one-way request was queued.
    Queued,
    Failed {
        kind: Failure,
        may_have_been_sent: bool,
        why: String,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Failure {
    Connect,
    Timeout(CallPhase),
    Closed,
    Other,
}

impl Outcome {
    pub(crate) fn failed(error: &RpcError) -> Self {
        let kind = match error {
            RpcError::Timeout { phase, .. } => Failure::Timeout(*phase),
            RpcError::ChannelClosed { .. } => Failure::Closed,
            RpcError::Connect { .. } | RpcError::NameServer { .. } => Failure::Connect,
            _ => Failure::Other,
        };
        Self::Failed { kind, may_have_been_sent: error.may_have_been_sent(), why: error.to_string() }
    }
}

#[derive(Clone)]
pub(crate) struct Trace {
    began: Instant,
    written: Arc<Mutex<Written>>,
}

#[derive(Default)]
struct Written {
    entries: Vec<Entry>,
    /// The process numbers channels; here they are numbered as they appear.
    channels: Vec<u64>,
}

impl Trace {
    /// A trace that begins now.
    pub(crate) fn begin() -> Self {
        Self { began: Instant::now(), written: Arc::default() }
    }

    pub(crate) fn began(&self) -> Instant {
        self.began
    }

    pub(crate) fn record(&self, event: Event) {
        let at = self.began.elapsed();
        self.written.lock().expect("not poisoned").entries.push(Entry { at, event });
    }

    pub(crate) fn did(&self, side: Side, what: impl Into<String>) {
        self.record(Event::Did { side, what: what.into() });
    }

    /// Records `count` things of a kind, unless it is zero.
    pub(crate) fn left(&self, side: Side, count: usize, what: &str) {
        if count != 0 {
            self.record(Event::Left { what: format!("{side:?}: {count} {what}") });
        }
    }

    pub(crate) fn listener(&self, of: Side) -> impl Fn(ChannelEvent) + Send + Sync + 'static {
        let trace = self.clone();
        move |event| {
            let channel = trace.number_of(event.channel.id().as_u64());
            trace.record(Event::Channel { of, channel, kind: event.kind });
        }
    }

    fn number_of(&self, id: u64) -> usize {
        let channels = &mut self.written.lock().expect("not poisoned").channels;
        let number = channels.iter().position(|known| *known == id);
        number.unwrap_or_else(|| {
            channels.push(id);
            channels.len() - 1
        })
    }

    pub(crate) fn entries(&self) -> Vec<Entry> {
        self.written.lock().expect("not poisoned").entries.clone()
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:>10.3} ms  {:?}", self.at.as_secs_f64() * 1e3, self.event)
    }
}
