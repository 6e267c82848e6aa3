//! The buffers that frames are decoded from.

use std::ops::Deref;

use bytes::{Buf, Bytes, BytesMut};

/// The maximum number of bytes, from the first text of a frame on, that are copied out of a read buffer.
pub(crate) const COPIED: usize = 512;

/// A buffer with frames at its front.
pub(crate) trait FrameSource: Deref<Target = [u8]> {
    /// Removes the frame of `frame` bytes from the front and returns its bytes from `from` on.
    fn take_frame(&mut self, frame: usize, from: usize) -> Bytes;
}

/// A read buffer, which is used again. It returns a copy of at most [`COPIED`] bytes, or a handle.
///
/// A copy costs an allocation. A handle costs two atomic operations, and the buffer is then shared.
impl FrameSource for BytesMut {
    #[inline]
    fn take_frame(&mut self, frame: usize, from: usize) -> Bytes {
        let kept = self.get(from..frame).unwrap_or_default();
        if kept.len() > COPIED {
            let mut rest = self.split_to(frame).freeze();
            rest.advance(from);
            return rest;
        }
        let copy = if kept.is_empty() { Bytes::new() } else { Bytes::copy_from_slice(kept) };
        self.advance(frame);
        copy
    }
}

/// A copy of small frames. It returns handles.
impl FrameSource for Bytes {
    #[inline]
    fn take_frame(&mut self, frame: usize, from: usize) -> Bytes {
        if from >= frame {
            self.advance(frame);
            return Self::new();
        }
        if frame == self.len() {
            let mut rest = std::mem::take(self);
            rest.advance(from);
            return rest;
        }
        let rest = self.slice(from..frame);
        self.advance(frame);
        rest
    }
}
