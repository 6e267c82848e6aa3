//! The echo of a body behind a header of 13 fields, which the server reads.

use std::borrow::Cow;
use std::hint::black_box;
use std::net::SocketAddr;

use futures::StreamExt as _;
use remoting_benches::send_message::HEADER;
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;
use tarpc::context::{self, Context};
use tarpc::server::{BaseChannel, Channel as _};

use super::{Caller, ServerTransport, transport};

/// The fields of [`remoting_benches::send_message::SendMessageRequestHeaderV2`]. The texts are borrowed by the client and
/// owned by the server: tarpc hands out no references into what it received.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct SendMessageRequestHeaderV2 {
    producer_group: Cow<'static, str>,
    topic: Cow<'static, str>,
    default_topic: Cow<'static, str>,
    default_topic_queue_nums: i32,
    queue_id: i32,
    sys_flag: i32,
    born_timestamp: i64,
    flag: i32,
    properties: Option<Cow<'static, str>>,
    reconsume_times: Option<i32>,
    unit_mode: bool,
    batch: bool,
    broker_name: Option<Cow<'static, str>>,
}

impl SendMessageRequestHeaderV2 {
    fn new() -> Self {
        let header = black_box(&HEADER); // or the compiler folds what is constant in it
        Self {
            producer_group: header.producer_group.into(),
            topic: header.topic.into(),
            default_topic: header.default_topic.into(),
            default_topic_queue_nums: header.default_topic_queue_nums,
            queue_id: header.queue_id,
            sys_flag: header.sys_flag,
            born_timestamp: header.born_timestamp,
            flag: header.flag,
            properties: header.properties.map(Cow::from),
            reconsume_times: header.reconsume_times,
            unit_mode: header.unit_mode,
            batch: header.batch,
            broker_name: header.broker_name.map(Cow::from),
        }
    }
}

#[tarpc::service]
pub(super) trait TypedEcho {
    async fn send(header: SendMessageRequestHeaderV2, body: ByteBuf) -> ByteBuf;
}

#[derive(Clone)]
struct TypedEchoServer;

impl TypedEcho for TypedEchoServer {
    async fn send(self, _: Context, header: SendMessageRequestHeaderV2, body: ByteBuf) -> ByteBuf {
        black_box(&header);
        body
    }
}

pub(super) fn answer_all(transport: ServerTransport<TypedEchoRequest, TypedEchoResponse>) {
    let answers = BaseChannel::with_defaults(transport).execute(TypedEchoServer.serve());
    tokio::spawn(answers.for_each(|answer| async move {
        tokio::spawn(answer);
    }));
}

#[derive(Clone)]
pub(super) struct TypedEchoCaller {
    client: TypedEchoClient,
    body: ByteBuf,
}

impl Caller for TypedEchoCaller {
    async fn connect(server: SocketAddr, body: ByteBuf) -> anyhow::Result<Self> {
        let transport = transport(server).await?;
        Ok(Self { client: TypedEchoClient::new(tarpc::client::Config::default(), transport).spawn(), body })
    }

    async fn call(&self) -> anyhow::Result<()> {
        let header = SendMessageRequestHeaderV2::new();
        let answer = self.client.send(context::current(), header, self.body.clone()).await?;
        anyhow::ensure!(answer.len() == self.body.len(), "the server did not echo");
        Ok(())
    }
}
