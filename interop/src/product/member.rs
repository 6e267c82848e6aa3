//! A third member of a broker group, which hears what the name server tells the group.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, ensure};
use remoting::prelude::*;
use serde_json::json;
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::broker::Broker;

const LIMIT: Duration = Duration::from_secs(15);
/// Queued notifications.
const QUEUE: usize = 64;

/// A registered broker without topics. The name server notifies it at the address that it registered.
pub(super) struct Member {
    _server: RemotingServer,
    _client: RemotingClient,
    notifications: mpsc::Receiver<RemotingCommand>,
}

impl Member {
    /// Registers a slave beside this broker.
    pub(super) async fn join(name_server: SocketAddr, broker: &Broker, id: i64) -> anyhow::Result<Self> {
        let (sender, notifications) = mpsc::channel(QUEUE);
        let server = RemotingServer::builder()
            .bind("127.0.0.1:0")
            .processor(
                RequestCode::NOTIFY_MIN_BROKER_ID_CHANGE,
                Executor::inline(),
                move |_ctx, notification| {
                    // More than fit are more than anyone reads.
                    let _ = sender.try_send(notification);
                    async { Ok(()) }
                },
            )
            .start()
            .await?;
        let client = RemotingClient::builder().build()?;
        let addr = server.local_addr().to_string();
        let version = json!({"counter": 1, "stateVersion": 0, "timestamp": 1});
        let body = json!({
            "filterServerList": [],
            "topicConfigSerializeWrapper": {"dataVersion": version, "topicConfigTable": {}},
        });
        let id = id.to_string();
        let mut request = RemotingCommand::request(RequestCode::REGISTER_BROKER).with_json_body(&body)?;
        for (key, value) in [
            ("brokerName", broker.name()),
            ("clusterName", broker.cluster()),
            ("brokerAddr", &addr),
            ("haServerAddr", &addr),
            ("brokerId", &id),
            ("enableActingMaster", "true"),
            ("compressed", "false"),
            ("bodyCrc32", "0"),
        ] {
            request = request.with_ext_field(key, value)?;
        }
        let response = client.invoke(name_server, request, Duration::from_secs(5)).await?;
        let (code, remark) = (response.response_code(), response.remark().unwrap_or_default());
        ensure!(code == ResponseCode::SUCCESS, "the registration was answered with {code}: {remark}");
        Ok(Self { _server: server, _client: client, notifications })
    }

    /// Waits for the notification that a broker has gone, and returns the lowest id that is left, with its address.
    pub(super) async fn hears_of(&mut self, gone: SocketAddr) -> anyhow::Result<(String, String)> {
        let gone = gone.to_string();
        let heard = timeout(LIMIT, async {
            loop {
                let notification = self.notifications.recv().await.context("the server has ended")?;
                let field = |key: &str| {
                    let value = notification.ext_fields().and_then(|fields| fields.get(key));
                    value.map(ToOwned::to_owned).unwrap_or_default()
                };
                if field("offlineBrokerAddr") == gone {
                    return anyhow::Ok((field("minBrokerId"), field("minBrokerAddr")));
                }
            }
        });
        heard.await.with_context(|| format!("no notification that {gone} has gone within {LIMIT:?}"))?
    }
}
