//! The middle of a connection.

use std::future::pending;
use std::ops::RangeInclusive;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::{Instant, sleep, sleep_until, timeout_at};

use crate::random::Random;

/// One direction of a connection.
pub(crate) struct Direction {
    pub(crate) random: Random,
    /// Milliseconds that each piece takes.
    pub(crate) latency: RangeInclusive<u64>,
    /// The most bytes of a piece.
    pub(crate) chunk: usize,
    /// Nothing arrives from the one time to the other.
    pub(crate) stalls: Option<(Instant, Instant)>,
    /// Its reader sees the end of the stream then.
    pub(crate) ends: Option<Instant>,
}

/// Carries bytes both ways until both have ended, or until it is cut; tells which. `at_cut` is called before the
/// ends are dropped.
pub(crate) async fn relay(
    near: impl AsyncRead + AsyncWrite,
    far: impl AsyncRead + AsyncWrite,
    up: Direction,
    down: Direction,
    cut: Option<Instant>,
    at_cut: impl FnOnce(),
) -> bool {
    let (near_read, near_write) = tokio::io::split(near);
    let (far_read, far_write) = tokio::io::split(far);
    let both = async {
        tokio::join!(carry(near_read, far_write, up), carry(far_read, near_write, down));
    };
    let cut = async {
        match cut {
            Some(at) => sleep_until(at).await,
            None => pending().await,
        }
    };
    tokio::select! {
        biased;
        () = cut => {
            at_cut();
            true
        }
        () = both => false,
    }
}

async fn carry(mut from: impl AsyncRead + Unpin, mut to: impl AsyncWrite + Unpin, mut way: Direction) {
    let mut piece = vec![0; way.chunk];
    loop {
        let read = match way.ends {
            Some(at) => timeout_at(at, from.read(&mut piece)).await.unwrap_or(Ok(0)),
            None => from.read(&mut piece).await,
        };
        let Ok(count @ 1..) = read else { break };
        let latency = way.random.millis(way.latency.clone());
        if !latency.is_zero() {
            sleep(latency).await;
        }
        if let Some((from, to)) = way.stalls
            && (from..to).contains(&Instant::now())
        {
            sleep_until(to).await;
        }
        if to.write_all(&piece[..count]).await.is_err() {
            // Nobody reads any more; what the other direction carries is not lost by that.
            while let Ok(1..) = from.read(&mut piece).await {}
            return;
        }
    }
    let _ = to.shutdown().await;
}
