//! What the suite itself asks a name server: whether the brokers are there.

use std::fmt::Display;
use std::future::Future;
use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use remoting::model::body::{ClusterInfo, TopicRouteData};
use remoting::prelude::*;
use remoting::tls::ClientTls;
use tokio::time::{Instant, sleep};

/// The limit of a call, which includes the connection.
const CALL: Duration = Duration::from_secs(5);
/// The time between two questions.
const PAUSE: Duration = Duration::from_millis(100);

/// A client of a name server.
#[derive(Clone)]
pub(super) struct Observer {
    client: RemotingClient,
    addr: SocketAddr,
}

impl Observer {
    pub(super) fn of(addr: SocketAddr) -> anyhow::Result<Self> {
        // The response GO_AWAY is for this caller to see.
        let config = ClientConfig::new().reconnect_for_go_away(false);
        Ok(Self { client: RemotingClient::builder().config(config).build()?, addr })
    }

    pub(super) fn with_tls(addr: SocketAddr, tls: ClientTls) -> anyhow::Result<Self> {
        Ok(Self { client: RemotingClient::builder().tls(tls).build()?, addr })
    }

    pub(super) async fn call(&self, request: RemotingCommand) -> Result<RemotingCommand, RpcError> {
        self.client.invoke(self.addr, request, CALL).await
    }

    async fn success(&self, request: RemotingCommand) -> anyhow::Result<RemotingCommand> {
        let response = self.call(request).await?;
        let (code, remark) = (response.response_code(), response.remark().unwrap_or_default());
        ensure!(code == ResponseCode::SUCCESS, "the name server answered {code}: {remark}");
        Ok(response)
    }

    pub(super) async fn cluster(&self) -> anyhow::Result<ClusterInfo> {
        let request = RemotingCommand::request(RequestCode::GET_BROKER_CLUSTER_INFO);
        Ok(self.success(request).await?.json_body()?)
    }

    /// Returns the route of a topic, or `None` if there is none.
    pub(super) async fn route(&self, topic: &str) -> anyhow::Result<Option<TopicRouteData>> {
        let request = request(RequestCode::GET_ROUTEINFO_BY_TOPIC, &[("topic", topic)])?;
        let response = self.call(request).await?;
        if response.response_code() == ResponseCode::TOPIC_NOT_EXIST {
            return Ok(None);
        }
        Ok(Some(response.json_body().context("the body of a route")?))
    }

    pub(super) async fn put_kv(&self, namespace: &str, key: &str, value: &str) -> anyhow::Result<()> {
        let fields = [("namespace", namespace), ("key", key), ("value", value)];
        let request = request(RequestCode::PUT_KV_CONFIG, &fields)?;
        self.success(request).await.map(drop)
    }

    pub(super) async fn kv(&self, namespace: &str, key: &str) -> anyhow::Result<String> {
        let request = request(RequestCode::GET_KV_CONFIG, &[("namespace", namespace), ("key", key)])?;
        let response = self.success(request).await?;
        let value = response.ext_fields().and_then(|fields| fields.get("value").map(ToOwned::to_owned));
        value.context("the response has no value")
    }

    /// Returns the address of a broker of this name and id, if it is registered.
    pub(super) async fn broker(&self, name: &str, id: i64) -> anyhow::Result<Option<String>> {
        let cluster = self.cluster().await?;
        Ok(cluster.broker_addr_table.get(name).and_then(|broker| broker.broker_addrs.get(&id).cloned()))
    }
}

pub(super) fn request(code: RequestCode, fields: &[(&str, &str)]) -> anyhow::Result<RemotingCommand> {
    let mut request = RemotingCommand::request(code);
    for (key, value) in fields {
        request = request.with_ext_field(key, value)?;
    }
    Ok(request)
}

/// Asks until the answer is true. An error counts as false; the last one is part of the error at the end.
pub(super) async fn until<F>(
    limit: Duration,
    what: impl Display,
    mut condition: impl FnMut() -> F,
) -> anyhow::Result<()>
where
    F: Future<Output = anyhow::Result<bool>>,
{
    let end = Instant::now() + limit;
    loop {
        let answer = condition().await;
        if matches!(answer, Ok(true)) {
            return Ok(());
        }
        if Instant::now() >= end {
            match answer {
                Err(error) => return Err(error.context(format!("not within {limit:?}: {what}"))),
                Ok(_) => bail!("not within {limit:?}: {what}"),
            }
        }
        sleep(PAUSE).await;
    }
}
