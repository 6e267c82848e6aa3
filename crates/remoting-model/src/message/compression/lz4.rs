//! Frames of LZ4.
//!
//! The frame is read here and not by `lz4_flex::frame`, which reserves 12 MiB for any frame of Java, however short,
//! because they all announce the largest blocks, and which accepts a frame without its end.

use std::fmt::Display;

use lz4_flex::block;
use twox_hash::XxHash32;

use super::{CompressionError, CompressionType};

const MAGIC_NUMBER: u32 = 0x184d_2204;

/// Version 1, blocks that do not refer to each other, no checksums, no length: what Java writes.
const JAVA_FLAGS: u8 = VERSION_1 | INDEPENDENT_BLOCKS;
/// Blocks of at most 4 MiB: what Java writes.
const JAVA_BLOCKS: u8 = 0x70;
const MAX_BLOCK: usize = 4 << 20;

const VERSION_MASK: u8 = 0xc0;
const VERSION_1: u8 = 0x40;
const INDEPENDENT_BLOCKS: u8 = 0x20;
const BLOCK_CHECKSUMS: u8 = 0x10;
const CONTENT_SIZE: u8 = 0x08;
const CONTENT_CHECKSUM: u8 = 0x04;
const RESERVED: u8 = 0x02;
const DICTIONARY: u8 = 0x01;

/// The bit of a block's size that says that the block is not compressed.
const UNCOMPRESSED: u32 = 1 << 31;

/// How far back a block may refer.
const WINDOW: usize = 64 << 10;

/// A byte of a block becomes at most this many.
const MAX_EXPANSION: usize = 255;

pub(super) fn compress(body: &[u8]) -> Result<Vec<u8>, CompressionError> {
    let descriptor = [JAVA_FLAGS, JAVA_BLOCKS];
    let mut frame = MAGIC_NUMBER.to_le_bytes().to_vec();
    frame.extend(descriptor);
    frame.push(header_checksum(&descriptor));
    for chunk in body.chunks(MAX_BLOCK) {
        let compressed = block::compress(chunk);
        let (bit, block) =
            if compressed.len() < chunk.len() { (0, &compressed[..]) } else { (UNCOMPRESSED, chunk) };
        let size = u32::try_from(block.len()).map_err(malformed)?;
        frame.extend((size | bit).to_le_bytes());
        frame.extend(block);
    }
    frame.extend(0_u32.to_le_bytes());
    Ok(frame)
}

pub(super) fn decompress(compressed: &[u8], limit: usize) -> Result<Vec<u8>, CompressionError> {
    let mut reader = Reader(compressed);
    let frame = Frame::read(&mut reader)?;
    if frame.content_size.is_some_and(|size| size > limit as u64) {
        return Err(CompressionError::TooLong { limit });
    }
    let mut body = Vec::new();
    while frame.read_block(&mut reader, &mut body, limit)? {}
    if frame.has(CONTENT_CHECKSUM) && reader.u32()? != XxHash32::oneshot(0, &body) {
        return Err(malformed("the checksum of the content does not match"));
    }
    if frame.content_size.is_some_and(|size| size != body.len() as u64) {
        return Err(malformed("the length of the content is not the stated one"));
    }
    if reader.0.is_empty() { Ok(body) } else { Err(malformed("there are bytes behind the frame")) }
}

/// The header of a frame.
struct Frame {
    flags: u8,
    max_block: usize,
    content_size: Option<u64>,
}

impl Frame {
    fn read(reader: &mut Reader<'_>) -> Result<Self, CompressionError> {
        if reader.u32()? != MAGIC_NUMBER {
            return Err(malformed("it does not start with the magic number"));
        }
        let start = reader.0;
        let [flags, blocks] = reader.array()?;
        if flags & VERSION_MASK != VERSION_1 || flags & (RESERVED | DICTIONARY) != 0 || blocks & 0x8f != 0 {
            return Err(malformed("the frame needs a newer version, or a dictionary"));
        }
        let max_block = match blocks >> 4 {
            4 => 64 << 10,
            5 => 256 << 10,
            6 => 1 << 20,
            7 => 4 << 20,
            _ => return Err(malformed("the size of blocks is unknown")),
        };
        let content_size =
            if flags & CONTENT_SIZE == 0 { None } else { Some(u64::from_le_bytes(reader.array()?)) };
        let descriptor = start.get(..start.len() - reader.0.len()).unwrap_or_default();
        let [checksum] = reader.array()?;
        if checksum != header_checksum(descriptor) {
            return Err(malformed("the checksum of the header does not match"));
        }
        Ok(Self { flags, max_block, content_size })
    }

    const fn has(&self, flag: u8) -> bool {
        self.flags & flag != 0
    }

    /// Appends the next block to `body`. Returns false at the end of the frame.
    fn read_block(
        &self,
        reader: &mut Reader<'_>,
        body: &mut Vec<u8>,
        limit: usize,
    ) -> Result<bool, CompressionError> {
        let size = reader.u32()?;
        if size == 0 {
            return Ok(false);
        }
        let length = usize::try_from(size & !UNCOMPRESSED).unwrap_or(usize::MAX);
        if length > self.max_block {
            return Err(malformed("a block is longer than the header says"));
        }
        let data = reader.take(length)?;
        if self.has(BLOCK_CHECKSUMS) && reader.u32()? != XxHash32::oneshot(0, data) {
            return Err(malformed("the checksum of a block does not match"));
        }
        let too_long = CompressionError::TooLong { limit };
        let left = limit - body.len();
        if size & UNCOMPRESSED != 0 {
            if length > left {
                return Err(too_long);
            }
            body.extend_from_slice(data);
            return Ok(true);
        }
        let start = body.len();
        let most = self.max_block.min(length.saturating_mul(MAX_EXPANSION));
        body.resize(start + most.min(left), 0);
        let (before, into) = body.split_at_mut(start);
        let window = if self.has(INDEPENDENT_BLOCKS) { &[] } else { &before[start.saturating_sub(WINDOW)..] };
        match block::decompress_into_with_dict(data, into, window) {
            Ok(written) => body.truncate(start + written),
            Err(block::DecompressError::OutputTooSmall { .. }) if left < most => return Err(too_long),
            Err(error) => return Err(malformed(error)),
        }
        Ok(true)
    }
}

/// The bytes that are not read yet.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> Result<&'a [u8], CompressionError> {
        let (taken, rest) = self.0.split_at_checked(length).ok_or_else(ends_too_early)?;
        self.0 = rest;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], CompressionError> {
        let (array, rest) = self.0.split_first_chunk().ok_or_else(ends_too_early)?;
        self.0 = rest;
        Ok(*array)
    }

    fn u32(&mut self) -> Result<u32, CompressionError> {
        self.array().map(u32::from_le_bytes)
    }
}

fn header_checksum(descriptor: &[u8]) -> u8 {
    XxHash32::oneshot(0, descriptor).to_le_bytes()[1]
}

fn ends_too_early() -> CompressionError {
    malformed("the frame ends too early")
}

fn malformed(reason: impl Display) -> CompressionError {
    CompressionError::Malformed { compression: CompressionType::Lz4, reason: reason.to_string() }
}
