//! A body that is a part of a file.

use std::{any::Any, fmt, fs::File, io, sync::Arc};

use remoting_protocol::{Body, ExternalBody};
use thiserror::Error;

/// What a region takes of its channel's room, in bytes.
pub(crate) const ROOM: usize = 4 << 10;

/// A region of an open file that is sent as a command's body, as brokers answer pulls. Java: `FileRegion`,
/// `ManyMessageTransfer`.
///
/// Over plain TCP on Linux its bytes go from the file to the socket inside the kernel (`sendfile`). Over TLS,
/// Unix-domain sockets and other streams, and on other systems, they are read in pieces of at most 256 KiB, on
/// tokio's blocking threads, each after the one before is written (Java: `FileRegionEncoder`).
///
/// ```
/// use std::{fs::File, sync::Arc};
/// use remoting_transport::{FileRegion, protocol::{RemotingCommand, ResponseCode}};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let log = Arc::new(File::open("Cargo.toml")?); // once, for all the regions of this file
/// let region = FileRegion::new(Arc::clone(&log), 2, 7)?;
/// let response = RemotingCommand::response(ResponseCode::SUCCESS).with_body(region);
/// assert_eq!(response.body_len(), 7);
/// assert!(FileRegion::new(log, u64::MAX, 1).is_err());
/// # Ok(())
/// # }
/// ```
///
/// * The length goes out in the frame's first bytes. If the file turns out shorter, or cannot be read, the channel
///   ends with [`ChannelError::FileRegion`](crate::ChannelError::FileRegion): nothing is padded.
/// * The bytes are those that the file has when they are sent, so nobody should change them until then. Appending to
///   the file is fine. The file's own position is neither used nor, except on Windows, moved.
/// * `sendfile` reads on the channel's own thread. A page that the system does not have in memory makes that thread
///   wait for the disk, as in Java.
/// * It holds no memory, but may be all that keeps its file open. So it counts against the water marks as 4 KiB,
///   whatever its length: about 125 regions make a channel unwritable. Share one `Arc<File>` among the regions of a
///   file, as above: where each request opened the file anew, a peer that sends many and reads nothing would hold
///   that many descriptors.
/// * It can be sent any number of times: a clone is the same region of the same open file, which is closed with the
///   last of them.
#[derive(Debug, Clone)]
pub struct FileRegion {
    file: Arc<File>,
    offset: u64,
    len: usize,
}

/// Why a region cannot be made.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum FileRegionError {
    /// The file ends before the region does.
    #[error("{len} bytes at offset {offset} are not in a file of {file_len} bytes")]
    OutOfFile {
        /// Where the region should begin.
        offset: u64,
        /// How long it should be.
        len: usize,
        /// How long the file is.
        file_len: u64,
    },
    /// It is a directory, a pipe or a device.
    #[error("only a regular file has regions")]
    NotAFile,
    /// The system would not say how long the file is.
    #[error("cannot look at the file")]
    Io(#[from] io::Error),
}

impl FileRegion {
    /// The `len` bytes of `file` from `offset` on. Takes a `File` or an `Arc<File>`, and asks the system once how
    /// long it is.
    ///
    /// # Errors
    /// They are not all in the file, or it is no regular file.
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

    /// The file.
    pub fn file(&self) -> &Arc<File> {
        &self.file
    }

    /// Where in the file it begins.
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// How many bytes it has.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The region that an external body is.
    pub(crate) fn of(body: &dyn ExternalBody) -> Option<&Self> {
        (body as &dyn Any).downcast_ref()
    }

    /// The place in the file of the byte `at` of the region.
    pub(crate) fn place(&self, at: usize) -> u64 {
        self.offset + at as u64
    }

    /// Reads bytes of the region from `at` on into `into`, and says how many; 0 is the end of the file. Blocks.
    pub(crate) fn read(&self, at: usize, into: &mut [u8]) -> io::Result<usize> {
        let len = self.len.saturating_sub(at).min(into.len());
        let into = &mut into[..len];
        loop {
            match read_at(&self.file, into, self.place(at)) {
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
    /// `file region of 4096 bytes at offset 1048576`
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
    fn a_region_lies_in_its_file() {
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
    fn what_is_no_regular_file_has_no_regions() {
        let error = FileRegion::new(File::open("/").unwrap(), 0, 0).unwrap_err();
        assert!(matches!(error, FileRegionError::NotAFile), "{error}");
    }

    #[test]
    fn a_read_ends_where_the_region_or_the_file_does() {
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
