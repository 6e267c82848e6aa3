//! JSON bodies as Java peers write and read them. Java's JSON is not always
//! JSON: `serde_json` rejects the body of the broker in this example.
//!
//! cargo run --example json_bodies

use std::collections::BTreeMap;
use std::error::Error;

use remoting::body;
use remoting::prelude::*;
use serde::{Deserialize, Serialize};

/// Fields that Java leaves out when they are null have a default here.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct ClusterInfo {
    broker_addr_table: BTreeMap<String, BrokerData>,
    cluster_addr_table: BTreeMap<String, Vec<String>>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct BrokerData {
    cluster: String,
    broker_name: String,
    broker_addrs: BTreeMap<i64, String>,
    zone_name: Option<String>,
}

/// What a name server of RocketMQ answers: the key `0` has no quotes.
const FROM_JAVA: &str = r#"{
    "brokerAddrTable": {
        "broker-a": {
            "brokerAddrs": {0: "10.0.0.1:10911", 1: "10.0.0.2:10911"},
            "brokerName": "broker-a",
            "cluster": "DefaultCluster"
        }
    },
    "clusterAddrTable": {"DefaultCluster": ["broker-a"]}
}"#;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let cluster_info = processor_fn(|_ctx, request| async move {
        let response =
            RemotingCommand::response_to(&request, ResponseCode::SUCCESS);
        Ok(response.with_body(FROM_JAVA))
    });
    let code = RequestCode::GET_BROKER_CLUSTER_INFO;
    let name_server = RemotingServer::builder()
        .bind("127.0.0.1:0")
        .processor(code, Executor::inline(), cluster_info)
        .start()
        .await?;

    let client = RemotingClient::builder().build()?;
    let target = client.to(name_server.local_addr());
    let call = target.invoke(RemotingCommand::request(code));
    let response = call.into_success().await?;

    // Reading: integer keys, absent members.
    let info: ClusterInfo = response.json_body()?;
    for (name, broker) in &info.broker_addr_table {
        println!("{name} of {}", broker.cluster);
        for (id, addr) in &broker.broker_addrs {
            let role = if *id == 0 { "master" } else { "slave" };
            println!("  {addr}, {role}");
        }
    }

    // Writing: what every Java release reads.
    let request =
        RemotingCommand::request(RequestCode(20_001)).with_json_body(&info)?;
    println!("as a body of ours: {}", String::from_utf8_lossy(request.body()));

    // Outside of a command.
    let wrong = body::from_json::<ClusterInfo>(br#"{"brokerAddrTable": 7}"#);
    if let Err(error) = wrong {
        println!("a wrong body: {}", ErrorChain(&error));
    }

    client.shutdown().await;
    name_server.shutdown().await;
    Ok(())
}
