//! Responses from a file: each request gets the next piece.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::os::unix::fs::FileExt as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use clap::ValueEnum;
use remoting::prelude::*;

pub(crate) const NEXT_PIECE: RequestCode = RequestCode(1002);
/// Bytes of a piece.
pub(crate) const PIECE: usize = 1 << 20;
const PIECES: u64 = 256;

/// The way in which a piece is read.
#[derive(ValueEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// Read into memory by the processor.
    Read,
    /// Sent by the channel, as a file region.
    Region,
}

/// An unlinked file of 256 MiB, which the system deletes when it is closed.
#[derive(Clone)]
pub(crate) struct Pieces {
    file: Arc<File>,
    next: Arc<AtomicU64>,
    way: Way,
}

impl Pieces {
    pub(crate) fn new(way: Way) -> io::Result<Self> {
        let path = std::env::temp_dir().join(format!("remoting-bench-{}.pieces", std::process::id()));
        let mut file = File::options().read(true).write(true).create_new(true).open(&path)?;
        fs::remove_file(&path)?;
        let piece = vec![b'x'; PIECE];
        for _ in 0..PIECES {
            file.write_all(&piece)?;
        }
        Ok(Self { file: Arc::new(file), next: Arc::default(), way })
    }

    pub(crate) fn answer(&self, request: &RemotingCommand) -> io::Result<RemotingCommand> {
        let number = self.next.fetch_add(1, Ordering::Relaxed) % PIECES;
        let offset = number * PIECE as u64;
        let response = RemotingCommand::response_to(request, ResponseCode::SUCCESS);
        match self.way {
            Way::Read => {
                let mut piece = vec![0; PIECE];
                self.file.read_exact_at(&mut piece, offset)?;
                Ok(response.with_body(piece))
            }
            Way::Region => {
                let region =
                    FileRegion::new(Arc::clone(&self.file), offset, PIECE).map_err(io::Error::other)?;
                Ok(response.with_body(region))
            }
        }
    }
}
