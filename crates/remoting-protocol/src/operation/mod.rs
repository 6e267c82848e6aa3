//! Operations: a request code together with the types of its request and response.
//!
//! An [`Operation`] is the request as a value. [`operation!`](crate::operation!) defines one from a typed header, a
//! typed body, or both:
//!
//! ```
//! use remoting_protocol::operation::{CommandHeader, JsonBody, Operation};
//! use remoting_protocol::{RequestCode, operation};
//! use serde::{Deserialize, Serialize};
//!
//! #[derive(Debug, Clone, Serialize, Deserialize)]
//! #[serde(rename_all = "camelCase")]
//! pub struct StockHeader {
//!     pub warehouse: String,
//! }
//! impl CommandHeader for StockHeader {}
//!
//! #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
//! pub struct Stock {
//!     pub items: Vec<String>,
//! }
//! impl JsonBody for Stock {}
//!
//! operation! {
//!     /// Lists the stock of a warehouse.
//!     pub GetStock = RequestCode(20_001), { header: StockHeader } -> { body: Stock }
//! }
//!
//! let request = GetStock { header: StockHeader { warehouse: "north".to_owned() } }.into_request()?;
//! assert_eq!((request.code(), request.ext_field("warehouse")), (20_001, Some("north")));
//! assert_eq!(GetStock::from_request(&request)?.header.warehouse, "north");
//! # Ok::<(), remoting_protocol::operation::ContentError>(())
//! ```
//!
//! The typed calls and handlers of `remoting-rpc` are built on this trait. The operations of RocketMQ itself are in
//! the crate `remoting-model`.

mod content;
mod error;
mod macros;

pub use self::content::{CommandBody, CommandHeader, Json, JsonBody};
pub use self::error::ContentError;

use crate::{RemotingCommand, RequestCode, ResponseCode};

/// A request code with the types of its request and response. The value is the content of a request.
///
/// [`operation!`](crate::operation!) implements it for a header and a body. Implement it by hand if a request or response
/// needs another form.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an operation",
    label = "not an operation",
    note = "define operations with `operation!`"
)]
pub trait Operation: Sized + Send + 'static {
    /// The code of the request.
    const CODE: RequestCode;

    /// The name of the operation, for messages.
    const NAME: &'static str;

    /// The content of a response: a header, a body, a pair of both, or `()`.
    type Response: Send + 'static;

    /// Returns whether a response of this code has the content [`Response`](Self::Response). By default only
    /// [`SUCCESS`](ResponseCode::SUCCESS) has. Other responses are errors for a typed call.
    #[must_use]
    fn has_content(code: ResponseCode) -> bool {
        code.is_success()
    }

    /// Writes the content into a new request.
    ///
    /// # Errors
    ///
    /// Returns a [`ContentError`] if the `Serialize` implementation of the header or body fails.
    fn into_request(self) -> Result<RemotingCommand, ContentError>;

    /// Reads the content of a request.
    ///
    /// # Errors
    ///
    /// Returns a [`ContentError`] if a field is missing or malformed, or the body is.
    fn from_request(request: &RemotingCommand) -> Result<Self, ContentError>;

    /// Writes the content of a response into `response`.
    ///
    /// # Errors
    ///
    /// Returns a [`ContentError`] if the `Serialize` implementation of the header or body fails.
    fn write_response(content: Self::Response, response: &mut RemotingCommand) -> Result<(), ContentError>;

    /// Reads the content of a response. Its code is not looked at.
    ///
    /// # Errors
    ///
    /// Returns a [`ContentError`] if a field is missing or malformed, or the body is.
    fn read_response(response: &RemotingCommand) -> Result<Self::Response, ContentError>;
}
