use std::borrow::Cow;
use std::fmt;

use remoting_transport::protocol::operation::Operation;
use remoting_transport::protocol::{RemotingCommand, ResponseCode};

use super::TypedResponder;
use crate::error::ProcessorError;
use crate::processor::Reply;

/// The reply of a handler of the operation `O`, if it is more than the content of a `SUCCESS`: it has another code or a
/// remark, is sent later, or not at all.
///
/// ```
/// # use remoting_rpc::transport::protocol::{RequestCode, ResponseCode, operation};
/// use remoting_rpc::{ProcessorError, Request, TypedReply};
///
/// operation! {
///     /// Stores bytes. `FLUSH_DISK_TIMEOUT` is a response with content, too.
///     Put = RequestCode(20_001), { body: bytes::Bytes } -> {} or ResponseCode::FLUSH_DISK_TIMEOUT
/// }
///
/// struct Store { disk_is_slow: bool }
///
/// impl Store {
///     async fn put(&self, _request: Request<Put>) -> Result<TypedReply<Put>, ProcessorError> {
///         let reply = TypedReply::new(());
///         Ok(if self.disk_is_slow { reply.with_code(ResponseCode::FLUSH_DISK_TIMEOUT) } else { reply })
///     }
/// }
/// ```
#[must_use = "a reply does nothing until a handler returns it"]
pub struct TypedReply<O: Operation>(Kind<O>);

enum Kind<O: Operation> {
    Content { content: O::Response, code: ResponseCode, remark: Option<Cow<'static, str>> },
    Untyped(Reply),
}

impl<O: Operation> TypedReply<O> {
    /// Creates a response with this content, the code `SUCCESS` and no remark.
    pub const fn new(content: O::Response) -> Self {
        Self(Kind::Content { content, code: ResponseCode::SUCCESS, remark: None })
    }

    /// Sets the code of a response with content. A typed caller reads the content only if
    /// [`Operation::has_content`] is true for the code; to respond without content, return a
    /// [`Refusal`](crate::Refusal) as the error.
    ///
    /// It has no effect on other replies.
    pub fn with_code(mut self, code: ResponseCode) -> Self {
        if let Kind::Content { code: set, .. } = &mut self.0 {
            *set = code;
        }
        self
    }

    /// Sets the remark of a response with content. It has no effect on other replies.
    pub fn with_remark(mut self, remark: impl Into<Cow<'static, str>>) -> Self {
        if let Kind::Content { remark: set, .. } = &mut self.0 {
            *set = Some(remark.into());
        }
        self
    }

    /// Defers the response, as long polling does: see [`Reply::later`].
    pub fn later(keep: impl FnOnce(TypedResponder<O>) + Send + 'static) -> Self {
        Self(Kind::Untyped(Reply::later(|responder| keep(TypedResponder::new(responder)))))
    }

    /// Creates a reply without a response. The caller of a two-way request runs into its time-out.
    pub const fn none() -> Self {
        Self(Kind::Untyped(Reply::None))
    }

    pub(super) fn into_reply(self) -> Result<Reply, ProcessorError> {
        match self.0 {
            Kind::Untyped(reply) => Ok(reply),
            Kind::Content { content, code, remark } => {
                let mut response = RemotingCommand::response(code);
                if let Some(remark) = remark {
                    response.set_remark(Some(&remark));
                }
                O::write_response(content, &mut response)?;
                Ok(Reply::Response(response))
            }
        }
    }
}

impl<O: Operation> From<Reply> for TypedReply<O> {
    fn from(reply: Reply) -> Self {
        Self(Kind::Untyped(reply))
    }
}

impl<O: Operation> From<RemotingCommand> for TypedReply<O> {
    fn from(response: RemotingCommand) -> Self {
        Reply::Response(response).into()
    }
}

impl<O: Operation<Response: fmt::Debug>> fmt::Debug for TypedReply<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Content { content, code, remark } => f
                .debug_struct("TypedReply")
                .field("code", code)
                .field("remark", remark)
                .field("content", content)
                .finish(),
            Kind::Untyped(reply) => f.debug_tuple("TypedReply").field(reply).finish(),
        }
    }
}
