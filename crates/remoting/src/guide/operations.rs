//! Typed operations: headers, bodies, state and errors.
//!
//! An [operation](mod@crate::operation) is a request code with the types of its request and response. A typed
//! call names the operation and gets the content of the response. A typed handler is a method that takes the
//! content of the request and returns the content of the response. The operations of RocketMQ itself are in
//! the module `model` (feature `model`). This page defines one of its own.
//!
//! # Headers and bodies
//!
//! A header is a struct whose fields travel as ext fields. A body is a JSON document, bytes, or a format of
//! your own ([`CommandBody`](crate::operation::CommandBody)). [`operation!`](crate::operation!) ties them to a
//! code:
//!
//! ```
//! use remoting::operation::{CommandHeader, JsonBody};
//! use remoting::prelude::*;
//! use serde::{Deserialize, Serialize};
//!
//! #[derive(Debug, Clone, Serialize, Deserialize)]
//! #[serde(rename_all = "camelCase")]
//! struct StockHeader {
//!     warehouse: String,
//!     min_count: Option<i32>, // optional: absent if `None`
//! }
//! impl CommandHeader for StockHeader {}
//!
//! #[derive(Debug, Default, Clone, Serialize, Deserialize)]
//! #[serde(default)] // members that the peer leaves out
//! struct Stock {
//!     items: Vec<String>,
//! }
//! impl JsonBody for Stock {}
//!
//! operation! {
//!     /// Lists the stock of a warehouse.
//!     pub(crate) GetStock = RequestCode(20_001),
//!         { header: StockHeader } -> { body: Stock }
//! }
//! ```
//!
//! `GetStock` is a struct with the public field `header`. The operations of `model` are made the same way.
//!
//! # Calls
//!
//! ```
//! # mod stock {
//! #     use remoting::operation::{CommandHeader, Json};
//! #     use remoting::prelude::*;
//! #     #[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
//! #     pub struct StockHeader { pub warehouse: String }
//! #     impl CommandHeader for StockHeader {}
//! #     operation! { pub GetStock = RequestCode(20_001), { header: StockHeader } -> { body: Json<Vec<String>> } }
//! # }
//! # use stock::*;
//! use std::time::Duration;
//! use remoting::prelude::*;
//!
//! async fn print_stock(client: &RemotingClient) -> Result<(), RpcError> {
//!     let keeper = client.to("127.0.0.1:9999").timeout(Duration::from_secs(3));
//!     let header = StockHeader { warehouse: "north".to_owned() };
//!     match keeper.call(GetStock { header }).await {
//!         Ok(stock) => println!("{} items", stock.len()),
//!         Err(RpcError::Response { error, .. }) if error.code() == ResponseCode::NO_PERMISSION => {
//!             println!("not allowed: {}", error.remark().unwrap_or_default());
//!         }
//!         Err(error) => return Err(error),
//!     }
//!     Ok(())
//! }
//! ```
//!
//! | method | calls |
//! |---|---|
//! | [`Target::call`](crate::Target::call), [`RemotingClient::call`](crate::RemotingClient::call) | an address |
//! | [`RemotingClient::call_name_server`](crate::RemotingClient::call_name_server) | a name server |
//! | [`RpcChannel::call`](crate::RpcChannel::call) | the peer of a connection: a server calls its client with it |
//! | `call_oneway` of a target, client or channel | without a response |
//!
//! A typed call is the untyped one plus the reading of the response: the same time-out, retries, hooks and
//! cancellation ([Calling](super::calling)). It has two errors more:
//!
//! * [`RpcError::Response`](crate::RpcError::Response): the code of the response has no content. By default
//!   only `SUCCESS` has. An operation may name more: `… -> { header: H } or ResponseCode::FLUSH_DISK_TIMEOUT`.
//!   [`into_response`](crate::TypedCall::into_response) returns the response with its code.
//! * [`RpcError::UnreadableResponse`](crate::RpcError::UnreadableResponse): a field or the body is missing or
//!   malformed. The error names the peer, the operation and the field.
//!
//! # Handlers and their state
//!
//! A handler is an async method of a state object. It borrows the state and takes a
//! [`Request`](crate::Request), from which it reads `request.header` and `request.body`. The request also has
//! the channel, the address and the version of the caller, the [extensions](crate::Extensions) of hooks, and the
//! command as it was received:
//!
//! ```
//! # mod stock {
//! #     use remoting::operation::{CommandHeader, Json};
//! #     use remoting::prelude::*;
//! #     #[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
//! #     pub struct StockHeader { pub warehouse: String }
//! #     impl CommandHeader for StockHeader {}
//! #     operation! { pub GetStock = RequestCode(20_001), { header: StockHeader } -> { body: Json<Vec<String>> } }
//! #     operation! { pub AddItem = RequestCode(20_002), { header: StockHeader, body: Json<String> } -> {} }
//! # }
//! # use stock::*;
//! use std::collections::BTreeMap;
//! use std::sync::{Arc, Mutex};
//! use remoting::operation::Json;
//! use remoting::prelude::*;
//!
//! #[derive(Default)]
//! struct Keeper {
//!     warehouses: Mutex<BTreeMap<String, Vec<String>>>,
//! }
//!
//! impl Keeper {
//!     async fn stock(
//!         &self,
//!         request: Request<GetStock>,
//!     ) -> Result<Json<Vec<String>>, ProcessorError> {
//!         let warehouses = self.warehouses.lock().map_err(|_| "poisoned")?;
//!         let Some(items) = warehouses.get(&request.header.warehouse) else {
//!             let code = ResponseCode::QUERY_NOT_FOUND;
//!             return Err(Refusal::new(code, "no such warehouse").into());
//!         };
//!         Ok(Json(items.clone()))
//!     }
//!
//!     async fn add(&self, request: Request<AddItem>) -> Result<(), ProcessorError> {
//!         let (AddItem { header, body }, ctx, _) = request.into_parts();
//!         println!("{} adds {}", ctx.peer_addr(), *body);
//!         let mut warehouses = self.warehouses.lock().map_err(|_| "poisoned")?;
//!         warehouses.entry(header.warehouse).or_default().push(body.0);
//!         Ok(())
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let handlers = ProcessorSet::with_state(Arc::new(Keeper::default()))
//!     .handle(Executor::inline(), Keeper::stock)
//!     .handle(Executor::runtime(64), Keeper::add);
//! let server = RemotingServer::builder()
//!     .bind("memory:keeper")
//!     .processors(handlers)
//!     .start()
//!     .await?;
//!
//! let client = RemotingClient::builder().build()?;
//! let keeper = client.to(server.local_addr());
//! let north = || StockHeader { warehouse: "north".to_owned() };
//! keeper.call(AddItem { header: north(), body: Json("nails".to_owned()) }).await?;
//! assert_eq!(*keeper.call(GetStock { header: north() }).await?, ["nails"]);
//! # client.shutdown().await;
//! # server.shutdown().await;
//! # Ok(())
//! # }
//! ```
//!
//! The signature of the method names the operation, so nothing can be registered under a wrong code. Executors,
//! cancellation and what a caller gets are those of any processor ([Processing](super::processing)).
//! [`RunToEnd`](crate::RunToEnd) of a method runs to its end after its caller has disconnected. Handlers and
//! untyped processors fit into one [`ProcessorSet`](crate::ProcessorSet), and a set fits a server, a sub-server
//! or a client.
//!
//! # What a handler returns
//!
//! A handler returns `Result<R, E>`. `E` is any error that `?` converts. `R` is one of these:
//!
//! | `R` | the response |
//! |---|---|
//! | the operation's `Response` | `SUCCESS` with this content |
//! | [`TypedReply`](crate::TypedReply) | content with another code or a remark; later; or none |
//! | [`RemotingCommand`](crate::RemotingCommand), [`Reply`](crate::Reply) | as it is, such as a body that is kept encoded |
//!
//! If the response has no content, a handler that cannot fail returns nothing at all.
//!
//! Errors are those of any processor: a [`Refusal`](crate::Refusal) is a response with a code and a remark, and
//! is not logged; any other error is a failure, which becomes `SYSTEM_ERROR` and is logged. A request that
//! cannot be read is a failure, too; the remark names the field.
//!
//! A handler that answers later keeps the [`TypedResponder`](crate::TypedResponder):
//!
//! ```
//! use std::sync::{Arc, Mutex};
//! use remoting::prelude::*;
//! use remoting::protocol::bytes::Bytes;
//!
//! operation! {
//!     /// Waits for the next message.
//!     Next = RequestCode(20_003), {} -> { body: Bytes }
//! }
//!
//! #[derive(Default)]
//! struct Waiting {
//!     callers: Arc<Mutex<Vec<TypedResponder<Next>>>>,
//! }
//!
//! impl Waiting {
//!     async fn next(
//!         &self,
//!         _request: Request<Next>,
//!     ) -> Result<TypedReply<Next>, ProcessorError> {
//!         let callers = Arc::clone(&self.callers);
//!         Ok(TypedReply::later(move |responder| {
//!             if let Ok(mut callers) = callers.lock() {
//!                 callers.push(responder);
//!             }
//!         }))
//!     }
//!
//!     async fn publish(&self, message: Bytes) {
//!         let callers = self.callers.lock().map(|mut list| std::mem::take(&mut *list));
//!         for responder in callers.unwrap_or_default() {
//!             // An error means that the caller has disconnected.
//!             let _ = responder.send(message.clone()).await;
//!         }
//!     }
//! }
//!
//! let handlers = ProcessorSet::with_state(Arc::new(Waiting::default()))
//!     .handle(Executor::runtime(1024), Waiting::next);
//! # drop(handlers);
//! ```
//!
//! # Compiler errors for methods that are not handlers
//!
//! The error points at the argument of [`handle`](crate::ProcessorSet::handle). `NameServer` is the state, and
//! `GetRoute` an operation whose response is a `Route`:
//!
//! | the method | the error |
//! |---|---|
//! | takes a `RemotingCommand`, or `GetRoute` instead of `Request<GetRoute>` | expected function signature `fn(&NameServer, Request<_>) -> _`, found function signature `fn(&NameServer, GetRoute) -> _` |
//! | takes `&mut self` or `self: Arc<Self>` | expected function signature `fn(&NameServer, Request<_>) -> _`, found function signature `fn(&mut NameServer, …) -> _` |
//! | is a method of another type than the state | expected function signature `fn(&NameServer, Request<_>) -> _`, found function signature `fn(&Other, …) -> _` |
//! | takes more or fewer arguments | function is expected to take 2 arguments, but it takes 1 argument |
//! | takes a `Request` of something else than an operation | `Foo` is not an operation (at the method) |
//! | is generic in its operation | type annotations needed: write `NameServer::route::<GetRoute>` |
//! | is not async | `Result<Route, Refusal>` is not a future |
//! | holds something across an `.await` that is not `Send` | future cannot be sent between threads safely; the notes show the value and the `.await` |
//! | returns the content of another response | type mismatch resolving `<GetRoute as Operation>::Response == String` |
//! | returns `Route` instead of `Result<Route, E>` | a handler of `GetRoute` cannot return `Route` |
//! | returns nothing although the response has content | type mismatch resolving `<GetRoute as Operation>::Response == ()` |
//! | returns an error that is no error type | the trait bound `Broken: Error` is not satisfied |
