//! Requests signed by our hook.

use std::net::SocketAddr;

use remoting::acl::{AclClientHook, SessionCredentials};
use remoting::protocol::{RemotingCommand, ResponseCode, SerializeType};
use serde::Serialize;

use super::ENCODINGS;
use super::cases::Cases;
use super::peer::{Peer, expect_answer, expect_field, request};
use crate::contract::{ACCESS_KEY, DENIED_CODE, NO_ACCESS_KEY, SECRET_KEY, SIGNED, WRONG_SIGNATURE};

pub(super) async fn run(cases: &mut Cases<'_>, server: SocketAddr) {
    for (encoding, suffix) in ENCODINGS {
        cases.run(format!("signed/{suffix}"), plain(server, encoding)).await;
        cases.run(format!("signed-with-token/{suffix}"), with_token(server, encoding)).await;
        cases.run(format!("signed-typed-header/{suffix}"), typed_header(server, encoding)).await;
        cases.run(format!("signed-wrongly/{suffix}"), wrongly(server, encoding)).await;
        cases.run(format!("signed-by-nobody/{suffix}"), by_nobody(server, encoding)).await;
    }
}

async fn plain(server: SocketAddr, encoding: SerializeType) -> anyhow::Result<()> {
    lets_in(server, key()?, fields(encoding)?).await
}

async fn with_token(server: SocketAddr, encoding: SerializeType) -> anyhow::Result<()> {
    lets_in(server, key()?.with_security_token("token"), fields(encoding)?).await
}

async fn typed_header(server: SocketAddr, encoding: SerializeType) -> anyhow::Result<()> {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Header {
        topic: &'static str,
        queue_id: i32,
        unit_mode: bool,
        bname: Option<&'static str>,
    }
    let header = Header { topic: "T", queue_id: 3, unit_mode: false, bname: None };
    lets_in(server, key()?, request(SIGNED, encoding).with_header(&header)?).await
}

async fn wrongly(server: SocketAddr, encoding: SerializeType) -> anyhow::Result<()> {
    let peer = signing(server, SessionCredentials::new(ACCESS_KEY, "another key")?)?;
    let response = peer.invoke(fields(encoding)?).await?;
    expect_answer(&response, ResponseCode(DENIED_CODE), WRONG_SIGNATURE)?;
    peer.end().await;
    Ok(())
}

async fn by_nobody(server: SocketAddr, encoding: SerializeType) -> anyhow::Result<()> {
    let peer = Peer::new(server)?;
    let response = peer.invoke(fields(encoding)?).await?;
    expect_answer(&response, ResponseCode(DENIED_CODE), NO_ACCESS_KEY)?;
    peer.end().await;
    Ok(())
}

fn key() -> anyhow::Result<SessionCredentials> {
    Ok(SessionCredentials::new(ACCESS_KEY, SECRET_KEY)?)
}

/// A request whose keys UTF-16, in which Java sorts, and UTF-8 put into a different order; one value is empty.
fn fields(encoding: SerializeType) -> anyhow::Result<RemotingCommand> {
    let fields = [("topic", "T"), ("\u{ff5e}", "b"), ("\u{1f600}", "a"), ("Zz", "9"), ("empty", "")];
    let request = request(SIGNED, encoding).with_body("signed, 世界");
    fields.into_iter().try_fold(request, |request, (key, value)| Ok(request.with_ext_field(key, value)?))
}

fn signing(server: SocketAddr, credentials: SessionCredentials) -> anyhow::Result<Peer> {
    Peer::with(server, |builder| builder.hook(AclClientHook::new(credentials)))
}

async fn lets_in(
    server: SocketAddr,
    credentials: SessionCredentials,
    request: RemotingCommand,
) -> anyhow::Result<()> {
    let peer = signing(server, credentials)?;
    let response = peer.success(request).await?;
    expect_field(&response, "AccessKey", ACCESS_KEY)?;
    peer.end().await;
    Ok(())
}
