//! Who is compared.

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

/// An implementation.
#[derive(ValueEnum, Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Stack {
    /// An epoll loop by hand, no RPC: the limit.
    Raw,
    /// One tokio task for each connection, no RPC.
    TokioRaw,
    /// The same over TLS.
    TokioRustls,
    /// This project.
    Remoting,
    /// tarpc with bincode.
    Tarpc,
    /// gRPC.
    Tonic,
    /// The official Java remoting module.
    Java,
}

impl Stack {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Raw => "raw",
            Self::TokioRaw => "tokio-raw",
            Self::TokioRustls => "tokio-rustls",
            Self::Remoting => "remoting",
            Self::Tarpc => "tarpc",
            Self::Tonic => "tonic",
            Self::Java => "java",
        }
    }
}

/// A stack in one of its forms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Contestant {
    pub(super) stack: Stack,
    /// Over TLS.
    pub(super) tls: bool,
    /// JSON headers instead of ROCKETMQ ones.
    pub(super) json: bool,
    /// The server answers in tasks of the runtime, as tarpc and tonic do, instead of on the channel's own.
    pub(super) spawning: bool,
    /// Requests have a typed header of 13 fields, which the server reads; in this project both sides have a hook too.
    pub(super) typed: bool,
    /// A service with a protobuf message, as generated code calls it.
    pub(super) service: bool,
    /// Workers of tokio's multi-threaded runtime; 0 is the current-thread runtime.
    pub(super) workers: usize,
    /// Channels of the server run on as many event loops instead.
    pub(super) loops: bool,
}

impl Contestant {
    pub(super) const fn new(stack: Stack) -> Self {
        Self {
            stack,
            tls: false,
            json: false,
            spawning: false,
            typed: false,
            service: false,
            workers: 0,
            loops: false,
        }
    }

    pub(super) const fn tls(self) -> Self {
        Self { tls: true, ..self }
    }

    pub(super) const fn json(self) -> Self {
        Self { json: true, ..self }
    }

    pub(super) const fn spawning(self) -> Self {
        Self { spawning: true, ..self }
    }

    pub(super) const fn typed(self) -> Self {
        Self { typed: true, ..self }
    }

    pub(super) const fn service(self) -> Self {
        Self { service: true, ..self }
    }

    pub(super) const fn workers(self, workers: usize) -> Self {
        Self { workers, ..self }
    }

    pub(super) const fn loops(self, loops: usize) -> Self {
        Self { workers: loops, loops: true, ..self }
    }

    pub(super) fn name(self) -> String {
        let mut name = self.stack.name().to_owned();
        let typed = if self.stack == Stack::Remoting { " typed + hook" } else { " typed" };
        let forms = [
            (self.tls, " TLS"),
            (self.spawning, " runtime"),
            (self.typed, typed),
            (self.service, " service"),
            (self.json, " JSON"),
        ];
        forms.iter().filter(|(has, _)| *has).for_each(|(_, form)| name.push_str(form));
        if self.workers > 0 {
            let threads = if self.loops { "loops" } else { "workers" };
            name.push_str(&format!(" {} {threads}", self.workers));
        }
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_tells_the_form() {
        let remoting = Contestant::new(Stack::Remoting);
        assert_eq!(remoting.json().workers(2).name(), "remoting JSON 2 workers");
        assert_eq!(remoting.loops(2).name(), "remoting 2 loops");
        assert_eq!(remoting.spawning().name(), "remoting runtime");
        assert_eq!(remoting.typed().json().name(), "remoting typed + hook JSON");
        assert_eq!(Contestant::new(Stack::Tarpc).typed().name(), "tarpc typed");
        assert_eq!(remoting.service().spawning().name(), "remoting runtime service");
    }
}
