//! Batches and inner batches.

use super::*;

#[test]
fn a_batch_has_flags_bodies_and_properties() {
    let first = Message { flag: 3, ..Message::new("T", "hi").with_keys(["K1"]) };
    let batch = MessageBatch::encode([&first, &Message::new("T", "")]).unwrap();
    let first_of_java = "0000002000000000000000000000000300000002686900084b455953014b3102";
    assert!(hex(batch.as_bytes()).starts_with(first_of_java), "{}", hex(batch.as_bytes()));
    let messages: Vec<_> = batch.messages("T").map(Result::unwrap).collect();
    assert_eq!(messages, [first, Message::new("T", "")]);
}

#[test]
fn a_batch_ends_after_its_first_undecodable_message() {
    let batch = MessageBatch::encode([&Message::new("T", "hi")]).unwrap();
    let mut bytes = BytesMut::from(&batch.as_bytes()[..]);
    bytes.extend_from_slice(&[0; 30]);
    let mut messages = MessageBatch::from(bytes.freeze()).messages("T");
    assert!(messages.next().unwrap().is_ok());
    let error = messages.next().unwrap().unwrap_err();
    assert_eq!(*error.kind(), MessageDecodeErrorKind::TotalSize { size: 0, available: 30 });
    assert_eq!(error.offset(), 24);
    assert!(messages.next().is_none());
}

fn inner_batch(messages: &[Message]) -> MessageExt {
    MessageExt {
        body: MessageBatch::encode(messages).unwrap().into_bytes(),
        sys_flag: MessageSysFlag(MessageSysFlag::INNER_BATCH.0 | MessageSysFlag::NEED_UNWRAP.0),
        ..message()
    }
}

#[test]
fn an_inner_batch_is_replaced_by_its_messages() {
    let batch = inner_batch(&[Message::new("", "one").with_tags("x"), Message::new("", "two")]);
    let list = MessageList::encode([&message(), &batch, &inner_batch(&[]), &message()]).unwrap();
    let read: Vec<_> = list.iter().map(Result::unwrap).collect();
    let bodies: Vec<_> = read.iter().map(|message| &message.body[..]).collect();
    assert_eq!(bodies, [&b"hi"[..], b"one", b"two", b"hi"]);
    let offsets: Vec<_> = read.iter().map(|message| message.queue_offset).collect();
    assert_eq!(offsets, [5, 5, 6, 5]);
    let one = MessageExt {
        body: "one".into(),
        flag: 0,
        properties: [("TAGS", "x"), ("WAIT", "true")].into_iter().collect(),
        store_size: 0,
        body_crc: 0,
        reconsume_times: 0,
        prepared_transaction_offset: 0,
        ..batch
    };
    assert_eq!(read[1], one);
}

#[test]
fn an_inner_batch_stays_as_it_is_on_request_or_without_its_flags() {
    let batch = inner_batch(&[Message::new("", "one")]);
    let list = MessageList::encode([&batch]).unwrap();
    let read: Vec<_> = MessageDecoder::new().unwrap_inner_batches(false).messages(&list).collect();
    assert_eq!(read.len(), 1);
    assert_eq!(read[0].as_ref().unwrap().body, batch.body);
    for flag in [MessageSysFlag::INNER_BATCH, MessageSysFlag::NEED_UNWRAP] {
        let list = MessageList::encode([&MessageExt { sys_flag: flag, ..batch.clone() }]).unwrap();
        assert_eq!(list.iter().next().unwrap().unwrap().body, batch.body);
    }
}

#[test]
fn a_malformed_inner_batch_ends_the_list() {
    let mut batch = inner_batch(&[Message::new("", "one")]);
    batch.body = [&batch.body[..], &[0; 30]].concat().into();
    let list = MessageList::encode([&message(), &batch, &message()]).unwrap();
    let mut messages = list.iter().skip(1);
    assert_eq!(&messages.next().unwrap().unwrap().body[..], b"one");
    let error = messages.next().unwrap().unwrap_err();
    assert_eq!(error.message_offset(), 108);
    let MessageDecodeErrorKind::InnerBatch(source) = error.kind() else { panic!("{error}") };
    assert_eq!(source.message_offset(), 25);
    assert!(messages.next().is_none());
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
