//! A processor as a type with state: a key-value store that answers three
//! codes and keeps its entries in a file.
//!
//! cargo run --example processor_type

use std::collections::BTreeMap;
use std::error::Error;
use std::path::PathBuf;

use remoting::prelude::*;
use serde::{Deserialize, Serialize};
use tokio::sync::RwLock;

const PUT: RequestCode = RequestCode::PUT_KV_CONFIG;
const GET: RequestCode = RequestCode::GET_KV_CONFIG;
const DELETE: RequestCode = RequestCode::DELETE_KV_CONFIG;

/// The header of all three requests; only `PUT` has a value.
#[derive(Debug, Default, Serialize, Deserialize)]
struct KvHeader {
    namespace: String,
    key: String,
    value: Option<String>,
}

struct KvStore {
    file: PathBuf,
    entries: RwLock<BTreeMap<String, String>>,
}

impl KvStore {
    fn new(file: PathBuf) -> Self {
        Self { file, entries: RwLock::default() }
    }

    /// Writes all entries. `?` in a processor accepts every error: the caller
    /// receives `SYSTEM_ERROR` with its text.
    async fn save(&self) -> Result<(), ProcessorError> {
        let entries = self.entries.read().await;
        let json = remoting::body::to_json(&*entries)?;
        Ok(tokio::fs::write(&self.file, json).await?)
    }
}

impl RequestProcessor for KvStore {
    async fn process(
        &self,
        ctx: RequestContext,
        request: RemotingCommand,
    ) -> Result<Reply, ProcessorError> {
        let KvHeader { namespace, key, value } = request.header()?;
        let entry = format!("{namespace}/{key}");
        let response =
            RemotingCommand::response_to(&request, ResponseCode::SUCCESS);
        match ctx.request_code() {
            PUT => {
                let value = value.ok_or("no value")?;
                self.entries.write().await.insert(entry, value);
                self.save().await?;
                Ok(response.into())
            }
            DELETE => {
                self.entries.write().await.remove(&entry);
                self.save().await?;
                Ok(response.into())
            }
            _ => match self.entries.read().await.get(&entry) {
                Some(value) => {
                    Ok(response.with_ext_field("value", value)?.into())
                }
                None => {
                    let code = ResponseCode::QUERY_NOT_FOUND;
                    Ok(response.with_code(code).into())
                }
            },
        }
    }

    /// A write ends although its caller has disconnected.
    fn runs_to_end(&self) -> bool {
        true
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("entries.json");
    // Processors that do I/O run as tasks, 64 at once.
    let executor = Executor::runtime(64);
    let store = KvStore::new(file.clone());
    let set = ProcessorSet::new().on_each([PUT, GET, DELETE], executor, store);
    let server = RemotingServer::builder()
        .bind("127.0.0.1:0")
        .processors(set)
        .start()
        .await?;

    let client = RemotingClient::builder().build()?;
    let target = client.to(server.local_addr());
    for (code, value) in
        [(PUT, Some("10.0.0.1")), (GET, None), (DELETE, None), (GET, None)]
    {
        let header = KvHeader {
            namespace: "orders".to_owned(),
            key: "broker".to_owned(),
            value: value.map(str::to_owned),
        };
        let request = RemotingCommand::request(code).with_header(&header)?;
        let response = target.invoke(request).await?;
        let value = response.ext_field("value").unwrap_or("no value");
        println!("{code}: {}, {value}", response.response_code());
    }
    println!("the file: {}", std::fs::read_to_string(file)?);

    client.shutdown().await;
    server.shutdown().await;
    Ok(())
}
