//! Writing the encoded bytes of a machine.

use std::{
    io::{self, IoSlice},
    task::{Context, Poll},
    time::Instant,
};

use tokio::io::AsyncWrite;

use super::{pump::Pump, wire::Wire};
use crate::{channel::ChannelError, machine::MAX_SLICES};

/// The largest number of writes in one flush. Without it, a handler that sends after each flush would keep it going.
const WRITES: usize = 16;

/// The result of a flush.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Flushed {
    /// Whether anything was written.
    pub(super) moved: bool,
    /// Whether the wire accepts no more bytes, or a region waits for its file. Both wake this task.
    pub(super) blocked: bool,
}

impl<W: Wire> Pump<W> {
    /// Writes until the wire accepts no more, or until `region_bytes` bytes of regions are written.
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
                    // The region may wait for its file, so flush the bytes that the stream holds.
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
        // A buffering stream (TLS) may accept all bytes and still have to write some.
        if self.unflushed
            && let Poll::Ready(result) = self.wire.io().poll_flush(cx)
        {
            result?;
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
