//! Bodies that are regions of files.

use std::{any::Any, fmt, fs::File, io, sync::Arc};

use remoting_protocol::{Body, ExternalBody};
use thiserror::Error;

/// The bytes that a region counts against the water marks.
pub(crate) const QUEUED_SIZE: usize = 4 << 10;

/// A region of an open file that is sent as the body of a command, as brokers do for pulls. Equivalent of Java's
/// `FileRegion` and `ManyMessageTransfer`.
///
/// Over plain TCP on Linux, the kernel copies the bytes from the file to the socket (`sendfile`). Over TLS, Unix-domain
/// sockets and other streams, and on other systems, tokio's blocking threads read pieces of at most 256 KiB, each after
/// the previous piece is written (Java: `FileRegionEncoder`).
///
/// ```
/// use std::{fs::File, sync::Arc};
/// use remoting_transport::{FileRegion, protocol::{RemotingCommand, ResponseCode}};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let log = Arc::new(File::open("Cargo.toml")?); // shared by all regions
/// let region = FileRegion::new(Arc::clone(&log), 2, 7)?;
/// let response = RemotingCommand::response(ResponseCode::SUCCESS).with_body(region);
/// assert_eq!(response.body_len(), 7);
/// assert!(FileRegion::new(log, u64::MAX, 1).is_err());
/// # Ok(())
/// # }
/// ```
///
/// * The length is sent in the first bytes of the frame. If the file was truncated, or cannot be read, the channel is
///   closed with [`ChannelError::FileRegion`](crate::ChannelError::FileRegion). Nothing is padded.
/// * The bytes are read when they are sent, so do not change them until then. Appending to the file is allowed. The
///   position of the file is not used. On Windows it is changed.
/// * `sendfile` runs on the thread of the channel's task. If a page is not in memory, that thread waits for the disk, as
///   in Java.
/// * A region holds no memory, but keeps its file open. It counts against the water marks as 4 KiB, regardless of its
///   length, so about 125 regions make a channel unwritable. Share one `Arc<File>` among the regions of a file, as above.
///   If each request opened the file, a peer that sends many requests and reads nothing would hold as many descriptors.
/// * A region can be sent any number of times. Clones refer to the same open file, which is closed with the last clone.
#[derive(Debug, Clone)]
pub struct FileRegion {
    file: Arc<File>,
    offset: u64,
    len: usize,
}

/// The error of creating a [`FileRegion`].
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum FileRegionError {
    /// The region exceeds the file.
    #[error("the region of {len} bytes at offset {offset} exceeds the file of {file_len} bytes")]
    #[non_exhaustive]
    OutOfFile {
        /// The offset of the region, in bytes.
        offset: u64,
        /// The length of the region, in bytes.
        len: usize,
        /// The length of the file, in bytes.
        file_len: u64,
    },
    /// The file is a directory, a pipe or a device.
    #[error("not a regular file")]
    NotAFile,
    /// The metadata of the file cannot be read.
    #[error("cannot read the metadata of the file")]
    Io(#[from] io::Error),
}

impl FileRegion {
    /// Creates a region of `len` bytes of `file` from `offset` on. Accepts a `File` or an `Arc<File>`. Reads the metadata
    /// of the file, which is one system call.
    ///
    /// # Errors
    /// Returns [`FileRegionError`] if the region exceeds the file, if the file is not a regular file, or if its metadata
    /// cannot be read.
    pub fn new(file: impl Into<Arc<File>>, offset: u64, len: usize) -> Result<Self, FileRegionError> {
        let file = file.into();
        let metadata = file.metadata()?;
        if !metadata.is_file() {
            return Err(FileRegionError::NotAFile);
        }
        let end = u64::try_from(len).ok().and_then(|len| offset.checked_add(len));
        if end.is_none_or(|end| end > metadata.len()) {
            return Err(FileRegionError::OutOfFile { offset, len, file_len: metadata.len() });
        }
        Ok(Self { file, offset, len })
    }

    /// Returns the file.
    #[must_use]
    pub fn file(&self) -> &Arc<File> {
        &self.file
    }

    /// Returns the offset of the region in the file, in bytes.
    #[must_use]
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// Returns the length of the region, in bytes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Returns whether the region has no bytes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Returns the region, if an external body is one.
    pub(crate) fn of(body: &dyn ExternalBody) -> Option<&Self> {
        (body as &dyn Any).downcast_ref()
    }

    /// Returns the offset in the file of the byte `at` of the region.
    pub(crate) fn file_offset(&self, at: usize) -> u64 {
        self.offset + at as u64
    }

    /// Reads bytes of the region from `at` on into `into`. Returns how many, 0 at the end of the file. Blocks.
    pub(crate) fn read(&self, at: usize, into: &mut [u8]) -> io::Result<usize> {
        let len = self.len.saturating_sub(at).min(into.len());
        let into = &mut into[..len];
        loop {
            match read_at(&self.file, into, self.file_offset(at)) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => return read,
            }
        }
    }
}

#[cfg(unix)]
fn read_at(file: &File, into: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, into, offset)
}

#[cfg(windows)]
fn read_at(file: &File, into: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, into, offset)
}

impl ExternalBody for FileRegion {
    fn len(&self) -> usize {
        self.len
    }
}

impl From<FileRegion> for Body {
    fn from(region: FileRegion) -> Self {
        Self::External(Arc::new(region))
    }
}

impl fmt::Display for FileRegion {
    /// Formats as `file region of 4096 bytes at offset 1048576`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "file region of {} bytes at offset {}", self.len, self.offset)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(len: u64) -> Arc<File> {
        let file = tempfile::tempfile().unwrap();
        file.set_len(len).unwrap();
        Arc::new(file)
    }

    #[test]
    fn a_region_must_be_within_its_file() {
        let file = file(100);
        for (offset, len) in [(0, 100), (99, 1), (100, 0), (0, 0)] {
            let region = FileRegion::new(Arc::clone(&file), offset, len).unwrap();
            assert_eq!((region.offset(), region.len(), region.is_empty()), (offset, len, len == 0));
        }
        for (offset, len) in [(0, 101), (100, 1), (101, 0), (u64::MAX, 1), (1, usize::MAX)] {
            let error = FileRegion::new(Arc::clone(&file), offset, len).unwrap_err();
            assert!(matches!(error, FileRegionError::OutOfFile { file_len: 100, .. }), "{error}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_directory_has_no_regions() {
        let error = FileRegion::new(File::open("/").unwrap(), 0, 0).unwrap_err();
        assert!(matches!(error, FileRegionError::NotAFile), "{error}");
    }

    #[test]
    fn a_read_ends_at_the_end_of_the_region_or_of_the_file() {
        let file = file(100);
        let region = FileRegion::new(Arc::clone(&file), 40, 20).unwrap();
        let mut into = [7; 64];
        assert_eq!(region.read(15, &mut into).unwrap(), 5);
        assert_eq!(into[5], 7);
        file.set_len(50).unwrap();
        assert_eq!(region.read(0, &mut into).unwrap(), 10);
        assert_eq!(region.read(10, &mut into).unwrap(), 0);
    }
}
