//! A client and the address that it calls.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::{Context, ensure};
use remoting::protocol::{RemotingCommand, RequestCode, ResponseCode, SerializeType};
use remoting::{ClientConfig, Executor, ProcessorError, RemotingClient, RemotingClientBuilder, RpcError};

use super::event_log::EventLog;
use crate::contract::{FAILURE, NOTIFIED, PUSHED, PUSHED_FAIL, WHO};

pub(super) const TIMEOUT: Duration = Duration::from_secs(5);

#[derive(Clone)]
pub(super) struct Peer {
    client: RemotingClient,
    addr: SocketAddr,
    pub(super) events: EventLog,
    notified: Arc<AtomicUsize>,
}

impl Peer {
    pub(super) fn new(addr: SocketAddr) -> anyhow::Result<Self> {
        Self::with(addr, |builder| builder)
    }

    pub(super) fn with_config(addr: SocketAddr, config: ClientConfig) -> anyhow::Result<Self> {
        Self::with(addr, |builder| builder.config(config))
    }

    /// Builds a client with the contract's processors and the additions of `change`.
    pub(super) fn with(
        addr: SocketAddr,
        change: impl FnOnce(RemotingClientBuilder) -> RemotingClientBuilder,
    ) -> anyhow::Result<Self> {
        let (events, notified) = (EventLog::default(), Arc::new(AtomicUsize::new(0)));
        let (log, counter) = (events.clone(), Arc::clone(&notified));
        let builder = RemotingClient::builder()
            .processor(PUSHED, Executor::inline(), |_ctx, request| async move { pushed(&request) })
            .processor(NOTIFIED, Executor::inline(), move |_ctx, _request| {
                counter.fetch_add(1, Ordering::Relaxed);
                async { Ok(()) }
            })
            .processor(PUSHED_FAIL, Executor::inline(), |_ctx, _request| async {
                Err::<(), _>(ProcessorError::new(FAILURE))
            })
            .on_event(move |event| log.add(event));
        let client = change(builder).build().context("building our client")?;
        Ok(Self { client, addr, events, notified })
    }

    pub(super) async fn invoke(&self, request: RemotingCommand) -> Result<RemotingCommand, RpcError> {
        self.invoke_within(request, TIMEOUT).await
    }

    pub(super) async fn invoke_within(
        &self,
        request: RemotingCommand,
        timeout: Duration,
    ) -> Result<RemotingCommand, RpcError> {
        self.client.invoke(self.addr, request, timeout).await
    }

    pub(super) fn invoke_with_callback(
        &self,
        request: RemotingCommand,
        callback: impl FnOnce(Result<RemotingCommand, RpcError>) + Send + 'static,
    ) {
        self.client.invoke_with_callback(self.addr, request, TIMEOUT, callback);
    }

    pub(super) async fn oneway(&self, request: RemotingCommand) -> Result<(), RpcError> {
        self.client.invoke_oneway(self.addr, request, TIMEOUT).await
    }

    /// Returns the response if its code is SUCCESS.
    pub(super) async fn success(&self, request: RemotingCommand) -> anyhow::Result<RemotingCommand> {
        let response = self.invoke(request).await?;
        ensure!(
            response.response_code() == ResponseCode::SUCCESS,
            "expected SUCCESS, got {} with remark {:?}",
            response.response_code(),
            response.remark()
        );
        Ok(response)
    }

    /// Returns the number of one-way requests received from the server.
    pub(super) fn notified(&self) -> usize {
        self.notified.load(Ordering::Relaxed)
    }

    pub(super) async fn end(self) {
        self.client.shutdown().await;
    }
}

fn pushed(request: &RemotingCommand) -> Result<RemotingCommand, ProcessorError> {
    let mut response = RemotingCommand::response_to(request, ResponseCode::SUCCESS).with_remark("pushed");
    response.set_ext_fields(request.ext_fields());
    Ok(response.with_ext_field("by", "client")?.with_body(request.body_bytes()))
}

/// A request in either header encoding.
pub(super) fn request(code: RequestCode, serialize_type: SerializeType) -> RemotingCommand {
    RemotingCommand::request(code).with_serialize_type(serialize_type)
}

/// Checks code and remark of an error response.
pub(super) fn expect_answer(
    response: &RemotingCommand,
    code: ResponseCode,
    remark: &str,
) -> anyhow::Result<()> {
    ensure!(
        response.response_code() == code && response.remark() == Some(remark),
        "expected {code} with remark {remark:?}, got {} with remark {:?}",
        response.response_code(),
        response.remark()
    );
    Ok(())
}

/// Checks an ext field of a response.
pub(super) fn expect_field(response: &RemotingCommand, key: &str, value: &str) -> anyhow::Result<()> {
    ensure!(
        response.ext_field(key) == Some(value),
        "ext field {key}: expected {value:?}, got {:?}",
        response.ext_field(key)
    );
    Ok(())
}

/// Returns the address of this side as the server sees it. A different address means a different connection.
pub(super) async fn own_address(peer: &Peer) -> anyhow::Result<String> {
    let who = peer.success(request(WHO, SerializeType::Json)).await?;
    Ok(who.ext_field("peer").context("ext field peer")?.to_owned())
}
