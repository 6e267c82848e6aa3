//! What handlers return.

use remoting_transport::protocol::RemotingCommand;
use remoting_transport::protocol::operation::Operation;

use super::TypedReply;
use crate::error::ProcessorError;
use crate::processor::Reply;

/// What a handler of the operation `O` may return.
///
/// | returned | the peer gets |
/// |---|---|
/// | `Ok` of a [reply](IntoReply) | the reply |
/// | `Err` of a [`Refusal`](crate::Refusal) | its code and remark |
/// | `Err` of anything else | `SYSTEM_ERROR` (1) and the error's text; the error is logged |
/// | `()` | `SUCCESS`; only for operations whose response has no content |
///
/// [`ProcessorError`] has the details. One-way requests get no response.
///
/// `M` is inferred.
#[diagnostic::on_unimplemented(
    message = "a handler of `{O}` cannot return `{Self}`",
    label = "returns `{Self}`",
    note = "a handler returns `Result<R, E>`, where `E` is an error and `R` the operation's `Response`, a `TypedReply`, \
            a `Reply` or a `RemotingCommand`; or `()` if the response has no content"
)]
pub trait HandlerOutput<O, M> {
    /// Converts the output into the result of a processor.
    ///
    /// # Errors
    ///
    /// Returns the error of the handler, or the error of writing its response.
    fn into_result(self) -> Result<Reply, ProcessorError>;
}

impl<O, M, R, E> HandlerOutput<O, M> for Result<R, E>
where
    O: Operation,
    R: IntoReply<O, M>,
    E: Into<ProcessorError>,
{
    fn into_result(self) -> Result<Reply, ProcessorError> {
        match self {
            Ok(reply) => reply.into_reply(),
            Err(error) => Err(error.into()),
        }
    }
}

impl<O: Operation<Response = ()>> HandlerOutput<O, marker::Content> for () {
    fn into_result(self) -> Result<Reply, ProcessorError> {
        TypedReply::<O>::new(()).into_reply()
    }
}

/// A reply to a request of the operation `O`: its `Response`, a [`TypedReply`], a [`Reply`], or a complete
/// [`RemotingCommand`].
///
/// `M` is inferred.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a reply to `{O}`",
    label = "not a reply to `{O}`",
    note = "a reply is the operation's `Response`, a `TypedReply`, a `Reply` or a `RemotingCommand`"
)]
pub trait IntoReply<O, M> {
    /// Converts the value into the reply of a processor.
    ///
    /// # Errors
    ///
    /// Returns an error if the content of the response cannot be written.
    fn into_reply(self) -> Result<Reply, ProcessorError>;
}

impl<O, R> IntoReply<O, marker::Content> for R
where
    O: Operation<Response = R>,
{
    fn into_reply(self) -> Result<Reply, ProcessorError> {
        TypedReply::<O>::new(self).into_reply()
    }
}

impl<O: Operation> IntoReply<O, marker::Typed> for TypedReply<O> {
    fn into_reply(self) -> Result<Reply, ProcessorError> {
        self.into_reply()
    }
}

impl<O: Operation> IntoReply<O, marker::Untyped> for Reply {
    fn into_reply(self) -> Result<Reply, ProcessorError> {
        Ok(self)
    }
}

impl<O: Operation> IntoReply<O, marker::Untyped> for RemotingCommand {
    fn into_reply(self) -> Result<Reply, ProcessorError> {
        Ok(Reply::Response(self))
    }
}

/// The forms of a reply. They keep the implementations for any `Operation::Response` apart from the others.
mod marker {
    #[derive(Debug)]
    pub struct Content;
    #[derive(Debug)]
    pub struct Typed;
    #[derive(Debug)]
    pub struct Untyped;
}
