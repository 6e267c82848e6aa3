use std::fmt;
use std::ops::{Deref, DerefMut};

use remoting_transport::Address;
use remoting_transport::protocol::operation::Operation;
use remoting_transport::protocol::{MqVersion, RemotingCommand};

use crate::channel::RpcChannel;
use crate::error::ProcessorError;
use crate::extensions::Extensions;
use crate::processor::RequestContext;

/// A request whose content has been read. It dereferences to the operation, so a handler reads
/// `request.header.topic` and `request.body`.
pub struct Request<O: Operation> {
    operation: O,
    ctx: RequestContext,
    command: RemotingCommand,
}

impl<O: Operation> Request<O> {
    /// Reads the content of `command`.
    pub(super) fn read(ctx: RequestContext, command: RemotingCommand) -> Result<Self, ProcessorError> {
        Ok(Self { operation: O::from_request(&command)?, ctx, command })
    }

    /// Returns the origin of the request, and the values that hooks and the request pipeline have attached to it.
    #[must_use]
    pub const fn context(&self) -> &RequestContext {
        &self.ctx
    }

    /// Returns the channel of the request. Use it to read attributes or to call the peer.
    #[must_use]
    pub const fn channel(&self) -> &RpcChannel {
        self.ctx.channel()
    }

    /// Returns the address of the caller.
    #[must_use]
    pub fn peer_addr(&self) -> &Address {
        self.ctx.peer_addr()
    }

    /// Returns the RocketMQ version of the caller, as the request states it.
    #[must_use]
    pub const fn version(&self) -> MqVersion {
        self.ctx.version()
    }

    /// Returns whether the request is one-way.
    #[must_use]
    pub const fn is_oneway(&self) -> bool {
        self.ctx.is_oneway()
    }

    /// Returns the values attached to this request by before-hooks and the request pipeline.
    #[must_use]
    pub const fn extensions(&self) -> &Extensions {
        self.ctx.extensions()
    }

    /// Returns the request as it was received, with its encoding, its remark and all its ext fields.
    #[must_use]
    pub const fn command(&self) -> &RemotingCommand {
        &self.command
    }

    /// Returns the operation.
    #[must_use]
    pub fn into_operation(self) -> O {
        self.operation
    }

    /// Returns the operation, the context and the request as it was received.
    #[must_use]
    pub fn into_parts(self) -> (O, RequestContext, RemotingCommand) {
        (self.operation, self.ctx, self.command)
    }
}

impl<O: Operation> Deref for Request<O> {
    type Target = O;

    fn deref(&self) -> &O {
        &self.operation
    }
}

impl<O: Operation> DerefMut for Request<O> {
    fn deref_mut(&mut self) -> &mut O {
        &mut self.operation
    }
}

impl<O: Operation + fmt::Debug> fmt::Debug for Request<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("operation", &self.operation)
            .field("ctx", &self.ctx)
            .field("command", &self.command)
            .finish()
    }
}
