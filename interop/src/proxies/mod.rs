//! HAProxy in front of this project's server, and a SOCKS5 proxy for its client. Both are Debian packages.

mod process;

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, ensure};
use parking_lot::Mutex;
use remoting::prelude::*;
use remoting::tls::{ClientTls, ClientTlsConfig, ServerTls, ServerTlsConfig};
use remoting::transport::{IpNet, ProxyProtocol, SocksProxies, SocksProxy, proxy_protocol_tlv};
use std::sync::Arc;

use self::process::{Process, missing};
use crate::verdict::Verdict;

const ECHO: RequestCode = RequestCode(1001);
const PATIENCE: Duration = Duration::from_secs(5);
/// A TLV that HAProxy is configured to send.
const UNIQUE_ID: u8 = 0x05;

/// Runs all cases and prints one line for each.
pub(super) async fn run() -> Verdict {
    let (mut absent, mut failed) = (0, 0);
    let mut report = |case: &str, result: anyhow::Result<()>| match result {
        Ok(()) => println!("pass  {case}"),
        Err(error) => {
            failed += 1;
            println!("FAIL  {case}: {error:#}");
        }
    };
    if let Some(missing) = missing("haproxy") {
        absent += 1;
        eprintln!("{missing}");
    } else {
        for (name, send) in [
            ("send-proxy", "send-proxy"),
            ("send-proxy-v2", "send-proxy-v2 proxy-v2-options crc32c,unique-id"),
            ("send-proxy-v2 with health checks", "send-proxy-v2 check check-send-proxy inter 50ms"),
        ] {
            for tls in [false, true] {
                let with = if tls { "TLS" } else { "plaintext" };
                report(&format!("HAProxy {name}, {with}"), behind_haproxy(send, tls).await);
            }
        }
        report("HAProxy that is not trusted", distrusted_haproxy().await);
    }
    if let Some(missing) = missing("microsocks") {
        absent += 1;
        eprintln!("{missing}");
    } else {
        for tls in [false, true] {
            let with = if tls { "TLS" } else { "plaintext" };
            report(&format!("SOCKS5, {with}"), through_socks(None, "127.0.0.1", tls).await);
        }
        report("SOCKS5, the proxy resolves the name", through_socks(None, "localhost", false).await);
        let right = Some(("user", "open sesame"));
        report("SOCKS5, user and password", through_socks(right, "127.0.0.1", false).await);
        report("SOCKS5, wrong password", refused_by_socks().await);
    }
    Verdict::of(failed, absent)
}

/// A server that responds with the address of the client as it sees it, and the unique ID from the proxy.
async fn server(proxy_protocol: Option<ProxyProtocol>, tls: bool) -> anyhow::Result<RemotingServer> {
    let mut server = RemotingServer::builder().bind("127.0.0.1:0").proxy_protocol(proxy_protocol).processor(
        ECHO,
        Executor::inline(),
        |cx: RequestContext, request: RemotingCommand| async move {
            let unique_id = cx.channel().channel().attributes().get(&proxy_protocol_tlv(UNIQUE_ID));
            Ok(RemotingCommand::response_to(&request, ResponseCode::SUCCESS)
                .with_remark(cx.peer_addr().to_string())
                .with_body(unique_id.map(|id| id.to_string()).unwrap_or_default()))
        },
    );
    if tls {
        server = server.tls(ServerTls::new(ServerTlsConfig::danger_self_signed())?);
    }
    Ok(server.start().await?)
}

/// Calls `to`: the response, and the client's own address.
async fn call(
    to: &Address,
    config: ClientConfig,
    tls: bool,
) -> anyhow::Result<(RemotingCommand, Option<Address>)> {
    let local = Arc::new(Mutex::new(None));
    let seen = Arc::clone(&local);
    let mut client = RemotingClient::builder()
        .config(config)
        .on_event(move |event: ChannelEvent| *seen.lock() = Some(event.channel.local_addr().clone()));
    if tls {
        client = client.tls(ClientTls::new(ClientTlsConfig::danger_accept_any_certificate())?);
    }
    let client = client.build()?;
    let response = client.invoke(to, RemotingCommand::request(ECHO), PATIENCE).await;
    client.shutdown().await;
    let local = local.lock().clone();
    Ok((response?, local))
}

fn loopback() -> anyhow::Result<IpNet> {
    Ok("127.0.0.0/8".parse()?)
}

async fn behind_haproxy(send: &str, tls: bool) -> anyhow::Result<()> {
    let server = server(Some(ProxyProtocol::required([loopback()?])), tls).await?;
    let haproxy = Process::haproxy(socket(server.local_addr())?, send).await?;
    let (response, local) = call(&haproxy.addr().into(), ClientConfig::new(), tls).await?;
    let local = local.context("the client saw no event")?.to_string();
    let told = response.remark().unwrap_or_default();
    ensure!(told == local, "the server saw {told}, the client's address is {local}");
    if send.contains("unique-id") {
        ensure!(response.body() == b"the-unique-id", "unique ID {:?}", response.body());
    }
    server.shutdown().await;
    Ok(())
}

async fn distrusted_haproxy() -> anyhow::Result<()> {
    let server = server(Some(ProxyProtocol::optional(["10.0.0.0/8".parse()?])), false).await?;
    let haproxy = Process::haproxy(socket(server.local_addr())?, "send-proxy-v2").await?;
    let result = call(&haproxy.addr().into(), ClientConfig::new(), false).await;
    ensure!(result.is_err(), "a header from an untrusted address was accepted");
    ensure!(server.listener_statistics().refused_in_prologue() > 0, "no connection was refused");
    server.shutdown().await;
    Ok(())
}

async fn through_socks(credentials: Option<(&str, &str)>, host: &str, tls: bool) -> anyhow::Result<()> {
    let server = server(None, tls).await?;
    let socks = Process::microsocks(credentials).await?;
    let mut proxy = SocksProxy::new(socks.addr());
    if let Some((user, password)) = credentials {
        proxy = proxy.with_credentials(user, password)?;
    }
    let config = ClientConfig::new().socks_proxies(SocksProxies::all(proxy));
    let target: Address = format!("{host}:{}", socket(server.local_addr())?.port()).parse()?;
    let (response, local) = call(&target, config, tls).await?;
    let peer = response.remark().map(ToOwned::to_owned);
    ensure!(peer != local.map(|local| local.to_string()), "the call did not pass the proxy");
    server.shutdown().await;
    Ok(())
}

async fn refused_by_socks() -> anyhow::Result<()> {
    let server = server(None, false).await?;
    let socks = Process::microsocks(Some(("user", "open sesame"))).await?;
    let proxy = SocksProxy::new(socks.addr()).with_credentials("user", "wrong word")?;
    let config = ClientConfig::new().socks_proxies(SocksProxies::all(proxy));
    let Err(error) = call(server.local_addr(), config, false).await else {
        anyhow::bail!("a wrong password opened the way");
    };
    let error = format!("{error:#}");
    ensure!(error.contains(&socks.addr().to_string()), "the error does not name the proxy: {error}");
    ensure!(error.contains("rejected the credentials"), "the error does not say why: {error}");
    ensure!(!error.contains("wrong word"), "the error shows the password: {error}");
    server.shutdown().await;
    Ok(())
}

fn socket(address: &Address) -> anyhow::Result<SocketAddr> {
    address.as_socket().with_context(|| format!("{address} is no socket address"))
}
