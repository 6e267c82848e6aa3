//! What is written is read again.

use proptest::prelude::*;
use remoting_model::message::{
    ExtraInfo, Message, MessageBatch, MessageDecoder, MessageExt, MessageId, MessageList, MessageProperties,
    MessageSysFlag, MsgOffsetInfo, OrderCountInfo, OrderCountKey, PopQueue, PopTopic, StartOffsetInfo,
    UniqueId,
};
use std::net::{IpAddr, SocketAddr};

fn properties() -> impl Strategy<Value = MessageProperties> {
    let pair = ("[^\u{1}\u{2}]{1,10}", "[^\u{2}]{1,30}");
    proptest::collection::vec(pair, 0..60).prop_map(|pairs| pairs.into_iter().collect())
}

fn body() -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec(any::<u8>(), 0..500)
}

prop_compose! {
    fn message_ext()(
        topic in ".{0,200}",
        properties in properties(),
        body in body(),
        (flag, queue_id, body_crc, reconsume_times) in any::<(i32, i32, i32, i32)>(),
        (queue_offset, commit_log_offset, prepared_transaction_offset) in any::<(i64, i64, i64)>(),
        (born_timestamp, store_timestamp) in any::<(i64, i64)>(),
        // Not compressed, and no inner batch.
        sys_flag in any::<i32>().prop_map(|bits| MessageSysFlag(bits & !0xc1)),
        (born_ip, born_port, store_ip, store_port) in any::<(IpAddr, u16, IpAddr, u16)>(),
    ) -> MessageExt {
        MessageExt {
            topic: topic.into(), flag, properties, body: body.into(), queue_id, queue_offset, sys_flag,
            born_timestamp, born_host: SocketAddr::new(born_ip, born_port),
            store_timestamp, store_host: SocketAddr::new(store_ip, store_port),
            commit_log_offset, body_crc, reconsume_times, prepared_transaction_offset, store_size: 0,
        }
    }
}

/// What reading adds to a written message.
fn stored(message: &MessageExt) -> MessageExt {
    let hosts = [
        (MessageSysFlag::BORN_HOST_V6, message.born_host),
        (MessageSysFlag::STORE_HOST_V6, message.store_host),
    ];
    let sys_flag =
        hosts.into_iter().fold(message.sys_flag, |flag, (bit, host)| flag.with(bit, host.is_ipv6()));
    MessageExt { sys_flag, store_size: message.encode().unwrap().len(), ..message.clone() }
}

fn pop_queue() -> impl Strategy<Value = PopQueue> {
    let topic = prop_oneof![Just(PopTopic::Normal), Just(PopTopic::Retry), Just(PopTopic::RetryV2)];
    (topic, any::<i32>()).prop_map(|(topic, queue_id)| PopQueue::new(topic, queue_id))
}

proptest! {
    #[test]
    fn messages_are_read_as_they_were_written(messages in proptest::collection::vec(message_ext(), 0..5)) {
        let list = MessageList::encode(&messages).unwrap();
        let read: Vec<_> = list.iter().map(Result::unwrap).collect();
        prop_assert_eq!(read, messages.iter().map(stored).collect::<Vec<_>>());
    }

    #[test]
    fn a_message_that_was_read_is_written_with_the_same_bytes(message in message_ext()) {
        let bytes = message.encode().unwrap();
        prop_assert_eq!(MessageDecoder::new().decode(&bytes).unwrap().encode().unwrap(), bytes);
    }

    #[test]
    fn a_batch_is_read_as_it_was_written(
        messages in proptest::collection::vec((any::<i32>(), properties(), body()), 0..5)
    ) {
        let messages: Vec<_> = messages.into_iter()
            .map(|(flag, properties, body)| Message { flag, properties, ..Message::new("T", body) })
            .collect();
        let batch = MessageBatch::encode(&messages).unwrap();
        let read: Vec<_> = batch.messages("T").map(Result::unwrap).collect();
        prop_assert_eq!(read, messages);
    }

    #[test]
    fn properties_are_read_from_any_text_and_written_with_the_same_meaning(text in "[ab\u{1}\u{2}é]{0,60}") {
        let read = MessageProperties::from_text(&text);
        prop_assert_eq!(MessageProperties::from_text(&read.to_text().unwrap()), read);
    }

    #[test]
    fn properties_behave_as_a_map(
        text in "([ab]{1,2}\u{1}[cd]{0,3}\u{2}){0,40}",
        changes in proptest::collection::vec(("[ab]{1,2}", proptest::option::of("[cd]{1,3}")), 0..20),
    ) {
        let mut properties = MessageProperties::from_text(&text);
        let mut map: std::collections::BTreeMap<String, String> =
            properties.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        prop_assert_eq!(map.len(), properties.len());
        for (name, value) in changes {
            match value {
                Some(value) => {
                    properties.insert(&name, &value);
                    map.insert(name, value);
                }
                None => prop_assert_eq!(properties.remove(&name), map.remove(&name).is_some()),
            }
        }
        prop_assert_eq!(map.into_iter().collect::<MessageProperties>(), properties);
    }

    #[test]
    fn ids_are_read_as_they_were_written(
        (ip, port, offset) in any::<(IpAddr, u16, i64)>(),
        (pid, instance, elapsed, counter) in any::<(u16, u32, u32, u16)>(),
    ) {
        let id = MessageId::new(SocketAddr::new(ip, port), offset);
        prop_assert_eq!(id.to_string().parse(), Ok(id));
        let id = UniqueId { ip, pid, instance, elapsed, counter };
        prop_assert_eq!(id.to_string().parse(), Ok(id));
    }

    #[test]
    fn extra_info_is_read_as_it_was_written(
        (ck_queue_offset, pop_time, invisible_time, revive_queue_id) in any::<(i64, i64, i64, i32)>(),
        queue in pop_queue(),
        broker_name in "[^ ]{1,20}",
        queue_offset in any::<Option<i64>>(),
    ) {
        let PopQueue { topic, queue_id } = queue;
        let info = ExtraInfo {
            ck_queue_offset, pop_time, invisible_time, revive_queue_id, topic, broker_name, queue_id, queue_offset,
        };
        prop_assert_eq!(info.to_string().parse(), Ok(info));
    }

    #[test]
    fn offsets_and_counts_of_pop_are_read_as_they_were_written(
        offsets in proptest::collection::btree_map(pop_queue(), any::<i64>(), 0..5),
        lists in proptest::collection::btree_map(pop_queue(), proptest::collection::vec(any::<i64>(), 1..4), 0..5),
        counts in proptest::collection::btree_map((pop_queue(), any::<Option<i64>>()), any::<i32>(), 0..5),
    ) {
        let offsets = StartOffsetInfo(offsets);
        prop_assert_eq!(offsets.to_string().parse(), Ok(offsets));
        let lists = MsgOffsetInfo(lists);
        prop_assert_eq!(lists.to_string().parse(), Ok(lists));
        let key = |(queue, offset): (PopQueue, Option<i64>)| match offset {
            Some(offset) => OrderCountKey::Message(queue, offset),
            None => OrderCountKey::Queue(queue),
        };
        let counts = OrderCountInfo(counts.into_iter().map(|(of, count)| (key(of), count)).collect());
        prop_assert_eq!(counts.to_string().parse(), Ok(counts));
    }
}
