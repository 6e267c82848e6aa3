use std::time::Duration;

use remoting::model::constants::PullSysFlag;
use remoting::model::header::PullMessageResponseHeader;
use remoting::model::message::MessageList;
use remoting::model::operation::PullMessage;
use remoting::{ProcessorError, Refusal, Request, ResponseCode, TypedReply};
use tokio::time::{Instant, timeout_at};

use crate::testing::state::BrokerState;
use crate::testing::store::QueueKey;

impl BrokerState {
    /// Returns messages of a queue. If there are none and the client lets the request wait, it waits for one.
    pub(super) async fn pull_message(
        &self,
        request: Request<PullMessage>,
    ) -> Result<TypedReply<PullMessage>, ProcessorError> {
        let header = &request.header;
        if !self.store.lock().topics.contains_key(&header.topic) {
            let remark = format!("the broker double does not have the topic {}", header.topic);
            return Err(Refusal::new(ResponseCode::TOPIC_NOT_EXIST, remark).into());
        }
        let flag = PullSysFlag(header.sys_flag);
        let key = (header.topic.clone(), header.queue_id);
        if flag.has_commit_offset() {
            self.store.lock().set_offset(&header.consumer_group, key.clone(), header.commit_offset);
        }
        let millis = u64::try_from(header.suspend_timeout_millis).unwrap_or(0);
        let deadline = Instant::now() + Duration::from_millis(millis);
        loop {
            // Before the look at the queue, so that no message is missed.
            let stored = self.stored.notified();
            let (code, content) = self.pull(&key, header.queue_offset, header.max_msg_nums)?;
            let is_over = code != ResponseCode::PULL_NOT_FOUND || !flag.has_suspend();
            if is_over || timeout_at(deadline, stored).await.is_err() {
                return Ok(TypedReply::new(content).with_code(code));
            }
        }
    }

    fn pull(
        &self,
        key: &QueueKey,
        offset: i64,
        count: i32,
    ) -> Result<(ResponseCode, (PullMessageResponseHeader, MessageList)), ProcessorError> {
        let store = self.store.lock();
        let max_offset = store.max_offset(key);
        let messages = store.read(key, offset, count);
        let (code, next_begin_offset) = match messages.last() {
            Some(last) if offset >= 0 => (ResponseCode::SUCCESS, last.queue_offset + 1),
            _ if offset < 0 => (ResponseCode::PULL_OFFSET_MOVED, 0),
            _ if offset > max_offset => (ResponseCode::PULL_OFFSET_MOVED, max_offset),
            _ => (ResponseCode::PULL_NOT_FOUND, offset),
        };
        let messages = if code.is_success() { messages } else { &[] };
        let header = PullMessageResponseHeader {
            suggest_which_broker_id: 0,
            next_begin_offset,
            min_offset: 0,
            max_offset,
            ..Default::default()
        };
        Ok((code, (header, MessageList::encode(messages)?)))
    }
}
