//! zlib streams.

use std::fmt::Display;
use std::io::Write;

use flate2::write::ZlibEncoder;
use flate2::{Compression, Decompress, FlushDecompress, Status};

use super::{CompressionError, CompressionType};

/// The default of Java clients.
const LEVEL: u32 = 5;

/// The memory that is reserved at least, to make progress.
const LEAST_RESERVE: usize = 512;

pub(super) fn compress(body: &[u8]) -> Result<Vec<u8>, CompressionError> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::new(LEVEL));
    encoder.write_all(body).and_then(|()| encoder.finish()).map_err(malformed)
}

/// Bytes behind the stream are ignored, as in Java.
pub(super) fn decompress(compressed: &[u8], limit: usize) -> Result<Vec<u8>, CompressionError> {
    let mut inflater = Decompress::new(true);
    let mut rest = compressed;
    let mut body = Vec::new();
    loop {
        // One byte more than the limit shows that there is more.
        let left = limit.saturating_sub(body.len()).saturating_add(1);
        body.reserve_exact(body.len().max(2 * rest.len()).max(LEAST_RESERVE).min(left));
        let (read, written) = (inflater.total_in(), body.len());
        let status = inflater.decompress_vec(rest, &mut body, FlushDecompress::None).map_err(malformed)?;
        if body.len() > limit {
            return Err(CompressionError::TooLong { limit });
        }
        let read = usize::try_from(inflater.total_in() - read).unwrap_or(usize::MAX);
        rest = rest.get(read..).unwrap_or_default();
        match status {
            Status::StreamEnd => return Ok(body),
            Status::Ok | Status::BufError if read == 0 && body.len() == written => {
                return Err(malformed("the stream ends too early"));
            }
            Status::Ok | Status::BufError => {}
        }
    }
}

fn malformed(reason: impl Display) -> CompressionError {
    CompressionError::Malformed { compression: CompressionType::Zlib, reason: reason.to_string() }
}
