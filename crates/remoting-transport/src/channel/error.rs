//! The errors of sending on a channel, and of the channel itself.

use std::{io, time::Duration};

use remoting_protocol::{DecodeError, RemotingCommand};
use thiserror::Error;

use super::CloseReason;
use crate::{address::Address, file_region::FileRegion};

/// The error of [`Channel::try_send`](crate::Channel::try_send). It returns the command.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum TrySendError {
    /// The queued commands have reached the high water mark.
    #[error("channel to {peer} is not writable: the peer reads more slowly than this side sends")]
    #[non_exhaustive]
    Full {
        /// The address of the peer.
        peer: Address,
        /// The unsent command.
        command: Box<RemotingCommand>,
    },
    /// The channel is closed, or it is closing and the command is a request. A closing channel accepts responses until it
    /// is closed, so that requests in flight are answered.
    #[error("channel to {peer} is closed ({reason})")]
    #[non_exhaustive]
    Closed {
        /// The address of the peer.
        peer: Address,
        /// The reason of the close.
        reason: CloseReason,
        /// The unsent command.
        command: Box<RemotingCommand>,
    },
}

/// The error of [`Channel::send`](crate::Channel::send): the channel was closed before the command could be queued, or it
/// is closing and the command is a request.
#[derive(Debug, Error)]
#[error("channel to {peer} is closed ({reason})")]
#[non_exhaustive]
pub struct SendError {
    /// The address of the peer.
    pub peer: Address,
    /// The reason of the close.
    pub reason: CloseReason,
    /// The unsent command.
    pub command: Box<RemotingCommand>,
}

/// An error that ends a channel. Passed to [`ChannelHandler::exception_caught`](crate::ChannelHandler::exception_caught).
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ChannelError {
    /// The socket failed.
    #[error("the connection broke")]
    Io(#[from] io::Error),
    /// The peer sent an invalid frame.
    #[error("the peer sent an invalid frame")]
    Decode(#[from] DecodeError),
    /// The peer began a frame and sent too little of it in time.
    #[error("a frame made too little progress in {after:?} (frame_timeout): {received} bytes received")]
    #[non_exhaustive]
    FrameTimeout {
        /// The limit: [`ChannelOptions::frame_timeout`](crate::ChannelOptions::frame_timeout).
        after: Duration,
        /// The received bytes of the frame.
        received: usize,
    },
    /// A frame with a file region cannot be completed, because the file was truncated
    /// ([`UnexpectedEof`](io::ErrorKind::UnexpectedEof)) or cannot be read.
    #[error("the {region} broke off after {sent} bytes")]
    #[non_exhaustive]
    FileRegion {
        /// The region.
        region: FileRegion,
        /// The bytes of the region that were sent.
        sent: usize,
        /// The error of the operating system.
        source: io::Error,
    },
}
