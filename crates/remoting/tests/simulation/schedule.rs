//! The schedule of one seed: settings, calls, and actions on servers and client, all drawn before
//! the world begins.

use std::time::Duration;

use crate::random::Random;

pub(crate) const SERVERS: usize = 2;

#[derive(Debug, Clone)]
pub(crate) struct Schedule {
    pub(crate) seed: u64,
    /// The network only delays, and nothing is cut, killed or short of time: every response arrives.
    pub(crate) calm: bool,
    pub(crate) client: ClientSettings,
    pub(crate) servers: [ServerSettings; SERVERS],
    pub(crate) calls: Vec<Call>,
    pub(crate) deeds: Vec<(Duration, Deed)>,
    /// The client shuts down then, if not when its last call is over.
    pub(crate) client_ends: Option<Duration>,
}

#[derive(Debug, Clone)]
pub(crate) struct ClientSettings {
    pub(crate) permits: usize,
    pub(crate) connect_timeout: Duration,
    pub(crate) retire_silent_channel: bool,
    pub(crate) drain_timeout: Duration,
    pub(crate) max_idle: Option<Duration>,
    pub(crate) high_water_mark: usize,
    pub(crate) shutdown_timeout: Duration,
    pub(crate) scan_name_servers: bool,
    pub(crate) hedge_name_servers: bool,
    pub(crate) name_server_seed: u64,
    pub(crate) longest_reconnect_pause: Duration,
}

#[derive(Debug, Clone)]
pub(crate) struct ServerSettings {
    pub(crate) permits: usize,
    pub(crate) executor_limit: usize,
    pub(crate) high_water_mark: usize,
    pub(crate) graceful: Option<Duration>,
    pub(crate) shutdown_timeout: Duration,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Client,
    Server(usize),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    Invoke,
    Oneway,
    Callback,
    /// To the list of name servers, which is the servers.
    NameServer,
}

/// How the called side works on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Work {
    Inline,
    Runtime,
    /// The processor calls the caller's side before it responds.
    CallsBack,
    /// A responder responds after the processor has returned.
    Later,
}

#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) id: u32,
    pub(crate) at: Duration,
    pub(crate) timeout: Duration,
    pub(crate) by: Side,
    /// The server that is called, if the client calls.
    pub(crate) to: usize,
    pub(crate) way: Way,
    pub(crate) work: Work,
    /// How long the processor waits.
    pub(crate) takes: Duration,
    pub(crate) request_size: usize,
    pub(crate) response_size: usize,
    /// From a release that does not know `GO_AWAY`.
    pub(crate) old: bool,
    pub(crate) binary_header: bool,
    /// The caller drops the call after this time.
    pub(crate) given_up_after: Option<Duration>,
}

/// An action on a server or the client.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Deed {
    /// An orderly shutdown, and a start some time after its end.
    Restart { server: usize, pause: Duration },
    /// An orderly shutdown, while another server takes the address over.
    Replace { server: usize },
    /// The server is dropped, and started again some time later.
    Kill { server: usize, pause: Duration },
    /// The client closes its channels to a server.
    CloseChannels { server: usize },
}

impl Deed {
    pub(crate) const fn server(self) -> usize {
        match self {
            Self::Restart { server, .. }
            | Self::Replace { server }
            | Self::Kill { server, .. }
            | Self::CloseChannels { server } => server,
        }
    }
}

impl Schedule {
    pub(crate) fn of(seed: u64) -> Self {
        let random = &mut Random::new(seed, 0);
        let calm = random.percent(30);
        // Many calls that run out of time, so that their late responses meet newer calls.
        let hasty = random.percent(15);
        let count = if hasty { 90 } else { random.between(8..=32) };
        let mut calls: Vec<Call> = (0..count).map(|id| call(id, calm, random)).collect();
        if hasty {
            for call in calls.iter_mut().filter(|call| call.by == Side::Client) {
                (call.to, call.way) = (0, Way::Invoke);
                call.timeout = random.millis(10..=200);
            }
        }
        let deeds = 0..random.between(0..=3);
        let mut deeds: Vec<_> = deeds.map(|_| (random.millis(0..=2_500), deed(calm, random))).collect();
        deeds.sort_by_key(|(at, _)| *at);
        Self {
            seed,
            calm,
            deeds,
            calls,
            client: client(calm, random),
            servers: std::array::from_fn(|_| server(calm, random)),
            client_ends: (!calm && random.percent(30)).then(|| random.millis(500..=3_000)),
        }
    }
}

fn client(calm: bool, random: &mut Random) -> ClientSettings {
    ClientSettings {
        permits: random.pick(&[1, 3, 8, 65_535]),
        connect_timeout: random.millis(50..=3_000),
        retire_silent_channel: !calm && random.percent(30),
        drain_timeout: if calm { Duration::from_secs(60) } else { random.millis(0..=3_000) },
        max_idle: (!calm && random.percent(30)).then(|| random.millis(200..=3_000)),
        high_water_mark: high_water_mark(calm, random),
        shutdown_timeout: if calm { Duration::from_secs(60) } else { random.millis(0..=2_000) },
        scan_name_servers: random.percent(30),
        hedge_name_servers: random.percent(70),
        name_server_seed: random.between(0..=u64::from(u32::MAX)),
        longest_reconnect_pause: random.millis(0..=1_000),
    }
}

fn server(calm: bool, random: &mut Random) -> ServerSettings {
    ServerSettings {
        permits: random.pick(&[1, 4, 64]),
        executor_limit: random.bytes(1..=6),
        high_water_mark: high_water_mark(calm, random),
        graceful: random.percent(60).then(|| random.millis(100..=2_000)),
        shutdown_timeout: if calm { Duration::from_secs(60) } else { random.millis(0..=3_000) },
    }
}

fn high_water_mark(calm: bool, random: &mut Random) -> usize {
    if calm { 512 << 10 } else { random.pick(&[256, 2_048, 512 << 10]) }
}

fn call(id: u64, calm: bool, random: &mut Random) -> Call {
    let by = if random.percent(25) { Side::Server(random.bytes(0..=1)) } else { Side::Client };
    let way = match random.between(0..=9) {
        0 | 1 => Way::Oneway,
        2 | 3 => Way::Callback,
        4 if by == Side::Client => Way::NameServer,
        _ => Way::Invoke,
    };
    let timeout = match random.between(0..=9) {
        0 => Duration::ZERO,
        1..=4 => random.millis(1..=200),
        _ => random.millis(200..=2_000),
    };
    let given_up = !calm && way != Way::Callback && random.percent(10);
    Call {
        id: u32::try_from(id).unwrap_or(u32::MAX),
        // Many calls begin together, some at the very same time.
        at: random.millis(0..=10) * u32::try_from(random.between(0..=200)).unwrap_or(0),
        timeout,
        by,
        to: random.bytes(0..=1),
        way,
        work: random.pick(&[Work::Inline, Work::Inline, Work::Runtime, Work::CallsBack, Work::Later]),
        takes: if random.percent(50) { Duration::ZERO } else { random.millis(1..=800) },
        request_size: size(random),
        response_size: size(random),
        old: random.percent(20),
        binary_header: random.percent(50),
        given_up_after: given_up.then(|| random.millis(0..=500)),
    }
}

fn size(random: &mut Random) -> usize {
    if random.percent(80) { random.bytes(0..=300) } else { random.bytes(300..=20_000) }
}

fn deed(calm: bool, random: &mut Random) -> Deed {
    let (server, pause) = (random.bytes(0..=1), random.millis(0..=500));
    match random.between(0..=9) {
        0 | 1 if !calm => Deed::Kill { server, pause },
        2 if !calm => Deed::CloseChannels { server },
        3..=5 => Deed::Restart { server, pause },
        _ => Deed::Replace { server },
    }
}
