//! Frames of Zstandard.

use std::fmt::Display;
use std::io::Read;

use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};
use ruzstd::encoding::{CompressionLevel, compress_to_vec};

use super::{CompressionError, CompressionType};

/// The largest window, which every decoder should support (RFC 8878).
const MAX_WINDOW: usize = 8 << 20;

pub(super) fn compress(body: &[u8]) -> Vec<u8> {
    compress_to_vec(body, CompressionLevel::Fastest)
}

pub(super) fn decompress(compressed: &[u8], limit: usize) -> Result<Vec<u8>, CompressionError> {
    let mut rest = compressed;
    let mut decoder = FrameDecoder::new();
    // A frame may state its length as its window.
    decoder.set_max_window_size(limit.max(MAX_WINDOW) as u64);
    decoder.init(&mut rest).map_err(malformed)?;
    let too_long = CompressionError::TooLong { limit };
    if decoder.content_size() > limit as u64 {
        return Err(too_long);
    }
    let mut body = Vec::new();
    loop {
        decoder.decode_blocks(&mut rest, BlockDecodingStrategy::UptoBlocks(1)).map_err(malformed)?;
        let available = decoder.can_collect();
        if body.len() + available > limit {
            return Err(too_long);
        }
        body.reserve(available);
        decoder.by_ref().take(available as u64).read_to_end(&mut body).map_err(malformed)?;
        if decoder.is_finished() {
            break;
        }
    }
    let stated = decoder.get_checksum_from_data();
    if stated.is_some() && stated != decoder.get_calculated_checksum() {
        return Err(malformed("the checksum of the frame does not match"));
    }
    if rest.is_empty() { Ok(body) } else { Err(malformed("there are bytes behind the frame")) }
}

fn malformed(reason: impl Display) -> CompressionError {
    CompressionError::Malformed { compression: CompressionType::Zstd, reason: reason.to_string() }
}
