//! The required programs.

use std::process::{Command, Stdio};

/// The oldest JDK that the driver programs compile with.
const OLDEST_JDK: u32 = 17;

/// Proof that the required programs besides Cargo are installed.
pub(crate) struct Toolchain {
    _private: (),
}

/// A program that is missing, does not run, or is too old.
#[derive(Debug, thiserror::Error)]
#[error("interop needs a JDK ({OLDEST_JDK} or newer) and Maven: `{program}` {why}")]
pub(crate) struct Missing {
    program: &'static str,
    why: String,
}

impl Toolchain {
    /// Looks for `java`, `javac` and `mvn` in the path.
    pub(crate) fn find() -> Result<Self, Missing> {
        runs("java", "-version")?;
        let javac = runs("javac", "-version")?;
        runs("mvn", "--version")?;
        match major_version(&javac) {
            Some(version) if version >= OLDEST_JDK => Ok(Self { _private: () }),
            _ => Err(Missing { program: "javac", why: format!("is {:?}", javac.trim()) }),
        }
    }
}

/// Runs a program with the flag that prints its version.
fn runs(program: &'static str, flag: &str) -> Result<String, Missing> {
    let output = Command::new(program).arg(flag).stdin(Stdio::null()).output();
    match output {
        Ok(output) if output.status.success() => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        Ok(output) => Err(Missing { program, why: format!("ended with {}", output.status) }),
        Err(error) => Err(Missing { program, why: format!("does not run ({error})") }),
    }
}

/// `javac 17.0.15` is 17. JDKs before 9 print `1.8.0_402` to standard error.
fn major_version(javac: &str) -> Option<u32> {
    javac.split_whitespace().nth(1)?.split(['.', '-', '+']).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::major_version;

    #[test]
    fn the_version_of_a_jdk_is_its_first_number() {
        for (text, version) in [
            ("javac 17.0.15\n", Some(17)),
            ("javac 25-ea", Some(25)),
            ("javac 1.8.0_402", Some(1)),
            ("", None),
        ] {
            assert_eq!(major_version(text), version, "{text:?}");
        }
    }
}
