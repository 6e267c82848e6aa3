//! How a channel reads and writes.

use std::time::Duration;

use remoting_protocol::FrameLimits;
use thiserror::Error;

/// The numbers of pending bytes at which a channel becomes unwritable and writable again. Equivalent of Netty's
/// `WriteBufferWaterMark`.
///
/// A channel with `high` or more pending bytes is unwritable, and stops reading if it has
/// [`ChannelOptions::suspend_reads_when_unwritable`]. It becomes writable again when at most `low` bytes are pending.
/// `high` is also the capacity for which [`Channel::send`](crate::Channel::send) waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WaterMark {
    low: usize,
    high: usize,
}

impl WaterMark {
    /// Creates water marks, in bytes.
    ///
    /// # Errors
    /// Returns [`OptionsError::WaterMark`] if `high` is zero or more than 1 GiB, or if `low` is greater than `high`.
    pub fn new(low: usize, high: usize) -> Result<Self, OptionsError> {
        if high == 0 || high > 1 << 30 || low > high {
            return Err(OptionsError::WaterMark { low, high });
        }
        Ok(Self { low, high })
    }

    /// Returns the low mark, in bytes.
    #[must_use]
    pub fn low(self) -> usize {
        self.low
    }

    /// Returns the high mark, in bytes.
    #[must_use]
    pub fn high(self) -> usize {
        self.high
    }
}

impl Default for WaterMark {
    /// Returns 256 KiB and 512 KiB. With Netty's 32 KiB and 64 KiB, each message body above 64 KiB would have to wait
    /// for an empty buffer.
    fn default() -> Self {
        Self { low: 256 << 10, high: 512 << 10 }
    }
}

/// An invalid option.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum OptionsError {
    /// The water marks are out of range or in the wrong order.
    #[error(
        "invalid water marks low={low} high={high}: low must not exceed high, and high must be 1 to 1073741824 bytes"
    )]
    #[non_exhaustive]
    WaterMark {
        /// The low mark, in bytes.
        low: usize,
        /// The high mark, in bytes.
        high: usize,
    },
}

/// How a channel reads and writes.
///
/// The defaults suit a client. A server sets [`suspend_reads_when_unwritable`](Self::suspend_reads_when_unwritable).
///
/// ```
/// use std::time::Duration;
/// use remoting_transport::{ChannelOptions, WaterMark};
///
/// let options = ChannelOptions::new()
///     .water_mark(WaterMark::new(64 << 10, 128 << 10)?)
///     .suspend_reads_when_unwritable(true)
///     .frame_timeout(Duration::from_secs(30));
/// # let _ = options;
/// # Ok::<(), remoting_transport::OptionsError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct ChannelOptions {
    pub(crate) frame_limits: FrameLimits,
    pub(crate) water_mark: WaterMark,
    pub(crate) suspend_reads_when_unwritable: bool,
    pub(crate) frame_timeout: Option<Duration>,
    pub(crate) close_timeout: Duration,
    pub(crate) buffer_release_after: Duration,
}

impl ChannelOptions {
    /// Creates the default options.
    pub fn new() -> Self {
        Self {
            frame_limits: FrameLimits::default(),
            water_mark: WaterMark::default(),
            suspend_reads_when_unwritable: false,
            frame_timeout: Some(Duration::from_secs(60)),
            close_timeout: Duration::from_secs(3),
            buffer_release_after: Duration::from_secs(1),
        }
    }

    /// Sets the largest frame and the largest header, for both directions. Default: 16 MiB and 24 bits. Equivalent of
    /// Java's `com.rocketmq.remoting.frameMaxLength`.
    pub fn frame_limits(mut self, limits: FrameLimits) -> Self {
        self.frame_limits = limits;
        self
    }

    /// Sets the numbers of pending bytes at which the channel becomes unwritable and writable again. Default:
    /// 256 KiB and 512 KiB.
    pub fn water_mark(mut self, mark: WaterMark) -> Self {
        self.water_mark = mark;
        self
    }

    /// Sets whether an unwritable channel stops reading, which bounds the responses held for a peer that does not read
    /// them. Default: false.
    ///
    /// Servers enable this. If both sides did, two full buffers could wait for each other until the idle time closes the
    /// connection. If this is false, reading stops only when the pending responses of this side exceed four times the
    /// high water mark.
    pub fn suspend_reads_when_unwritable(mut self, suspend: bool) -> Self {
        self.suspend_reads_when_unwritable = suspend;
        self
    }

    /// Sets the time in which a frame that has begun must make progress. Default: 60 s. `None` or zero: no limit but the
    /// idle time. This bounds what a peer that sends byte by byte can hold.
    ///
    /// Progress is the last byte of the frame, 64 KiB of it, or a sixteenth of it if that is more. Progress restarts the
    /// time. A frame of up to 64 KiB therefore has this time in total, and the largest frame has sixteen times as much: a
    /// steady sender needs 18 KB/s for a frame of 16 MiB. The time in which this side does not read does not count.
    ///
    /// A channel on which a frame makes progress is not idle. If its idle time is shorter than this time, the frame must
    /// make progress within the idle time.
    pub fn frame_timeout(mut self, timeout: impl Into<Option<Duration>>) -> Self {
        self.frame_timeout = timeout.into().filter(|timeout| !timeout.is_zero());
        self
    }

    /// Sets how long a closing channel may take to finish the requests in flight and to write its queue. Default: 3 s.
    pub fn close_timeout(mut self, timeout: Duration) -> Self {
        self.close_timeout = timeout;
        self
    }

    /// Sets the time without traffic after which a channel releases its buffers. Default: 1 s. An idle channel holds no
    /// buffer. A channel that is used less often than this takes a buffer only for the duration of an exchange.
    pub fn buffer_release_after(mut self, quiet: Duration) -> Self {
        self.buffer_release_after = quiet;
        self
    }
}

impl Default for ChannelOptions {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_those_documented() {
        let options = ChannelOptions::new();
        assert_eq!(options.frame_timeout, Some(Duration::from_secs(60)));
        assert_eq!(options.close_timeout, Duration::from_secs(3));
        assert_eq!(options.buffer_release_after, Duration::from_secs(1));
        assert_eq!((options.water_mark.low(), options.water_mark.high()), (256 << 10, 512 << 10));
        assert!(!options.suspend_reads_when_unwritable);
    }

    #[test]
    fn a_frame_timeout_of_zero_means_no_timeout() {
        assert_eq!(ChannelOptions::new().frame_timeout(Duration::ZERO).frame_timeout, None);
    }
}
