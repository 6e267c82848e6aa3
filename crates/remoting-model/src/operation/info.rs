//! What is known of an operation at run time.

use std::fmt;

use remoting_protocol::operation::CommandHeader;
use remoting_protocol::{RequestCode, ResponseCode};

use crate::header::schema::{HeaderSchema, SchemaError};

/// A row of the table of operations: a request code, and what its request and response consist of.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct OperationInfo {
    /// The code of the request.
    pub code: RequestCode,
    /// The name of the type that is the operation, such as `GetRouteInfo`.
    pub name: &'static str,
    /// What the operation does, in one sentence. It starts with a blank.
    pub(super) summary: &'static str,
    /// Who sends the request.
    pub sent_by: &'static [Role],
    /// Who answers the request.
    pub answered_by: &'static [Role],
    /// The Java class that answers the request.
    pub java_handler: &'static str,
    /// The content of the request.
    pub request: ContentInfo,
    /// The content of the response.
    pub response: ContentInfo,
    /// The codes of responses that have the content. The first is `SUCCESS`.
    pub content_codes: &'static [ResponseCode],
}

impl OperationInfo {
    /// Returns what the operation does, in one sentence.
    #[must_use]
    pub fn summary(&self) -> &'static str {
        self.summary.trim_start()
    }
}

/// The header and the body of a request or response.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct ContentInfo {
    /// The typed header, if there is one.
    pub header: Option<HeaderInfo>,
    /// The name of the body's type, such as `TopicRouteData`, if there is a body.
    pub body: Option<&'static str>,
}

/// Displays the header and the body: `GetMaxOffsetRequestHeader`, `PullMessageResponseHeader and MessageList`, or
/// `nothing`.
impl fmt::Display for ContentInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.header, self.body) {
            (None, None) => f.write_str("nothing"),
            (Some(header), None) => write!(f, "{header}"),
            (None, Some(body)) => f.write_str(body),
            (Some(header), Some(body)) => write!(f, "{header} and {body}"),
        }
    }
}

/// A typed header.
#[derive(Debug, Clone, Copy)]
pub struct HeaderInfo {
    /// The name of the struct, which is that of the Java class.
    name: &'static str,
    is_optional: bool,
    schema: fn() -> Result<HeaderSchema, SchemaError>,
}

impl HeaderInfo {
    pub(super) const fn of<H: CommandHeader>(name: &'static str) -> Self {
        Self { name, is_optional: false, schema: HeaderSchema::of::<H> }
    }

    pub(super) const fn optional<H: CommandHeader>(name: &'static str) -> Self {
        Self { name, is_optional: true, schema: HeaderSchema::of::<H> }
    }

    /// Returns the name of the struct, which is that of the Java class.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Returns whether some releases send the request or response without the header.
    #[must_use]
    pub const fn is_optional(&self) -> bool {
        self.is_optional
    }

    /// Returns the fields of the header.
    ///
    /// # Errors
    ///
    /// See [`HeaderSchema::of`].
    pub fn schema(&self) -> Result<HeaderSchema, SchemaError> {
        (self.schema)()
    }
}

/// Displays the name, and ` (optional)` if the header is.
impl fmt::Display for HeaderInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)?;
        if self.is_optional { f.write_str(" (optional)") } else { Ok(()) }
    }
}

/// A program that sends or answers requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// A producer, a consumer, or a proxy on their behalf.
    Client,
    /// An administration tool.
    Admin,
    /// A broker.
    Broker,
    /// A name server.
    NameServer,
    /// A controller of automatic master switching.
    Controller,
    /// A container that runs several brokers.
    BrokerContainer,
}
