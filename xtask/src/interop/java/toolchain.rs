//! What has to be installed.

use std::process::{Command, Stdio};

/// The programs that the suite needs besides Cargo.
pub(in super::super) struct Toolchain {
    _private: (),
}

/// A program that is not there, or does not run.
#[derive(Debug, thiserror::Error)]
#[error("interop needs a JDK (17 or newer) and Maven: `{program}` does not run ({why})")]
pub(in super::super) struct Missing {
    program: &'static str,
    why: String,
}

impl Toolchain {
    /// Looks for `java`, `javac` and `mvn` in the path.
    pub(in super::super) fn find() -> Result<Self, Missing> {
        for (program, flag) in [("java", "-version"), ("javac", "-version"), ("mvn", "--version")] {
            let status = Command::new(program).arg(flag).stdout(Stdio::null()).stderr(Stdio::null()).status();
            match status {
                Ok(status) if status.success() => {}
                Ok(status) => return Err(Missing { program, why: status.to_string() }),
                Err(error) => return Err(Missing { program, why: error.to_string() }),
            }
        }
        Ok(Self { _private: () })
    }
}
