//! What a pump moves bytes through.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
};

use tokio::io::{AsyncRead, AsyncWrite};

use super::region::RegionWriter;
use crate::{channel::ChannelError, file_region::FileRegion, stream::Stream};

/// A stream, and what else a pump has to know of it.
pub(crate) trait Wire {
    type Io: AsyncRead + AsyncWrite + Unpin;

    fn io(&mut self) -> Pin<&mut Self::Io>;

    /// Whether the system has received bytes, or the end, that have not been read. False also if that cannot be told.
    fn has_arrived(&self) -> io::Result<bool>;

    /// Whether the peer has closed its side, though bytes may lie before the end. False also if that cannot be told.
    fn peer_has_closed(&self) -> bool;

    /// Writes bytes of `region` from `at` on, at most `limit`, and returns how many.
    fn poll_write_region(
        &mut self,
        region: &FileRegion,
        at: usize,
        limit: usize,
        cx: &mut Context<'_>,
    ) -> Poll<Result<usize, ChannelError>>;

    /// No region is to be written any more.
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
