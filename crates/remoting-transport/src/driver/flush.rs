//! How a pump writes what its machine has encoded.

use std::{
    io::{self, IoSlice},
    task::{Context, Poll},
    time::Instant,
};

use tokio::io::AsyncWrite;

use super::{pump::Pump, wire::Wire};
use crate::{channel::ChannelError, machine::MAX_SLICES};

/// How often one flush writes. Without a limit, a handler that sends whenever something is flushed would keep it going.
const WRITES: usize = 16;

/// What came of writing.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Flushed {
    /// Something was written.
    pub(super) moved: bool,
    /// The wire takes no more now, or a region waits for its file: either wakes this task.
    pub(super) blocked: bool,
}

impl<W: Wire> Pump<W> {
    /// Writes until the wire takes no more, or the share of region bytes is used up.
    pub(super) fn flush(
        &mut self,
        region_bytes: &mut usize,
        now: Instant,
        cx: &mut Context<'_>,
    ) -> Result<Flushed, ChannelError> {
        let mut flushed = Flushed::default();
        let mut writes = 0;
        while self.machine.wants_write() && writes < WRITES {
            writes += 1;
            if let Some((region, sent)) = self.machine.region() {
                if *region_bytes == 0 {
                    break;
                }
                match self.wire.poll_write_region(region, sent, *region_bytes, cx)? {
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
            let io = self.wire.io();
            let written = if let Some(chunk) = self.machine.only_chunk() {
                io.poll_write(cx, chunk)
            } else {
                let mut slices = [IoSlice::new(&[]); MAX_SLICES];
                let filled = self.machine.chunks(&mut slices);
                io.poll_write_vectored(cx, &slices[..filled])
            };
            match written {
                Poll::Ready(Ok(0)) => return Err(io::Error::from(io::ErrorKind::WriteZero).into()),
                Poll::Ready(Ok(written)) => self.machine.handle_written(written, now),
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
            && let Poll::Ready(passed_on) = self.wire.io().poll_flush(cx)
        {
            passed_on?;
            self.unflushed = false;
        }
        Ok(flushed)
    }

    fn region_written(&mut self, written: usize, now: Instant) {
        self.machine.handle_region_written(written, now);
        if self.machine.region().is_none() {
            self.wire.regions_done();
        }
    }
}
