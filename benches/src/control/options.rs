//! The options that all programs know.

use clap::{Args, ValueEnum};
use tokio::runtime::{Builder, Runtime};

/// What load a client makes.
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
    /// How headers are encoded, where the stack has them.
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

/// On what a program's tasks run.
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
    /// When threads or the poller are not to be had.
    pub fn runtime(self) -> std::io::Result<Runtime> {
        match self.workers {
            0 => Builder::new_current_thread().enable_all().build(),
            workers => Builder::new_multi_thread().worker_threads(workers).enable_all().build(),
        }
    }
}
