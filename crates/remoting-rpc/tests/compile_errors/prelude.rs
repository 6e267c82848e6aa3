// What the cases have in common: they begin with this.
#![allow(dead_code, unused)]
extern crate remoting_rpc;

use std::sync::{Arc, Mutex};

use remoting_rpc::transport::protocol::bytes::Bytes;
use remoting_rpc::transport::protocol::operation::Operation;
use remoting_rpc::transport::protocol::{RemotingCommand, RequestCode, ResponseCode, operation};
use remoting_rpc::{Executor, ProcessorError, ProcessorSet, Refusal, Request, TypedReply};

operation! { GetRoute = RequestCode(20_001), {} -> { body: Bytes } }

struct NameServer(Mutex<()>);
struct Other;

fn set() -> ProcessorSet<NameServer> {
    ProcessorSet::with_state(Arc::new(NameServer(Mutex::new(()))))
}
