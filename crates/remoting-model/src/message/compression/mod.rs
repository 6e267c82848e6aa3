//! Compression of bodies.

#[cfg(feature = "lz4")]
mod lz4;
#[cfg(feature = "zlib")]
mod zlib;
#[cfg(feature = "zstd")]
mod zstd;

#[cfg(test)]
mod tests;

use thiserror::Error;

use super::MessageSysFlag;

/// How a body is compressed. Equivalent of Java's `CompressionType`.
///
/// Each has a cargo feature of its name in lower case. Without the feature, [`compress`](Self::compress) and
/// [`decompress`](Self::decompress) return [`CompressionError::Disabled`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CompressionType {
    /// A frame of LZ4.
    Lz4 = 1,
    /// A frame of Zstandard.
    Zstd = 2,
    /// A zlib stream. The default of Java clients, and the only one before 4.9.3.
    Zlib = 3,
}

impl CompressionType {
    /// Returns the type that a system flag states, whether or not it says that the body is compressed.
    ///
    /// # Errors
    ///
    /// Returns [`CompressionError::UnknownType`] if the type has no name.
    pub const fn of(sys_flag: MessageSysFlag) -> Result<Self, CompressionError> {
        match sys_flag.compression_bits() {
            1 => Ok(Self::Lz4),
            2 => Ok(Self::Zstd),
            // Before there were types, there was only zlib.
            0 | 3 => Ok(Self::Zlib),
            other => Err(CompressionError::UnknownType(other)),
        }
    }

    /// Returns the bits of the system flag of a body that is compressed in this way, with
    /// [`COMPRESSED`](MessageSysFlag::COMPRESSED).
    #[must_use]
    pub const fn sys_flag(self) -> MessageSysFlag {
        MessageSysFlag(MessageSysFlag::COMPRESSED.0 | (self as i32) << 8)
    }

    /// Compresses a body, at a level similar to that of Java clients.
    ///
    /// # Errors
    ///
    /// Returns [`CompressionError::Disabled`] if the feature of the type is not enabled.
    #[allow(unused_variables, reason = "without its features it uses none")]
    pub fn compress(self, body: &[u8]) -> Result<Vec<u8>, CompressionError> {
        match self {
            #[cfg(feature = "lz4")]
            Self::Lz4 => lz4::compress(body),
            #[cfg(feature = "zstd")]
            Self::Zstd => Ok(zstd::compress(body)),
            #[cfg(feature = "zlib")]
            Self::Zlib => zlib::compress(body),
            #[allow(unreachable_patterns, reason = "with all features there is no other type")]
            disabled => Err(CompressionError::Disabled(disabled)),
        }
    }

    /// Decompresses a body of at most `limit` bytes.
    ///
    /// Memory is taken as the body grows: at most twice `limit`, and 8 MiB more for the window of Zstandard.
    ///
    /// # Errors
    ///
    /// Returns a [`CompressionError`] if the body is malformed or has more than `limit` bytes, or if the feature of the
    /// type is not enabled.
    #[allow(unused_variables, reason = "without its features it uses none")]
    pub fn decompress(self, compressed: &[u8], limit: usize) -> Result<Vec<u8>, CompressionError> {
        match self {
            #[cfg(feature = "lz4")]
            Self::Lz4 => lz4::decompress(compressed, limit),
            #[cfg(feature = "zstd")]
            Self::Zstd => zstd::decompress(compressed, limit),
            #[cfg(feature = "zlib")]
            Self::Zlib => zlib::decompress(compressed, limit),
            #[allow(unreachable_patterns, reason = "with all features there is no other type")]
            disabled => Err(CompressionError::Disabled(disabled)),
        }
    }
}

/// The error of compressing or decompressing a body.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CompressionError {
    /// The system flag states a compression that has no name.
    #[error("the compression type {0} is unknown")]
    UnknownType(u8),
    /// The crate was built without this compression.
    #[error("the feature `{}` of `remoting-model` is not enabled", feature(*.0))]
    Disabled(CompressionType),
    /// The body is not in the stated format.
    #[error("the body is not valid {compression:?}: {reason}")]
    #[non_exhaustive]
    Malformed {
        /// The stated compression.
        compression: CompressionType,
        /// The reason.
        reason: String,
    },
    /// The body is longer than the limit.
    #[error("the decompressed body exceeds the limit of {limit} bytes")]
    #[non_exhaustive]
    TooLong {
        /// The limit in bytes.
        limit: usize,
    },
}

/// Returns the name of the feature.
const fn feature(compression: CompressionType) -> &'static str {
    match compression {
        CompressionType::Lz4 => "lz4",
        CompressionType::Zstd => "zstd",
        CompressionType::Zlib => "zlib",
    }
}
