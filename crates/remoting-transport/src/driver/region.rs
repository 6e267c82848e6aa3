//! Writing file regions: by `sendfile` if possible, otherwise piece by piece.

use std::{
    io, mem,
    pin::Pin,
    task::{Context, Poll, ready},
};

use tokio::{io::AsyncWrite, task::JoinHandle};

use crate::{channel::ChannelError, file_region::FileRegion, stream::Stream};

/// The size of a piece in memory, where a region has to be read.
const PIECE: usize = 256 << 10;

/// The writer of file regions. Dropping it cancels a pending read, unless the read has already started on its thread.
#[derive(Debug, Default)]
pub(super) struct RegionWriter {
    /// Present if the kernel cannot send the regions, so they must be read.
    reader: Option<Box<RegionReader>>,
}

impl RegionWriter {
    /// Writes at most `limit` bytes of `region` from `at` on, and returns how many.
    pub(super) fn poll_write(
        &mut self,
        stream: &mut Stream,
        region: &FileRegion,
        at: usize,
        limit: usize,
        cx: &mut Context<'_>,
    ) -> Poll<Result<usize, ChannelError>> {
        if self.reader.is_none() {
            let len = (region.len() - at).min(limit);
            match ready!(stream.poll_send_file(cx, region.file(), region.file_offset(at), len)) {
                Ok(0) => return Poll::Ready(Err(broken_off(region, at, too_short()))),
                Ok(sent) => return Poll::Ready(Ok(sent)),
                Err(error) if must_be_read(&error) => {}
                Err(error) if is_of_the_socket(&error) => return Poll::Ready(Err(error.into())),
                Err(error) => return Poll::Ready(Err(broken_off(region, at, error))),
            }
        }
        let reader = self.reader.get_or_insert_default();
        let piece = match ready!(reader.poll_piece(region, at, cx)) {
            Ok([]) => return Poll::Ready(Err(broken_off(region, at, too_short()))),
            Ok(piece) => piece,
            Err(error) => return Poll::Ready(Err(broken_off(region, at, error))),
        };
        let piece = &piece[..piece.len().min(limit)];
        match ready!(Pin::new(stream).poll_write(cx, piece))? {
            0 => Poll::Ready(Err(io::Error::from(io::ErrorKind::WriteZero).into())),
            written => {
                reader.written += written;
                Poll::Ready(Ok(written))
            }
        }
    }

    /// Releases the memory, after the last pending region.
    pub(super) fn rest(&mut self) {
        self.reader = None;
    }
}

/// The reader of a region. It reads a piece after the previous one is written.
#[derive(Debug, Default)]
struct RegionReader {
    piece: Vec<u8>,
    /// The written bytes of the piece.
    written: usize,
    reading: Option<Reading>,
}

/// A read on another thread. Dropping it cancels the read if it has not started.
#[derive(Debug)]
struct Reading(JoinHandle<io::Result<Vec<u8>>>);

impl Drop for Reading {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl RegionReader {
    /// Returns the bytes of the region that are in memory, from `at` on. An empty slice is the end of the file.
    fn poll_piece(
        &mut self,
        region: &FileRegion,
        at: usize,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<&[u8]>> {
        if self.written == self.piece.len() {
            let reading = match &mut self.reading {
                Some(reading) => reading,
                none => {
                    let (region, mut piece) = (region.clone(), mem::take(&mut self.piece));
                    self.written = 0;
                    none.insert(Reading(tokio::task::spawn_blocking(move || {
                        piece.resize((region.len() - at).min(PIECE), 0);
                        let read = region.read(at, &mut piece)?;
                        piece.truncate(read);
                        Ok(piece)
                    })))
                }
            };
            let read = ready!(Pin::new(&mut reading.0).poll(cx));
            self.reading = None;
            self.piece = read.unwrap_or_else(|ended| Err(io::Error::other(ended)))?;
        }
        Poll::Ready(Ok(&self.piece[self.written..]))
    }
}

/// Returns the error of a region that cannot be sent to its end.
pub(crate) fn broken_off(region: &FileRegion, sent: usize, source: io::Error) -> ChannelError {
    ChannelError::FileRegion { region: region.clone(), sent, source }
}

pub(crate) fn too_short() -> io::Error {
    io::Error::new(io::ErrorKind::UnexpectedEof, "the file was truncated")
}

/// Returns whether the stream or the file system does not support `sendfile`.
fn must_be_read(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::Unsupported | io::ErrorKind::InvalidInput)
}

/// Returns whether an error of `sendfile`, which may concern either file, is one of the socket.
fn is_of_the_socket(error: &io::Error) -> bool {
    use io::ErrorKind::{
        BrokenPipe, ConnectionAborted, ConnectionReset, HostUnreachable, NetworkDown, NetworkUnreachable,
        NotConnected, TimedOut,
    };
    matches!(
        error.kind(),
        BrokenPipe
            | ConnectionAborted
            | ConnectionReset
            | HostUnreachable
            | NetworkDown
            | NetworkUnreachable
            | NotConnected
            | TimedOut
    )
}

#[cfg(test)]
mod tests;
