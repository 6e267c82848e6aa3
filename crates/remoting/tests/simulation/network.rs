//! The network between the client and the servers: each connection of the client is a wire of two pieces with a relay in
//! between, which delays, while the pieces end, fail and stall as the seed says.

use std::future::pending;
use std::io;
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use remoting::prelude::Address;
use remoting::transport::{
    Acceptor, Connection, MemoryLink, MemoryNetwork, Network, NetworkFuture, SocketOptions,
};
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::random::Random;
use crate::relay::{Direction, relay};
use crate::schedule::Schedule;
use crate::trace::{Event, Trace};

/// More connections than any schedule has a reason for.
const MOST_WIRES: usize = 500;

#[derive(Clone)]
pub(crate) struct SimulatedNetwork {
    memory: MemoryNetwork,
    seed: u64,
    calm: bool,
    trace: Trace,
    wires: Arc<AtomicUsize>,
    relays: Arc<Mutex<JoinSet<()>>>,
}

/// The faults of a connection.
struct Wire {
    dial: Dial,
    /// How many bytes each piece of it holds.
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
    /// The server sees the end of the client's stream.
    HalfClosedToServer,
    /// The client sees the end of the server's stream.
    HalfClosedToClient,
    Stalls(Duration),
    /// Nothing arrives any more, and neither side notices.
    Mute,
}

impl SimulatedNetwork {
    pub(crate) fn new(schedule: &Schedule, trace: Trace) -> Self {
        let (seed, calm) = (schedule.seed, schedule.calm);
        let memory = MemoryNetwork::new();
        Self { memory, seed, calm, trace, wires: Arc::default(), relays: Arc::default() }
    }

    /// Closes the remaining connections.
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

    /// Connects a wire to the server, and returns the client's end.
    fn lay(
        &self,
        number: usize,
        wire: Wire,
        to: &Address,
        options: &SocketOptions,
    ) -> io::Result<Connection> {
        let (far, far_link) = self.memory.connect(to, options)?;
        far_link.set_capacity(wire.capacity);
        let (near, middle, near_link) = MemoryLink::pair(far.local.clone(), far.peer.clone(), wire.capacity);
        let direction = |stream| Direction {
            random: Random::new(self.seed, (number as u64) << 8 | stream),
            latency: wire.latency.clone(),
            chunk: wire.chunk,
        };
        let relay = relay(middle.stream, far.stream, direction(1), direction(2));
        let trace = self.trace.clone();
        let fault = {
            let trace = trace.clone();
            async move {
                if let Some((after, fault)) = wire.fault {
                    sleep(after).await;
                    trace.record(Event::Wire { wire: number, what: "breaks".to_owned() });
                    fault.strike(&near_link, &far_link).await;
                }
                pending().await
            }
        };
        self.relays.lock().expect("not poisoned").spawn(async move {
            tokio::select! {
                biased;
                () = fault => {}
                () = relay => trace.record(Event::Wire { wire: number, what: "ended".to_owned() }),
            }
        });
        Ok(near)
    }
}

impl Fault {
    /// `near` is the client's piece of the wire, `far` the server's.
    async fn strike(self, near: &MemoryLink, far: &MemoryLink) {
        match self {
            Self::Cut => {
                near.close();
                far.close();
            }
            Self::Reset => {
                near.fail(io::ErrorKind::ConnectionReset);
                far.close();
            }
            Self::HalfClosedToServer => far.to_server().end(),
            Self::HalfClosedToClient => near.to_client().end(),
            Self::Stalls(time) => {
                near.stall();
                sleep(time).await;
                near.resume();
            }
            Self::Mute => near.stall(),
        }
    }
}

impl Network for SimulatedNetwork {
    fn dial<'a>(&'a self, address: &'a Address, options: &'a SocketOptions) -> NetworkFuture<'a, Connection> {
        Box::pin(async move {
            let number = self.wires.fetch_add(1, Ordering::Relaxed);
            let wire = self.wire(number);
            let what = format!("to {address} {:?}", wire.fault);
            self.trace.record(Event::Wire { wire: number, what });
            if number >= MOST_WIRES {
                self.trace.record(Event::Left { what: "no end of connections".to_owned() });
                pending::<()>().await;
            }
            match wire.dial {
                Dial::Connects(after) => sleep(after).await,
                Dial::Refused(after) => {
                    sleep(after).await;
                    return Err(io::ErrorKind::ConnectionRefused.into());
                }
                Dial::Hangs => pending().await,
            }
            self.lay(number, wire, address, options)
        })
    }

    fn listen<'a>(
        &'a self,
        address: &'a Address,
        options: &'a SocketOptions,
    ) -> NetworkFuture<'a, Box<dyn Acceptor>> {
        self.memory.listen(address, options)
    }
}

impl std::fmt::Debug for SimulatedNetwork {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SimulatedNetwork")
    }
}
