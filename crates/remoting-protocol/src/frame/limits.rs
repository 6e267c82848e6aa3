//! The limits of a frame.

/// The maximum lengths of a frame and its header, for decoding and encoding.
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
    /// The default limit of a frame: 16 777 216 bytes, like Java's `NettyDecoder.FRAME_MAX_LENGTH`.
    pub const DEFAULT_MAX_FRAME: usize = 16_777_216;
    /// The default limit of a header, which is the maximum of its 24-bit length: 16 777 215 bytes.
    pub const DEFAULT_MAX_HEADER: usize = 0xFF_FFFF;

    /// Sets the maximum length of a frame in bytes, including its length word. Default 16 777 216.
    ///
    /// Equivalent of Java's property `com.rocketmq.remoting.frameMaxLength`. A peer with a lower limit closes the
    /// connection when it receives a longer frame. The value is clamped to 8, the shortest frame, and 2 147 483
    /// 651, the longest that a length word can announce.
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

    /// Sets the maximum length of a header in bytes. Default and highest value: 16 777 215.
    #[must_use]
    pub const fn with_max_header(mut self, bytes: usize) -> Self {
        self.max_header = if bytes > Self::DEFAULT_MAX_HEADER { Self::DEFAULT_MAX_HEADER } else { bytes };
        self
    }

    /// Returns the maximum length of a frame in bytes, including its length word.
    #[must_use]
    pub const fn max_frame(&self) -> usize {
        self.max_frame
    }

    /// Returns the maximum length of a header in bytes.
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
