//! The protocol of a raw client on one connection, without I/O.

use std::time::Instant;

use anyhow::Context;
use remoting_benches::control::{Lane, Shape};

/// Keeps `window` frames in flight: as many frames go out as have come back. Tells frames apart by their length alone,
/// which is the same for all.
pub(crate) struct Conversation {
    /// `window` frames in a row: any batch is a part of it.
    frames: Vec<u8>,
    frame_len: usize,
    window: u64,
    /// Bytes of `frames` to send, and again from its start.
    pending: usize,
    offset: usize,
    in_flight: u64,
    received_of_frame: usize,
    sent: u64,
    answered: u64,
    /// The number of the timed frame, and its start time.
    probe: Option<(u64, Instant)>,
    lane: Lane,
}

/// Returns a frame with a body of `body` bytes.
pub(crate) fn frame(body: usize) -> anyhow::Result<Vec<u8>> {
    let len = u32::try_from(body).context("a body too long for a length word")?;
    let mut frame = len.to_be_bytes().to_vec();
    frame.resize(frame.len() + body, b'x');
    Ok(frame)
}

impl Conversation {
    pub(crate) fn new(shape: Shape, lane: Lane) -> anyhow::Result<Self> {
        let frame = frame(shape.body)?;
        Ok(Self {
            frames: frame.repeat(shape.window),
            frame_len: frame.len(),
            window: shape.window as u64,
            pending: 0,
            offset: 0,
            in_flight: 0,
            received_of_frame: 0,
            sent: 0,
            answered: 0,
            probe: None,
            lane,
        })
    }

    /// Fills the window for the first time.
    pub(crate) fn begin(&mut self) {
        self.send(self.window);
    }

    fn send(&mut self, frames: u64) {
        let frames = self.lane.admit(frames);
        if frames == 0 {
            return;
        }
        if self.probe.is_none()
            && let Some(now) = self.lane.started()
        {
            // The last of the batch: its wait includes what is ahead of it, as that of a caller does.
            self.probe = Some((self.sent + frames, now));
        }
        self.sent += frames;
        self.in_flight += frames;
        self.pending += frames as usize * self.frame_len;
    }

    /// Returns the bytes to write next; empty if all are written.
    pub(crate) fn output(&self) -> &[u8] {
        let end = self.frames.len().min(self.offset + self.pending);
        &self.frames[self.offset..end]
    }

    pub(crate) fn has_output(&self) -> bool {
        self.pending > 0
    }

    pub(crate) fn written(&mut self, bytes: usize) {
        self.pending -= bytes;
        self.offset = (self.offset + bytes) % self.frames.len();
        if self.pending == 0 {
            self.offset = 0;
        }
    }

    /// Counts the frames that these bytes complete and sends as many anew.
    pub(crate) fn received(&mut self, bytes: usize) {
        let total = self.received_of_frame + bytes;
        let frames = (total / self.frame_len) as u64;
        self.received_of_frame = total % self.frame_len;
        if frames == 0 {
            return;
        }
        self.answered += frames;
        self.in_flight -= frames;
        if let Some((number, started)) = self.probe
            && self.answered >= number
        {
            self.lane.answered(Some(started));
            self.probe = None;
        }
        self.lane.completed(frames);
        self.send(frames);
    }

    pub(crate) fn is_over(&self) -> bool {
        self.in_flight == 0
    }
}
