//! The middle of a connection.

use std::ops::RangeInclusive;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::sleep;

use crate::random::Random;

/// One direction of a connection.
pub(crate) struct Direction {
    pub(crate) random: Random,
    /// Milliseconds that each piece takes.
    pub(crate) latency: RangeInclusive<u64>,
    /// The most bytes of a piece.
    pub(crate) chunk: usize,
}

/// Carries bytes both ways until both have ended.
pub(crate) async fn relay(
    near: impl AsyncRead + AsyncWrite,
    far: impl AsyncRead + AsyncWrite,
    up: Direction,
    down: Direction,
) {
    let (near_read, near_write) = tokio::io::split(near);
    let (far_read, far_write) = tokio::io::split(far);
    tokio::join!(biased; carry(near_read, far_write, up), carry(far_read, near_write, down));
}

async fn carry(mut from: impl AsyncRead + Unpin, mut to: impl AsyncWrite + Unpin, mut way: Direction) {
    let mut piece = vec![0; way.chunk];
    while let Ok(count @ 1..) = from.read(&mut piece).await {
        let latency = way.random.millis(way.latency.clone());
        if !latency.is_zero() {
            sleep(latency).await;
        }
        if to.write_all(&piece[..count]).await.is_err() {
            // The reader is gone. The other direction continues.
            while let Ok(1..) = from.read(&mut piece).await {}
            return;
        }
    }
    let _ = to.shutdown().await;
}
