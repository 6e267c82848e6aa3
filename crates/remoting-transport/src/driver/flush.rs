//! How a driver writes what its channel has encoded.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    task::{Context, Poll},
    time::Instant,
};

use tokio::io::AsyncWrite;

use super::ChannelDriver;
use crate::{channel::ChannelError, machine::MAX_SLICES};

/// How often one flush writes. Without a limit, a handler that sends whenever something is flushed would keep it going.
const WRITES: usize = 16;

/// What came of writing.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Flushed {
    /// Something was written.
    pub(super) moved: bool,
    /// The socket takes no more now, or a region waits for its file: either wakes this task.
    pub(super) blocked: bool,
}

impl ChannelDriver {
    /// Writes until the socket takes no more, or the turn's share of region bytes is used up.
    pub(super) fn flush(
        &mut self,
        region_bytes: &mut usize,
        now: Instant,
        cx: &mut Context<'_>,
    ) -> Result<Flushed, ChannelError> {
        let mut flushed = Flushed::default();
        let mut writes = 0;
        while self.core.wants_write() && writes < WRITES {
            writes += 1;
            if let Some((region, sent)) = self.core.region() {
                if *region_bytes == 0 {
                    break;
                }
                match self.regions.poll_write(&mut self.stream, region, sent, *region_bytes, cx)? {
                    Poll::Ready(written) => {
                        *region_bytes -= written;
                        self.region_written(written, now);
                    }
                    // It may be the file that is waited for: what the stream has can go meanwhile.
                    Poll::Pending => {
                        flushed.blocked = true;
                        break;
                    }
                }
                flushed.moved = true;
                self.unflushed = true;
                continue;
            }
            let stream = Pin::new(&mut self.stream);
            let written = if let Some(chunk) = self.core.only_chunk() {
                stream.poll_write(cx, chunk)
            } else {
                let mut slices = [IoSlice::new(&[]); MAX_SLICES];
                let filled = self.core.chunks(&mut slices);
                stream.poll_write_vectored(cx, &slices[..filled])
            };
            match written {
                Poll::Ready(Ok(0)) => return Err(io::Error::from(io::ErrorKind::WriteZero).into()),
                Poll::Ready(Ok(written)) => self.core.written(written, now),
                Poll::Ready(Err(error)) => return Err(error.into()),
                Poll::Pending => {
                    flushed.blocked = true;
                    return Ok(flushed);
                }
            }
            flushed.moved = true;
            self.unflushed = true;
        }
        // A stream that buffers (TLS) may take all and still have bytes to write.
        if self.unflushed
            && let Poll::Ready(passed_on) = Pin::new(&mut self.stream).poll_flush(cx)
        {
            passed_on?;
            self.unflushed = false;
        }
        Ok(flushed)
    }

    fn region_written(&mut self, written: usize, now: Instant) {
        self.core.region_written(written, now);
        if self.core.region().is_none() {
            self.regions.rest();
        }
    }
}
