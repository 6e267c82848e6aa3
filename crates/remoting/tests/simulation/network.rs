//! The network between the client and the servers: each connection of the client is a wire with a relay in the middle,
//! which delays, cuts and stalls as the seed says.
//!
//! To the world it is a step of the client's prologue and a way to end.

use std::io;
use std::ops::RangeInclusive;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use remoting::transport::{Connection, PrologueFuture, PrologueStep, Stream, Verdict};
use tokio::io::{AsyncRead, AsyncWrite, DuplexStream, ReadBuf};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

use crate::random::Random;
use crate::relay::{Direction, relay};
use crate::schedule::Schedule;
use crate::trace::{Event, Trace};

/// More connections than any schedule has a reason for.
const MOST_WIRES: usize = 500;
const FOREVER: Duration = Duration::from_secs(1 << 20);

#[derive(Clone)]
pub(crate) struct Network {
    seed: u64,
    calm: bool,
    trace: Trace,
    wires: Arc<AtomicUsize>,
    relays: Arc<Mutex<JoinSet<()>>>,
}

/// What a connection will meet.
struct Wire {
    dial: Dial,
    /// How many bytes fit into it at either end.
    capacity: usize,
    latency: RangeInclusive<u64>,
    chunk: usize,
    fault: Option<(Duration, Fault)>,
}

enum Dial {
    Connects(Duration),
    Refused(Duration),
    Hangs,
}

#[derive(Debug, Clone, Copy)]
enum Fault {
    /// Both sides see the end of the stream.
    Cut,
    /// The client sees an error, the server the end of the stream.
    Reset,
    /// The server sees the end of what the client writes.
    HalfClosedToServer,
    /// The client sees the end of what the server writes.
    HalfClosedToClient,
    Stalls(Duration),
    /// Nothing arrives any more, and nobody is told.
    Mute,
}

impl Network {
    pub(crate) fn new(schedule: &Schedule, trace: Trace) -> Self {
        let (seed, calm) = (schedule.seed, schedule.calm);
        Self { seed, calm, trace, wires: Arc::default(), relays: Arc::default() }
    }

    /// The step that puts the network between the client and each connection it makes.
    pub(crate) fn step(&self) -> impl PrologueStep + use<> {
        Between(self.clone())
    }

    /// Ends what connections are left.
    pub(crate) async fn end(self) {
        let mut relays = std::mem::take(&mut *self.relays.lock().expect("not poisoned"));
        relays.shutdown().await;
    }

    fn wire(&self, number: usize) -> Wire {
        let random = &mut Random::new(self.seed, 1 + number as u64);
        let dial = match random.between(0..=19) {
            0 if !self.calm => Dial::Refused(random.millis(0..=100)),
            1 if !self.calm => Dial::Hangs,
            _ => Dial::Connects(random.millis(0..=100)),
        };
        let slowest = random.pick(&[0, 2, 20, 100]);
        let fault = match random.between(0..=11) {
            0 => Fault::Cut,
            1 => Fault::Reset,
            2 => Fault::HalfClosedToServer,
            3 => Fault::HalfClosedToClient,
            4 => Fault::Mute,
            _ => Fault::Stalls(random.millis(0..=1_000)),
        };
        let faulty = !self.calm && random.percent(60);
        Wire {
            dial,
            capacity: random.pick(&[64, 1_024, 65_536]),
            latency: 0..=slowest,
            chunk: random.pick(&[7, 500, 65_536]).max(if slowest > 2 { 500 } else { 0 }),
            fault: faulty.then(|| (random.millis(0..=2_000), fault)),
        }
    }

    /// Puts a relay between the connection and the server.
    fn lay(&self, number: usize, wire: Wire, mut connection: Connection) -> Connection {
        let (ours, theirs) = tokio::io::duplex(wire.capacity);
        let broken = Arc::new(AtomicBool::new(false));
        let ours = Stream::boxed(Breakable { io: ours, broken: Arc::clone(&broken) });
        let far = std::mem::replace(&mut connection.stream, ours);
        let direction = |stream| Direction {
            random: Random::new(self.seed, (number as u64) << 8 | stream),
            latency: wire.latency.clone(),
            chunk: wire.chunk,
            stalls: None,
            ends: None,
        };
        let (mut up, mut down) = (direction(1), direction(2));
        let mut cut = None;
        let now = Instant::now();
        if let Some((after, fault)) = wire.fault {
            let at = now + after;
            let stalls = |time| Some((at, at + time));
            match fault {
                Fault::Cut | Fault::Reset => cut = Some(at),
                Fault::HalfClosedToServer => up.ends = Some(at),
                Fault::HalfClosedToClient => down.ends = Some(at),
                Fault::Stalls(time) => (up.stalls, down.stalls) = (stalls(time), stalls(time)),
                Fault::Mute => (up.stalls, down.stalls) = (stalls(FOREVER), stalls(FOREVER)),
            }
        }
        let resets = matches!(wire.fault, Some((_, Fault::Reset)));
        let trace = self.trace.clone();
        self.relays.lock().expect("not poisoned").spawn(async move {
            let cut = relay(theirs, far, up, down, cut, || broken.store(resets, Ordering::Relaxed)).await;
            let what = if cut { "cut" } else { "ended" }.to_owned();
            trace.record(Event::Wire { wire: number, what });
        });
        connection
    }
}

#[derive(Clone)]
struct Between(Network);

impl PrologueStep for Between {
    fn name(&self) -> &'static str {
        "simulated network"
    }

    fn deadline(&self) -> Duration {
        FOREVER
    }

    fn run(&self, connection: Connection) -> PrologueFuture<'_> {
        Box::pin(async move {
            let number = self.0.wires.fetch_add(1, Ordering::Relaxed);
            let wire = self.0.wire(number);
            let what = format!("to {} {:?}", connection.peer, wire.fault);
            self.0.trace.record(Event::Wire { wire: number, what });
            if number >= MOST_WIRES {
                self.0.trace.record(Event::Left { what: "no end of connections".to_owned() });
                std::future::pending::<()>().await;
            }
            match wire.dial {
                Dial::Connects(after) => sleep(after).await,
                Dial::Refused(after) => {
                    sleep(after).await;
                    return Err(self.io(io::ErrorKind::ConnectionRefused.into()));
                }
                Dial::Hangs => std::future::pending().await,
            }
            Ok(Verdict::Continue(self.0.lay(number, wire, connection)))
        })
    }
}

impl std::fmt::Debug for Between {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Between")
    }
}

/// A pipe whose end may turn out to be an error.
struct Breakable {
    io: DuplexStream,
    broken: Arc<AtomicBool>,
}

impl AsyncRead for Breakable {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.broken.load(Ordering::Relaxed) {
            return Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()));
        }
        Pin::new(&mut self.io).poll_read(cx, into)
    }
}

impl AsyncWrite for Breakable {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, from: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write(cx, from)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(cx)
    }
}
