//! The byte stream of a pump.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
};

use tokio::io::{AsyncRead, AsyncWrite};

use super::region::RegionWriter;
use crate::{channel::ChannelError, file_region::FileRegion, stream::Stream};

/// A byte stream with the operations that a pump needs.
pub(crate) trait Wire {
    type Io: AsyncRead + AsyncWrite + Unpin;

    fn io(&mut self) -> Pin<&mut Self::Io>;

    /// Returns whether the system has received unread bytes, or the end of the stream. Returns false if that is unknown.
    fn has_arrived(&self) -> io::Result<bool>;

    /// Returns whether the peer has closed its side. Unread bytes may precede the end. Returns false if that is unknown.
    fn peer_has_closed(&self) -> bool;

    /// Writes at most `limit` bytes of `region` from `at` on, and returns how many.
    fn poll_write_region(
        &mut self,
        region: &FileRegion,
        at: usize,
        limit: usize,
        cx: &mut Context<'_>,
    ) -> Poll<Result<usize, ChannelError>>;

    /// Releases what region writes need, after the last pending region.
    fn regions_done(&mut self);
}

/// The stream of a connection.
pub(super) struct StreamWire {
    pub(super) stream: Stream,
    regions: RegionWriter,
}

impl StreamWire {
    pub(super) fn new(stream: Stream) -> Self {
        Self { stream, regions: RegionWriter::default() }
    }
}

impl Wire for StreamWire {
    type Io = Stream;

    fn io(&mut self) -> Pin<&mut Stream> {
        Pin::new(&mut self.stream)
    }

    fn has_arrived(&self) -> io::Result<bool> {
        self.stream.has_arrived()
    }

    fn peer_has_closed(&self) -> bool {
        self.stream.peer_has_closed()
    }

    fn poll_write_region(
        &mut self,
        region: &FileRegion,
        at: usize,
        limit: usize,
        cx: &mut Context<'_>,
    ) -> Poll<Result<usize, ChannelError>> {
        self.regions.poll_write(&mut self.stream, region, at, limit, cx)
    }

    fn regions_done(&mut self) {
        self.regions.rest();
    }
}
