//! How a channel reads and writes.

use std::time::Duration;

use remoting_protocol::FrameLimits;
use thiserror::Error;

/// Bytes waiting to be written at which a channel stops and starts being writable, as Netty's
/// `WriteBufferWaterMark`.
///
/// From `high` bytes on the channel is unwritable: [`Channel::send`](crate::Channel::send) waits, and a channel with
/// [`ChannelOptions::suspend_reads_when_unwritable`] reads nothing. Once no more than `low` bytes wait it is
/// writable again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WaterMark {
    low: usize,
    high: usize,
}

impl WaterMark {
    /// Both marks, in bytes.
    ///
    /// # Errors
    /// When `high` is zero or beyond 1 GiB, or `low` is above `high`.
    pub fn new(low: usize, high: usize) -> Result<Self, OptionsError> {
        if high == 0 || high > 1 << 30 || low > high {
            return Err(OptionsError::WaterMark { low, high });
        }
        Ok(Self { low, high })
    }

    /// The low mark, in bytes.
    pub fn low(self) -> usize {
        self.low
    }

    /// The high mark, in bytes.
    pub fn high(self) -> usize {
        self.high
    }
}

impl Default for WaterMark {
    /// 256 KiB and 512 KiB. Netty's 32 KiB and 64 KiB would make each message body above 64 KiB wait for an
    /// empty buffer.
    fn default() -> Self {
        Self { low: 256 << 10, high: 512 << 10 }
    }
}

/// A value that makes no sense.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum OptionsError {
    /// The water marks contradict each other.
    #[error(
        "water marks low={low} high={high}: low must not exceed high, and high must be 1 to 1073741824 bytes"
    )]
    WaterMark {
        /// The low mark asked for.
        low: usize,
        /// The high mark asked for.
        high: usize,
    },
}

/// How one channel reads and writes. The default suits a client; a server sets
/// [`suspend_reads_when_unwritable`](Self::suspend_reads_when_unwritable).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ChannelOptions {
    /// Largest frame and header, both ways. Default: 16 MiB and 24 bits, as Java's
    /// `com.rocketmq.remoting.frameMaxLength`.
    pub frame_limits: FrameLimits,
    /// When the channel stops being writable. Default: see [`WaterMark::default`].
    pub water_mark: WaterMark,
    /// Whether an unwritable channel stops reading, so that a peer that does not read its answers cannot make
    /// this side hold more of them. Default: false. Servers set it; were both sides to do so, two full buffers
    /// could wait for each other until they are closed as idle. Without it, reading stops when the answers of this
    /// side that wait come to four times the high water mark.
    pub suspend_reads_when_unwritable: bool,
    /// How long a frame that has begun may take to make progress. Default: 60 s; `None`: as long as the idle time
    /// lasts. Bounds what a peer that sends byte by byte can hold.
    ///
    /// Progress is its last byte, or 64 KiB of it, or a sixteenth if that is more; then the time begins anew. So a frame
    /// of up to 64 KiB has this time in all, and the largest sixteen times as much: a steady sender needs 18 KB/s for a
    /// frame of 16 MiB. Time in which this side does not read does not count.
    pub frame_timeout: Option<Duration>,
    /// How long a closing channel may take to finish the requests in hand and to write what is queued.
    /// Default: 3 s.
    pub close_timeout: Duration,
    /// After how long without traffic the buffers of a channel are given back. Default: 1 s. An idle channel
    /// then holds no buffer at all; one that is used less often than that takes a buffer for the moment only.
    pub buffer_release_after: Duration,
}

impl Default for ChannelOptions {
    fn default() -> Self {
        Self {
            frame_limits: FrameLimits::default(),
            water_mark: WaterMark::default(),
            suspend_reads_when_unwritable: false,
            frame_timeout: Some(Duration::from_secs(60)),
            close_timeout: Duration::from_secs(3),
            buffer_release_after: Duration::from_secs(1),
        }
    }
}
