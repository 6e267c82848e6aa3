//! How large a frame may be.

/// How large a frame and its header may be, in both directions.
///
/// ```
/// use remoting_protocol::FrameLimits;
///
/// let limits = FrameLimits::default().with_max_frame(64 << 20);
/// assert_eq!((limits.max_frame(), limits.max_header()), (64 << 20, 0xFF_FFFF));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FrameLimits {
    max_frame: usize,
    max_header: usize,
}

impl FrameLimits {
    /// The default for a frame: 16 777 216 bytes, as Java's `NettyDecoder.FRAME_MAX_LENGTH`.
    pub const DEFAULT_MAX_FRAME: usize = 16_777_216;
    /// The default for a header, and the most that its 24-bit length can say: 16 777 215 bytes.
    pub const DEFAULT_MAX_HEADER: usize = 0xFF_FFFF;

    /// Sets the most bytes of a frame, its length word included. Default 16 777 216.
    ///
    /// Java's property `com.rocketmq.remoting.frameMaxLength`. A peer with a lower limit closes the connection
    /// on a frame above it. Values below 8, the least frame, or above what a length word can say are moved to there.
    #[must_use]
    pub const fn with_max_frame(mut self, bytes: usize) -> Self {
        let most = i32::MAX as usize + 4;
        self.max_frame = if bytes < 8 {
            8
        } else if bytes > most {
            most
        } else {
            bytes
        };
        self
    }

    /// Sets the most bytes of a header. Default, and most, 16 777 215.
    #[must_use]
    pub const fn with_max_header(mut self, bytes: usize) -> Self {
        self.max_header = if bytes > Self::DEFAULT_MAX_HEADER { Self::DEFAULT_MAX_HEADER } else { bytes };
        self
    }

    /// The most bytes of a frame, its length word included.
    #[must_use]
    pub const fn max_frame(&self) -> usize {
        self.max_frame
    }

    /// The most bytes of a header.
    #[must_use]
    pub const fn max_header(&self) -> usize {
        self.max_header
    }
}

impl Default for FrameLimits {
    fn default() -> Self {
        Self { max_frame: Self::DEFAULT_MAX_FRAME, max_header: Self::DEFAULT_MAX_HEADER }
    }
}
