//! From a command that a channel has read to its answer (Java: `NettyRemotingAbstract.processMessageReceived`).
//!
//! For a request the first of these that applies, in Java's order:
//!
//! | | condition | answer |
//! |---|---|---|
//! | 1 | no processor for the code, and no default one | `REQUEST_CODE_NOT_SUPPORTED` (3), ` request type N not supported` |
//! | 2 | shutting down, and the peer's version is above V5_3_1 | `GO_AWAY` (1500), `please go away` |
//! | 3 | the processor rejects | `SYSTEM_BUSY` (2), `[REJECTREQUEST]system busy, start flow control for a while` |
//! | 4 | the executor is full, and refuses | `SYSTEM_BUSY` (2), `[OVERLOAD]system busy, start flow control for a while` |
//! | 5 | a hook, the pipeline or the processor aborts | its code and remark |
//! | 6 | one of them fails or panics | `SYSTEM_ERROR` (1), what failed |
//! | 7 | the processor replies | its response |
//!
//! One-way requests are never answered. In case 2 they are processed, since a peer that gets no answer cannot send
//! them elsewhere; Java drops them.

mod answer;
mod finish;
mod held;
mod idle_task;
mod request;
mod sink;

pub(crate) use self::sink::RpcSink;
