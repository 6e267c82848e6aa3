//! A stock keeper: the operations and the state of the tests of typed calls and handlers.
#![allow(dead_code, unreachable_pub, reason = "each test program uses its own part")]
#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use remoting_rpc::transport::protocol::operation::{CommandHeader, Json};
use remoting_rpc::transport::protocol::{RequestCode, ResponseCode, operation};
use remoting_rpc::{
    Executor, ProcessorError, ProcessorSet, Refusal, RemotingClient, RemotingServer, Request, Target,
    TypedReply,
};
use serde::{Deserialize, Serialize};

pub const UNKNOWN_ITEM: ResponseCode = ResponseCode(20_901);
pub const LOW: ResponseCode = ResponseCode(20_902);
pub const MINUTE: Duration = Duration::from_secs(60);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ItemHeader {
    pub item: String,
}
impl CommandHeader for ItemHeader {}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CountHeader {
    pub count: u32,
}
impl CommandHeader for CountHeader {}

operation! {
    /// Returns how many of an item are in stock. A response of the code `LOW` has the count, too.
    pub GetCount = RequestCode(20_001), { header: ItemHeader } -> { header: CountHeader } or LOW
}
operation! {
    /// Adds to the stock.
    pub Add = RequestCode(20_002), { header: ItemHeader, body: Json<u32> } -> {}
}
operation! {
    /// Returns the whole stock.
    pub List = RequestCode(20_003), {} -> { body: Json<BTreeMap<String, u32>> }
}
operation! {
    /// Waits until an item is in stock.
    pub Await = RequestCode(20_004), { header: ItemHeader } -> { header: CountHeader }
}

impl GetCount {
    pub fn of(item: &str) -> Self {
        Self { header: ItemHeader { item: item.to_owned() } }
    }
}

impl Add {
    pub fn of(item: &str, count: u32) -> Self {
        Self { header: ItemHeader { item: item.to_owned() }, body: Json(count) }
    }
}

#[derive(Default)]
pub struct Store {
    pub stock: Mutex<BTreeMap<String, u32>>,
}

impl Store {
    pub async fn count(&self, request: Request<GetCount>) -> Result<TypedReply<GetCount>, Refusal> {
        let count = self.stock.lock().get(&request.header.item).copied();
        let count = count.ok_or_else(|| Refusal::new(UNKNOWN_ITEM, "no such item"))?;
        let reply = TypedReply::new(CountHeader { count });
        Ok(if count < 10 { reply.with_code(LOW).with_remark("order more") } else { reply })
    }

    pub async fn add(&self, request: Request<Add>) {
        *self.stock.lock().entry(request.header.item.clone()).or_default() += *request.body;
    }

    pub async fn list(&self, _request: Request<List>) -> Result<Json<BTreeMap<String, u32>>, ProcessorError> {
        tokio::task::yield_now().await;
        Ok(Json(self.stock.lock().clone()))
    }
}

/// A server with the handlers of `set`, and a target for calls to it.
pub async fn serve(name: &str, set: ProcessorSet<Store>) -> (RemotingServer, Target) {
    let server = RemotingServer::builder().bind(format!("memory:{name}")).processors(set).start();
    let server = server.await.unwrap();
    let client = RemotingClient::builder().build().unwrap();
    let target = client.to(server.local_addr()).timeout(MINUTE);
    (server, target)
}

/// A set with the handlers of a store.
pub fn handlers(store: &Arc<Store>, executor: &Executor) -> ProcessorSet<Store> {
    ProcessorSet::with_state(Arc::clone(store))
        .handle(executor.clone(), Store::count)
        .handle(executor.clone(), Store::add)
        .handle(executor.clone(), Store::list)
}
