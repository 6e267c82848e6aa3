//! Compresses and decompresses the body of a message.

use super::{CompressionError, CompressionType, MessageExt, MessageSysFlag, body_crc};

/// # Compression
impl MessageExt {
    /// Compresses the body. Sets the checksum and the bits of the system flag.
    ///
    /// # Errors
    ///
    /// Returns [`CompressionError::Disabled`] if the feature of the type is not enabled.
    pub fn compress_body(&mut self, compression: CompressionType) -> Result<(), CompressionError> {
        self.body = compression.compress(&self.body)?.into();
        self.body_crc = body_crc(&self.body);
        self.sys_flag =
            self.sys_flag.with(MessageSysFlag::COMPRESSION_BITS, false).with(compression.sys_flag(), true);
        Ok(())
    }

    /// Decompresses the body if the system flag says that it is compressed, and clears
    /// [`COMPRESSED`](MessageSysFlag::COMPRESSED). The checksum stays that of the compressed body, as in Java.
    ///
    /// Only for a message that was decoded by a [`MessageDecoder`](super::MessageDecoder) that does not
    /// [`decompress`](super::MessageDecoder::decompress).
    ///
    /// # Errors
    ///
    /// Returns the errors of [`CompressionType::of`] and [`CompressionType::decompress`].
    pub fn decompress_body(&mut self, limit: usize) -> Result<(), CompressionError> {
        if self.sys_flag.contains(MessageSysFlag::COMPRESSED) && !self.body.is_empty() {
            self.body = CompressionType::of(self.sys_flag)?.decompress(&self.body, limit)?.into();
            self.sys_flag = self.sys_flag.with(MessageSysFlag::COMPRESSED, false);
        }
        Ok(())
    }
}
