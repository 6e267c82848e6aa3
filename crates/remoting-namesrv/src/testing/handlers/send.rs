use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use remoting::model::header::SendMessageResponseHeader;
use remoting::model::message::{Message, MessageExt, MessageProperties, MessageSysFlag};
use remoting::model::operation::{SendBatchMessage, SendMessage, SendMessageV2};
use remoting::protocol::bytes::Bytes;
use remoting::{Address, ProcessorError, Refusal, Request, ResponseCode};

use super::host;
use crate::testing::state::BrokerState;
use crate::testing::store::NotStored;

/// The fields of a send request that are stored. Both forms of the header have them.
#[derive(Clone, Copy)]
struct Sent<'a> {
    queue_id: i32,
    sys_flag: i32,
    born_timestamp: i64,
    flag: i32,
    properties: Option<&'a str>,
    reconsume_times: Option<i32>,
}

macro_rules! sent {
    ($header:expr) => {
        Sent {
            queue_id: $header.queue_id,
            sys_flag: $header.sys_flag,
            born_timestamp: $header.born_timestamp,
            flag: $header.flag,
            properties: $header.properties.as_deref(),
            reconsume_times: $header.reconsume_times,
        }
    };
}

impl Sent<'_> {
    fn message(self, topic: &str, body: Bytes) -> Message {
        let properties = MessageProperties::from_text(self.properties.unwrap_or_default());
        Message { flag: self.flag, properties, ..Message::new(topic, body) }
    }
}

impl BrokerState {
    pub(super) async fn send_message(
        &self,
        request: Request<SendMessage>,
    ) -> Result<SendMessageResponseHeader, Refusal> {
        let sent = sent!(request.header);
        let message = sent.message(&request.header.topic, request.body.clone());
        Ok(self.store_message(sent, message, request.peer_addr())?.into())
    }

    pub(super) async fn send_message_v2(
        &self,
        request: Request<SendMessageV2>,
    ) -> Result<SendMessageResponseHeader, Refusal> {
        let sent = sent!(request.header);
        let message = sent.message(&request.header.topic, request.body.clone());
        Ok(self.store_message(sent, message, request.peer_addr())?.into())
    }

    pub(super) async fn send_batch_message(
        &self,
        request: Request<SendBatchMessage>,
    ) -> Result<SendMessageResponseHeader, ProcessorError> {
        let sent = sent!(request.header);
        let mut first: Option<Stored> = None;
        for message in request.body.messages(request.header.topic.as_str()) {
            let stored = self.store_message(sent, message?, request.peer_addr())?;
            match &mut first {
                Some(first) => first.msg_id = format!("{},{}", first.msg_id, stored.msg_id),
                None => first = Some(stored),
            }
        }
        let stored =
            first.ok_or_else(|| Refusal::new(ResponseCode::MESSAGE_ILLEGAL, "the batch is empty"))?;
        Ok(stored.into())
    }

    fn store_message(&self, sent: Sent<'_>, message: Message, peer: &Address) -> Result<Stored, Refusal> {
        let message = MessageExt {
            queue_id: sent.queue_id,
            sys_flag: MessageSysFlag(sent.sys_flag),
            born_timestamp: sent.born_timestamp,
            born_host: host(Some(peer)),
            store_timestamp: now(),
            store_host: host(self.addr.get()),
            reconsume_times: sent.reconsume_times.unwrap_or(0),
            ..MessageExt::from(message)
        };
        let topic = Arc::clone(&message.topic);
        let stored = self.store.lock().append(message).map_err(|error| {
            let code = match error {
                NotStored::UnknownTopic => ResponseCode::TOPIC_NOT_EXIST,
                NotStored::UnknownQueue(_) | NotStored::Full => ResponseCode::SYSTEM_ERROR,
            };
            Refusal::new(code, format!("topic {topic}: {error}"))
        })?;
        self.stored.notify_waiters();
        Ok(Stored {
            msg_id: stored.offset_msg_id().to_string(),
            unique_id: stored.properties.uniq_key().map(ToOwned::to_owned),
            queue_id: stored.queue_id,
            queue_offset: stored.queue_offset,
        })
    }
}

/// Where a message, or the first of a batch, is stored.
struct Stored {
    msg_id: String,
    unique_id: Option<String>,
    queue_id: i32,
    queue_offset: i64,
}

impl From<Stored> for SendMessageResponseHeader {
    fn from(stored: Stored) -> Self {
        Self {
            msg_id: stored.msg_id,
            queue_id: stored.queue_id,
            queue_offset: stored.queue_offset,
            transaction_id: stored.unique_id,
            ..Self::default()
        }
    }
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
