//! All headers by name, so that tests can use each.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use remoting_model::header::{self, schema::HeaderSchema};
use remoting_model::protocol::operation::CommandHeader;
use remoting_model::protocol::{HeaderError, RemotingCommand, RequestCode};

/// A header type as a value.
pub(crate) struct Header {
    pub(crate) name: &'static str,
    pub(crate) schema: fn() -> HeaderSchema,
    /// Reads the header of a command and writes it into another command.
    pub(crate) rewrite: fn(&RemotingCommand) -> Result<RemotingCommand, HeaderError>,
    /// Writes the default.
    pub(crate) write_default: fn() -> RemotingCommand,
}

impl Header {
    const fn of<H: CommandHeader + Default>(name: &'static str) -> Self {
        Self {
            name,
            schema: || HeaderSchema::of::<H>().unwrap(),
            rewrite: |command| write(&command.header::<H>()?),
            write_default: || write(&H::default()).unwrap(),
        }
    }
}

fn write<H: CommandHeader>(header: &H) -> Result<RemotingCommand, HeaderError> {
    RemotingCommand::request(RequestCode(0)).with_header(header)
}

macro_rules! all {
    ($($name:ident)*) => {
        /// Every header.
        pub(crate) const ALL: &[Header] = &[$(Header::of::<header::$name>(stringify!($name))),*];
    };
}

remoting_model::for_each_header!(all);
