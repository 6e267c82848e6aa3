//! This project's server and client.

use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use remoting::protocol::{ErrorChain, RemotingCommand, ResponseCode};
use remoting::tls::{ClientTls, JavaTlsProperties, ServerTls};
use remoting::transport::Address;
use remoting::{Executor, RemotingClient, RemotingServer, RpcError};

use super::certificates::Identity;
use super::sides::{CallFailed, ClientSide, ServerSide};
use crate::contract::ECHO;

const TIMEOUT: Duration = Duration::from_secs(5);
/// Larger than a TLS record and the buffers of a socket.
const BODY_LEN: usize = 100_000;

/// Our server, configured by Java's file.
#[derive(Default)]
pub(super) struct OurServer {
    running: Option<(RemotingServer, ServerTls)>,
    executed: Arc<AtomicUsize>,
}

impl ServerSide for OurServer {
    async fn start(&mut self, mode: &'static str, properties: &Path) -> anyhow::Result<SocketAddr> {
        self.stop().await?;
        let config = JavaTlsProperties::load(properties)?.server()?.watch_files(false);
        let tls = ServerTls::new(config)?;
        ensure!(tls.mode().to_string() == mode, "the file says {}, not {mode}", tls.mode());
        self.executed = Arc::default();
        let executed = Arc::clone(&self.executed);
        let server = RemotingServer::builder()
            .bind(Address::from(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))))
            .tls(tls.clone())
            .processor(ECHO, Executor::inline(), move |_ctx, request: RemotingCommand| {
                executed.fetch_add(1, Ordering::Relaxed);
                let response = RemotingCommand::response_to(&request, ResponseCode::SUCCESS);
                async move { Ok(response.with_body(request.into_body())) }
            })
            .start()
            .await
            .context("starting our server")?;
        let Address::Socket(addr) = *server.local_addr() else { bail!("not a socket's address") };
        self.running = Some((server, tls));
        Ok(addr)
    }

    async fn reload(&mut self) -> anyhow::Result<()> {
        let (_, tls) = self.running.as_ref().context("no server")?;
        tls.reload()?;
        Ok(())
    }

    async fn executed(&mut self) -> anyhow::Result<usize> {
        Ok(self.executed.load(Ordering::Relaxed))
    }

    async fn stop(&mut self) -> anyhow::Result<()> {
        if let Some((server, _)) = self.running.take() {
            server.shutdown().await;
        }
        Ok(())
    }
}

/// Our clients, configured by Java's file.
#[derive(Default)]
pub(super) struct OurClients(HashMap<&'static str, RemotingClient>);

impl ClientSide for OurClients {
    const VERIFIES_HOST_NAMES: bool = true;
    const SHOWS_ANY_CERTIFICATE: bool = true;

    fn cannot_have(&self, identity: Identity) -> Option<&'static str> {
        (identity == Identity::OldEncryptedClient)
            .then_some("our client refuses a key that is encrypted like this, and says how to convert it")
    }

    async fn open(&mut self, name: &'static str, tls: bool, properties: &Path) -> anyhow::Result<()> {
        let mut builder = RemotingClient::builder();
        if tls {
            let config = JavaTlsProperties::load(properties)?.client()?.watch_files(false);
            builder = builder.tls(ClientTls::new(config)?);
        }
        if let Some(before) = self.0.insert(name, builder.build()?) {
            before.shutdown().await;
        }
        Ok(())
    }

    async fn call(&mut self, name: &'static str, addr: SocketAddr) -> anyhow::Result<Result<(), CallFailed>> {
        let client = self.0.get(name).with_context(|| format!("no client {name}"))?;
        let body: Vec<u8> = (0..=u8::MAX).cycle().take(BODY_LEN).collect();
        let request = RemotingCommand::request(ECHO).with_body(body.clone());
        Ok(match client.invoke(addr, request, TIMEOUT).await {
            Ok(response) if response.response_code() == ResponseCode::SUCCESS && response.body() == body => {
                Ok(())
            }
            Ok(response) => bail!("not an echo: {response:?}"),
            Err(error) => Err(CallFailed {
                timed_out: matches!(error, RpcError::Timeout { .. }),
                why: ErrorChain(&error).to_string(),
            }),
        })
    }
}
