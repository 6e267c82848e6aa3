//! Answering requests: state, several codes, executors, refusals, long polling.
//!
//! This page is about processors, which take and return commands. [Typed operations](super::operations) has
//! their typed form; executors, refusals and cancellation are the same there.
//!
//! # State and several codes
//!
//! A processor is an async closure or function, an async method of a state object, or a type that implements
//! [`RequestProcessor`](crate::RequestProcessor). In [`processor_fn`](crate::processor_fn) a closure needs no
//! types for its arguments, and [`processor_with`](crate::processor_with) gives it or a method the state. A
//! [`ProcessorSet`](crate::ProcessorSet) registers processors for several codes at once, so that a part of a
//! program can offer what it answers without knowing the server:
//!
//! ```
//! use std::collections::BTreeMap;
//! use std::sync::{Arc, Mutex};
//! use remoting::prelude::*;
//!
//! #[derive(Default)]
//! struct KvStore(Mutex<BTreeMap<String, String>>);
//!
//! impl KvStore {
//!     async fn put(
//!         self: Arc<Self>,
//!         _ctx: RequestContext,
//!         request: RemotingCommand,
//!     ) -> Result<RemotingCommand, ProcessorError> {
//!         let key = request.ext_field("key").ok_or("no key")?;
//!         let value = request.ext_field("value").ok_or("no value")?;
//!         let mut entries = self.0.lock().map_err(|_| "poisoned")?;
//!         entries.insert(key.to_owned(), value.to_owned());
//!         Ok(RemotingCommand::response_to(&request, ResponseCode::SUCCESS))
//!     }
//!
//!     async fn get(
//!         self: Arc<Self>,
//!         _ctx: RequestContext,
//!         request: RemotingCommand,
//!     ) -> Result<RemotingCommand, ProcessorError> {
//!         let key = request.ext_field("key").ok_or("no key")?;
//!         let entries = self.0.lock().map_err(|_| "poisoned")?;
//!         let Some(value) = entries.get(key) else {
//!             let code = ResponseCode::QUERY_NOT_FOUND;
//!             return Ok(RemotingCommand::response_to(&request, code));
//!         };
//!         let response =
//!             RemotingCommand::response_to(&request, ResponseCode::SUCCESS);
//!         Ok(response.with_ext_field("value", value)?)
//!     }
//! }
//!
//! fn processors(store: &Arc<KvStore>) -> ProcessorSet {
//!     let executor = Executor::inline();
//!     ProcessorSet::new()
//!         .on(
//!             RequestCode::PUT_KV_CONFIG,
//!             executor.clone(),
//!             processor_with(store, KvStore::put),
//!         )
//!         .on(
//!             RequestCode::GET_KV_CONFIG,
//!             executor,
//!             processor_with(store, KvStore::get),
//!         )
//! }
//!
//! let store = Arc::new(KvStore::default());
//! let builder = RemotingServer::builder().processors(processors(&store));
//! # drop(builder);
//! ```
//!
//! # Choosing an executor
//!
//! | the processor | executor | limit |
//! |---|---|---|
//! | computes for some microseconds and rarely waits | [`Executor::inline`](crate::Executor::inline) | 65 536 requests that wait; the others do not count |
//! | waits for I/O or locks, or computes longer | [`Executor::runtime`](crate::Executor::runtime) | the number that you give |
//! | blocks its thread | [`Executor::blocking`](crate::Executor::blocking) | the threads and the queue that you give |
//!
//! A clone of an executor shares its limit: registrations with clones of one executor compete for the same
//! permits. Give requests that a peer can make slow an executor of their own, so that they cannot starve the
//! others.
//!
//! With [event loops](crate::RemotingServerBuilder::event_loops) inline processors run on the loop of their
//! channel, and hold up its other channels while they compute. The other executors run on the runtime that the
//! server was started in.
//!
//! At its limit an executor answers `SYSTEM_BUSY`. A gateway that must not lose a request uses
//! [`stop_reading_when_full`](crate::Executor::stop_reading_when_full) instead: the channel is then not read
//! until a permit is free, and TCP slows the peer down. See the example `gateway`.
//!
//! # Refusing a request
//!
//! | the processor returns | the peer receives | the log contains |
//! |---|---|---|
//! | `Ok` of a response with another code | that response | nothing |
//! | `Err` of a [`Refusal`](crate::Refusal) | its code and remark | nothing |
//! | any other `Err` | `SYSTEM_ERROR` and the error's text | a warning, rate-limited |
//!
//! Return a response where the refusal is a result, such as `TOPIC_NOT_EXIST`. Return an error for a failure:
//! `?` accepts every error type, boxed errors, `anyhow::Error` and texts. With
//! [`withhold_errors`](crate::ServerConfig::withhold_errors) the texts of failures stay on the server.
//!
//! # Answering later
//!
//! A processor that waits simply awaits. A processor that parks requests until something happens, as a broker
//! parks pulls, returns [`Reply::later`](crate::Reply::later) and keeps the [`Responder`](crate::Responder):
//!
//! ```
//! use std::sync::{Arc, Mutex};
//! use remoting::prelude::*;
//!
//! #[derive(Default)]
//! struct Pulls(Mutex<Vec<Responder>>);
//!
//! impl Pulls {
//!     async fn park(
//!         self: Arc<Self>,
//!         _ctx: RequestContext,
//!         _request: RemotingCommand,
//!     ) -> Result<Reply, ProcessorError> {
//!         Ok(Reply::later(move |responder| {
//!             if let Ok(mut parked) = self.0.lock() {
//!                 parked.push(responder);
//!             }
//!         }))
//!     }
//!
//!     /// Answers all parked pulls, for instance when a message has arrived.
//!     fn answer_all(&self, message: &'static str) {
//!         let parked = self.0.lock().map(|mut list| std::mem::take(&mut *list));
//!         for responder in parked.unwrap_or_default() {
//!             let response = RemotingCommand::response(ResponseCode::SUCCESS);
//!             // In a task of its own: a caller that reads slowly holds up no other one.
//!             // An error means that the caller has disconnected.
//!             tokio::spawn(responder.send(response.with_body(message)));
//!         }
//!     }
//! }
//!
//! let pulls = Arc::new(Pulls::default());
//! let builder = RemotingServer::builder().processor(
//!     RequestCode::PULL_MESSAGE,
//!     Executor::runtime(1024),
//!     processor_with(&pulls, Pulls::park),
//! );
//! # drop(builder);
//! ```
//!
//! # When the caller disconnects
//!
//! The future of a two-way request is dropped within a second after its caller has disconnected, because
//! nobody can receive the response. Wrap a processor in [`RunToEnd`](crate::RunToEnd) if its work must not be
//! interrupted. One-way requests run to their end even if the caller disconnects. Dropping the server, or the
//! deadline of its shutdown, ends every request.
//!
//! # What a processor knows about its caller
//!
//! [`RequestContext`](crate::RequestContext) has the peer's address, its TLS session and its channel, through
//! which a processor calls its caller back. Hooks and the request pipeline insert typed values into the
//! request's [`extensions`](crate::RequestContext::extensions): see [Extending](super::extending). Values of
//! a whole connection are its [`attributes`](crate::RpcChannel::attributes).
//!
//! The examples `processor_type`, `long_polling`, `server_push` and `file_region` are programs with
//! processors.
