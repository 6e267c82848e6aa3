//! A draining server: the clients it still serves, and how it turns the others away.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, anyhow, ensure};
use remoting::protocol::{MqVersion, RemotingCommand, ResponseCode, SerializeType};
use remoting::{ClientConfig, RpcError};
use tokio::task::JoinHandle;
use tokio::time::sleep;

use super::cases::{Cases, NotApplicable};
use super::peer::{Peer, expect_answer, expect_field, request};
use crate::contract::{DRAIN, GO_AWAY_REMARK, LAST_VERSION_WITHOUT_GO_AWAY, SLEEP, WHO};

pub(super) async fn run(cases: &mut Cases<'_>, mut scene: GoAway) {
    cases.run("go-away-answer", scene.answer()).await;
    cases.run("go-away-old-version", scene.old_version()).await;
    cases.run("go-away-error", scene.error()).await;
    cases.run("go-away-reconnect", scene.reconnect()).await;
    cases.run("go-away-in-flight", scene.in_flight()).await;
}

/// One draining server, and the clients that had connected before.
pub(super) struct GoAway {
    drain: SocketAddr,
    forwarder: SocketAddr,
    clients: Option<Clients>,
}

struct Clients {
    /// Returns the response 1500 to its caller.
    plain: Peer,
    /// Moves to a fresh connection, which leads to the same server.
    direct: Peer,
    /// Moves to a fresh connection, which leads to another server.
    behind_forwarder: Peer,
    in_flight: JoinHandle<Result<RemotingCommand, RpcError>>,
}

impl GoAway {
    pub(super) const fn new(drain: SocketAddr, forwarder: SocketAddr) -> Self {
        Self { drain, forwarder, clients: None }
    }

    /// Connects the clients, leaves a call in flight and makes the server drain, once.
    async fn begin(&mut self) -> anyhow::Result<&mut Clients> {
        if self.clients.is_none() {
            self.clients =
                Some(Clients::connect(self.drain, self.forwarder).await.context("before the drain")?);
        }
        self.clients.as_mut().context("just connected")
    }

    async fn answer(&mut self) -> anyhow::Result<()> {
        let response = self.begin().await?.plain.invoke(who()).await?;
        expect_answer(&response, ResponseCode::GO_AWAY, GO_AWAY_REMARK)
    }

    async fn old_version(&mut self) -> anyhow::Result<()> {
        let old = who().with_version(MqVersion(LAST_VERSION_WITHOUT_GO_AWAY));
        expect_field(&self.begin().await?.plain.success(old).await?, "server", "drain")
    }

    async fn error(&mut self) -> anyhow::Result<()> {
        match self.begin().await?.direct.invoke(who()).await {
            Err(error @ RpcError::GoAway { .. }) => {
                ensure!(!error.may_have_been_sent(), "a request that was turned away counts as sent");
                Ok(())
            }
            other => Err(anyhow!("expected GO_AWAY twice, got {other:?}")),
        }
    }

    async fn reconnect(&mut self) -> anyhow::Result<()> {
        expect_field(&self.begin().await?.behind_forwarder.success(who()).await?, "server", "main")
    }

    async fn in_flight(&mut self) -> anyhow::Result<()> {
        let response = (&mut self.begin().await?.in_flight).await??;
        ensure!(response.response_code() == ResponseCode::SUCCESS, "got {}", response.response_code());
        Ok(())
    }
}

impl Clients {
    async fn connect(drain: SocketAddr, forwarder: SocketAddr) -> anyhow::Result<Self> {
        let plain = Peer::with_config(drain, ClientConfig::new().reconnect_for_go_away(false))?;
        if plain.success(who()).await?.ext_field("drains") == Some("false") {
            return Err(NotApplicable("a 4.9 server knows no GO_AWAY").into());
        }
        let (direct, behind_forwarder) = (Peer::new(drain)?, Peer::new(forwarder)?);
        for peer in [&plain, &direct, &behind_forwarder] {
            expect_field(&peer.success(who()).await?, "server", "drain")?;
        }
        let slow = request(SLEEP, SerializeType::Json).with_ext_field("millis", "2500")?;
        let busy = plain.clone();
        let in_flight = tokio::spawn(async move { busy.invoke_within(slow, Duration::from_secs(10)).await });
        sleep(Duration::from_millis(200)).await;
        plain.success(request(DRAIN, SerializeType::Json)).await?;
        // The server responds before it drains.
        while plain.invoke(who()).await?.response_code() != ResponseCode::GO_AWAY {
            sleep(Duration::from_millis(20)).await;
        }
        Ok(Self { plain, direct, behind_forwarder, in_flight })
    }
}

fn who() -> RemotingCommand {
    request(WHO, SerializeType::Json)
}
