//! The guide: a page for each task that users of this crate have.
//!
//! | page | answers |
//! |---|---|
//! | [`calling`] | How do I call a peer, and which failed calls may I repeat? |
//! | [`processing`] | How do I answer requests: state, several codes, executors, long polling, refusals? |
//! | [`operations`] | How do I call and answer by type: headers, bodies, state, errors? |
//! | [`services`] | How do I serve a `.proto` file over remoting and gRPC? |
//! | [`bodies`] | How do I read and write Java's JSON, protobuf, bytes and files? |
//! | [`extending`] | Where do hooks, pipelines, handlers and prologue steps go? How do I authenticate? |
//! | [`tower`] | How do I put layers around calls and processors: retries, deadlines, limits? |
//! | [`tls`] | How do I encrypt connections, and verify both sides? |
//! | [`network`] | How do I map addresses, or use a socket that is already bound? |
//! | [`observing`] | What do I log, count and export? |
//! | [`testing`] | How do I test my code without sockets or sleeps? |
//! | [`porting`] | How do I translate a Java processor, client or hook? |
//!
//! The modules contain documentation only.

pub mod bodies;
pub mod calling;
pub mod extending;
pub mod network;
pub mod observing;
pub mod operations;
pub mod porting;
pub mod processing;
pub mod services;
pub mod testing;
pub mod tls;
pub mod tower;
