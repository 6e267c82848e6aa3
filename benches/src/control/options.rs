//! The options of all programs.

use clap::{Args, ValueEnum};
use tokio::runtime::{Builder, Runtime};

/// The load of a client.
#[derive(Args, Debug, Clone, Copy)]
pub struct Shape {
    /// Connections to the server.
    #[arg(long, default_value_t = 1)]
    pub connections: usize,
    /// Requests in flight on each connection.
    #[arg(long, default_value_t = 1)]
    pub window: usize,
    /// Bytes of each body.
    #[arg(long, default_value_t = 128)]
    pub body: usize,
    /// The header encoding, if the stack has headers.
    #[arg(long, value_enum, default_value_t = Header::Rocketmq)]
    pub header: Header,
}

/// The header encodings of RocketMQ.
#[derive(ValueEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum Header {
    /// JSON.
    Json,
    /// ROCKETMQ, the binary one.
    Rocketmq,
}

/// The runtime of a program's tasks.
#[derive(Args, Debug, Clone, Copy, Default)]
pub struct RuntimeOptions {
    /// Worker threads of tokio's multi-threaded runtime; 0 is the current-thread runtime.
    #[arg(long, default_value_t = 0)]
    pub workers: usize,
}

impl RuntimeOptions {
    /// The tokio runtime.
    ///
    /// # Errors
    /// Returns an error if threads or the poller cannot be created.
    pub fn runtime(self) -> std::io::Result<Runtime> {
        match self.workers {
            0 => Builder::new_current_thread().enable_all().build(),
            workers => Builder::new_multi_thread().worker_threads(workers).enable_all().build(),
        }
    }
}
