use std::path::PathBuf;
use std::{error, fmt, io};

use crate::fault::Fault;

/// Why the files could not be compiled.
///
/// `Debug` prints the same text as `Display`, with the causes, because that is what a build script shows which returns the
/// error from `main`.
#[non_exhaustive]
pub enum Error {
    /// The text that [`Builder::runtime_path`](crate::Builder::runtime_path) was called with is not the path of a module.
    RuntimePath(String),

    /// A file cannot be read, or is not valid.
    Protobuf(Box<dyn error::Error + Send + Sync>),

    /// Methods cannot be called over remoting as they are described. All faults of all files are listed.
    Methods(Vec<Fault>),

    /// The folder of the code is not known: [`Builder::out_dir`](crate::Builder::out_dir) was not called, and the environment
    /// variable `OUT_DIR` is not set.
    NoFolder,

    /// The code cannot be generated or written.
    Write {
        /// The folder, or the file in it if that is known.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
}

impl Error {
    /// Returns the faults of methods; empty if something else failed.
    #[must_use]
    pub fn faults(&self) -> &[Fault] {
        match self {
            Self::Methods(faults) => faults,
            Self::RuntimePath(_) | Self::Protobuf(_) | Self::NoFolder | Self::Write { .. } => &[],
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RuntimePath(path) => write!(
                f,
                "`{path}` is not the path of a module in Rust: change `.runtime_path(…)` in build.rs, for example to \
                 `::remoting::service`"
            ),
            Self::Protobuf(_) => f.write_str("cannot compile the .proto files"),
            Self::Methods(faults) => {
                let mut lines = faults.iter();
                if let Some(first) = lines.next() {
                    write!(f, "{first}")?;
                }
                lines.try_for_each(|fault| write!(f, "\n{fault}"))
            }
            Self::NoFolder => f.write_str(
                "there is no folder for the generated code: call `.out_dir(…)`, because the environment variable OUT_DIR is \
                 not set outside of a build script",
            ),
            Self::Write { path, .. } => write!(f, "cannot write the generated code to {}", path.display()),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")?;
        match self {
            // The compiler's own `Debug` also says where in the file the error is.
            Self::Protobuf(error) => write!(f, ": {error:?}"),
            Self::RuntimePath(_) | Self::Methods(_) | Self::NoFolder => Ok(()),
            Self::Write { source, .. } => write!(f, ": {source}"),
        }
    }
}

impl error::Error for Error {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::Protobuf(error) => Some(error.as_ref()),
            Self::RuntimePath(_) | Self::Methods(_) | Self::NoFolder => None,
            Self::Write { source, .. } => Some(source),
        }
    }
}
