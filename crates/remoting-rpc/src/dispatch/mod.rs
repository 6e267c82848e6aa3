//! Handles the commands that a channel has read (Java: `NettyRemotingAbstract.processMessageReceived`).
//!
//! The first matching row decides the response to a request. The order is Java's:
//!
//! | | condition | response |
//! |---|---|---|
//! | 1 | no processor for the code, and no default one | `REQUEST_CODE_NOT_SUPPORTED` (3), ` request type N not supported` |
//! | 2 | shutting down, and the peer's version is above V5_3_1 | `GO_AWAY` (1500), `please go away` |
//! | 3 | the processor rejects | `SYSTEM_BUSY` (2), `[REJECTREQUEST]system busy, start flow control for a while` |
//! | 4 | the executor is full and refuses | `SYSTEM_BUSY` (2), `[OVERLOAD]system busy, start flow control for a while` |
//! | 5 | a hook, the pipeline or the processor refuses | its code and remark |
//! | 6 | one of them fails or panics | `SYSTEM_ERROR` (1) with the error |
//! | 7 | the processor replies | its response |
//!
//! One-way requests get no response. In case 2 they are processed, because their sender would not notice a refusal; Java
//! drops them.

mod answer;
mod held;
mod idle_task;
mod pending_response;
mod request;
mod run_queue;
mod runner;
mod sink;
mod spawned_request;
mod turn;
mod unfinished;

pub(crate) use self::sink::RpcSink;

/// A task that runs many requests reads the clock after the first one, and then after each of this many.
const CLOCK_INTERVAL: u32 = 4;
