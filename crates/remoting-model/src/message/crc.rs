//! The checksum of a body.

/// Returns the checksum of a body, as it is stored: CRC-32 without its highest bit. Equivalent of Java's
/// `UtilAll.crc32`.
///
/// ```
/// assert_eq!(remoting_model::message::body_crc(b"123456789"), 0x4bf4_3926);
/// ```
#[must_use]
pub fn body_crc(body: &[u8]) -> i32 {
    (crc32fast::hash(body) & 0x7fff_ffff).cast_signed()
}
