//! Why a command was not queued, and what broke a channel.

use std::{io, time::Duration};

use remoting_protocol::{DecodeError, RemotingCommand};
use thiserror::Error;

use super::CloseReason;
use crate::{address::Address, file_region::FileRegion};

/// Why [`Channel::try_send`](crate::Channel::try_send) did not queue a command. The command comes back.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum TrySendError {
    /// More bytes than the high water mark would wait to be written.
    #[error("channel to {peer} is not writable: the peer reads more slowly than this side sends")]
    #[non_exhaustive]
    Full {
        /// Where the command was to go.
        peer: Address,
        /// The command, unsent.
        command: Box<RemotingCommand>,
    },
    /// The channel has ended, or is closing and the command is a request. A closing channel takes responses until its
    /// end, so that requests in hand are answered.
    #[error("channel to {peer} is closed ({reason})")]
    #[non_exhaustive]
    Closed {
        /// Where the command was to go.
        peer: Address,
        /// Why the channel ended.
        reason: CloseReason,
        /// The command, unsent.
        command: Box<RemotingCommand>,
    },
}

/// The channel ended before the command could be queued, or is closing and the command is a request.
#[derive(Debug, Error)]
#[error("channel to {peer} is closed ({reason})")]
#[non_exhaustive]
pub struct SendError {
    /// Where the command was to go.
    pub peer: Address,
    /// Why the channel ended.
    pub reason: CloseReason,
    /// The command, unsent.
    pub command: Box<RemotingCommand>,
}

/// What broke a channel, as told to [`ChannelHandler::exception_caught`](crate::ChannelHandler::exception_caught).
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ChannelError {
    /// The socket failed.
    #[error("the connection broke")]
    Io(#[from] io::Error),
    /// The peer's bytes are no frame.
    #[error("the peer sent what is no frame")]
    Decode(#[from] DecodeError),
    /// The peer began a frame, did not finish it in time and did not send enough of it to be given more.
    #[error("a frame made too little progress in {after:?}: {received} bytes of it have come")]
    #[non_exhaustive]
    FrameTimeout {
        /// The time it was given: [`ChannelOptions::frame_timeout`](crate::ChannelOptions::frame_timeout).
        after: Duration,
        /// The bytes of it that had come.
        received: usize,
    },
    /// The frame of a file region was begun and cannot be finished: the file has become shorter
    /// ([`UnexpectedEof`](io::ErrorKind::UnexpectedEof)) or cannot be read.
    #[error("the {region} broke off after {sent} bytes")]
    #[non_exhaustive]
    FileRegion {
        /// The region.
        region: FileRegion,
        /// How many of its bytes were sent.
        sent: usize,
        /// What the system said.
        source: io::Error,
    },
}
