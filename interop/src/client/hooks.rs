//! Before- and after-hooks of both sides, and requests that a hook rejects.

use std::net::SocketAddr;

use anyhow::{anyhow, ensure};
use remoting::protocol::{RemotingCommand, ResponseCode, SerializeType};
use remoting::{HookContext, ProcessorError, RpcError, RpcHook};

use super::ENCODINGS;
use super::cases::{Cases, NotApplicable};
use super::peer::{Peer, expect_answer, expect_field, request};
use crate::contract::{DENIED, DENIED_CODE, HOOK_FAILURE, HOOKED, WHO};

pub(super) async fn run(cases: &mut Cases<'_>, server: SocketAddr) {
    for (encoding, suffix) in ENCODINGS {
        cases.run(format!("hooks/{suffix}"), all_run(server, encoding)).await;
        cases.run(format!("hook-aborts/{suffix}"), server_aborts(server, encoding)).await;
        cases.run(format!("hook-fails/{suffix}"), server_fails(server, encoding)).await;
    }
    cases.run("client-hook-aborts", client_aborts(server)).await;
}

struct ClientHook;

impl RpcHook for ClientHook {
    fn before_request(
        &self,
        _ctx: &mut HookContext<'_>,
        request: &mut RemotingCommand,
    ) -> Result<(), ProcessorError> {
        if request.request_code() == HOOKED {
            if request.ext_field("client-abort").is_some() {
                return Err(ProcessorError::new(DENIED));
            }
            request.set_ext_field("client-before", "1")?;
        }
        Ok(())
    }

    fn after_response(
        &self,
        _ctx: &mut HookContext<'_>,
        request: &RemotingCommand,
        response: Option<&mut RemotingCommand>,
    ) -> Result<(), ProcessorError> {
        if let Some(response) = response
            && request.request_code() == HOOKED
        {
            response.set_ext_field("client-after", "1")?;
        }
        Ok(())
    }
}

fn hooked_peer(server: SocketAddr) -> anyhow::Result<Peer> {
    Peer::with(server, |builder| builder.hook(ClientHook))
}

async fn all_run(server: SocketAddr, encoding: SerializeType) -> anyhow::Result<()> {
    let peer = hooked_peer(server)?;
    let response = peer.success(request(HOOKED, encoding).with_ext_field("k", "v")?).await?;
    for mark in ["client-before", "server-before", "server-after", "client-after"] {
        expect_field(&response, mark, "1")?;
    }
    peer.end().await;
    Ok(())
}

async fn server_aborts(server: SocketAddr, encoding: SerializeType) -> anyhow::Result<()> {
    let peer = hooked_peer(server)?;
    let who = peer.success(request(WHO, encoding)).await?;
    if who.ext_field("aborts") == Some("false") {
        return Err(NotApplicable("4.9 has no AbortProcessException").into());
    }
    let response = peer.invoke(request(HOOKED, encoding).with_ext_field("abort", "1")?).await?;
    expect_answer(&response, ResponseCode(DENIED_CODE), DENIED)?;
    peer.end().await;
    Ok(())
}

async fn server_fails(server: SocketAddr, encoding: SerializeType) -> anyhow::Result<()> {
    let peer = hooked_peer(server)?;
    let response = peer.invoke(request(HOOKED, encoding).with_ext_field("break", "1")?).await?;
    ensure!(
        response.response_code() == ResponseCode::SYSTEM_ERROR
            && response.remark().is_some_and(|remark| remark.contains(HOOK_FAILURE)),
        "expected SYSTEM_ERROR with a remark that tells {HOOK_FAILURE:?}, got {} with remark {:?}",
        response.response_code(),
        response.remark()
    );
    peer.end().await;
    Ok(())
}

async fn client_aborts(server: SocketAddr) -> anyhow::Result<()> {
    let peer = hooked_peer(server)?;
    let refused = request(HOOKED, SerializeType::Json).with_ext_field("client-abort", "1")?;
    match peer.invoke(refused).await {
        Err(error @ RpcError::Hook { .. }) => {
            ensure!(!error.may_have_been_sent(), "the request was sent");
            let source = std::error::Error::source(&error).map(ToString::to_string);
            ensure!(source.as_deref() == Some(DENIED), "expected the cause {DENIED:?}, got {source:?}");
        }
        other => return Err(anyhow!("expected the hook's error, got {other:?}")),
    }
    peer.end().await;
    Ok(())
}
