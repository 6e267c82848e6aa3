//! `docs/benchmarks.md` and its drawings.

use std::fmt::Write as _;

use anyhow::Context;

use super::results::Results;
use super::{plot, table};
use crate::cargo::workspace_root;

const HEAD: &str = "\
# Benchmarks

This stack beside the limit, and beside what else there is, in one run on one machine. This file and its plots are written by

```text
cargo xtask bench --write
```

which builds all it needs. `taskset` is needed for the pinned cases; a JDK (17 or newer) and Maven for Java, which is left out
without. Leave the machine alone meanwhile. `cargo xtask bench --help` shows how to run less of it.

## What is compared

An echo over loopback TCP. Server and client are processes of their own. `echo/pinned` puts both on one core: that is the cost of a
request, without wake-ups across cores. `echo/free` leaves them to the kernel. A case is named connections × requests in flight on
each, with bodies of 128 bytes unless the name says otherwise.

| | |
| --- | --- |
| `raw` | epoll by hand: one read for all that has arrived, one write for each read. A frame is a length word and the body; the server does not look at it and there is no call to tell from another. No RPC can reach it: it is the limit |
| `tokio-raw` | the same frames, one tokio task for each connection |
| `remoting` | this project: default configuration, ROCKETMQ headers (or JSON where it says so) without ext fields, an inline processor, no hooks. As many tasks as requests in flight call `RemotingClient::invoke`; each connection is a client |
| `remoting TLS` | the same over TLS 1.3; the client verifies no certificate, which the server made for itself |
| `tarpc` | over TCP with bincode, one spawned task for each request, as its documentation does it |
| `tonic` | gRPC over HTTP/2 without TLS |
| `java` | `NettyRemotingServer` and `NettyRemotingClient` 5.5.0 in their default configuration, a call of `invokeAsync` in the callback of the one before; warm before the first round |

All carry the same bodies; what is around a body is their own. tokio's current-thread runtime serves all that is not marked with its
number of workers. Not compared: security, load balancing, streaming, and whatever else tarpc and tonic do that this project does not.

Contestants take turns, round by round, while the others rest. Ratios are to `raw` in the same round; every number is the median over
the rounds; ± is half of the distance between the slowest and the fastest round. With 16 requests in flight or more, every 16th is
timed. Ratios depend on what system calls cost: with many requests in flight `raw` is little else. The p50 of `raw` in `1x1` tells how
fast they are; where they are slow, everything looks closer to `raw`. CPU seconds are for a million requests, user and system time together, as the kernel accounts them; memory is the peak.

Times of operations are criterion's. `decode` is of 32 frames in one read buffer. `pipeline` is one command in and one out through
`EmbeddedChannel`. `round_trip` is a call over the in-memory transport: the response table, the dispatcher and the codec on both sides,
and the tasks of both, without system calls. Allocations are counted, on average.

Idle connections are plain sockets that are opened, or opened and used for one request, 64 at a time; with TLS they are clients of this
project. What a connection costs is the growth of the server's resident memory divided by their number.

Instructions for each request are counted by `cargo xtask bench --instructions`, apart from this: see `benches/instructions.json`.
";

pub(super) fn write(results: &Results) -> anyhow::Result<()> {
    let docs = workspace_root().join("docs");
    let plots = plot::write(results, &docs.join("benchmarks"))?;
    let mut text = HEAD.to_owned();
    let _ = write!(text, "\n## This run\n\n| | |\n| --- | --- |\n");
    for (name, value) in &results.machine {
        let _ = writeln!(text, "| {name} | {value} |");
    }
    let _ = writeln!(text, "| effort | {} |", results.effort);
    for (title, file) in plots {
        let _ = writeln!(text, "\n![{title}](benchmarks/{file})");
    }
    let _ = write!(text, "\n## Marks\n\nWhat this project set itself to reach.\n\n");
    text.push_str(&table::marks(results, table::Style::Markdown));
    let _ = writeln!(text, "\n## Numbers");
    text.push_str(&table::all(results, table::Style::Markdown));
    let path = docs.join("benchmarks.md");
    std::fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))
}
