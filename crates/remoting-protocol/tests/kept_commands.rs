//! What a command that is kept keeps alive.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

use allocation_counter::measure;
use remoting_protocol::bytes::BytesMut;
use remoting_protocol::{FrameDecoder, FrameEncoder, RemotingCommand, RequestCode, SerializeType};

const FRAMES: usize = 400;

fn request(serialize_type: SerializeType, body: usize) -> RemotingCommand {
    RemotingCommand::request(RequestCode::PULL_MESSAGE)
        .with_serialize_type(serialize_type)
        .with_remark("a remark")
        .with_ext_field("consumerGroup", "CG")
        .and_then(|request| request.with_ext_field("topic", "TopicTest"))
        .unwrap()
        .with_body(vec![7; body])
}

/// The commands of a read buffer with this one in it many times, and the buffer, which is empty then.
fn received(request: &RemotingCommand) -> (Vec<RemotingCommand>, BytesMut) {
    let mut frame = BytesMut::new();
    FrameEncoder::default().encode(request, &mut frame).unwrap();
    let mut buffer = BytesMut::from(&frame.repeat(FRAMES)[..]);
    let commands = std::iter::from_fn(|| FrameDecoder::default().decode(&mut buffer).unwrap()).collect();
    (commands, buffer)
}

/// Whether nothing holds the buffer's memory, so that it can be filled again.
fn is_free(buffer: &mut BytesMut) -> bool {
    buffer.try_reclaim(FRAMES * 50)
}

#[test]
fn a_kept_command_that_is_detached_frees_the_read_buffer_of_the_others() {
    for serialize_type in [SerializeType::RocketMq, SerializeType::Json] {
        let sent = request(serialize_type, 10);
        let (mut commands, mut buffer) = received(&sent);
        let mut kept = commands.swap_remove(200);
        drop(commands);
        assert!(!is_free(&mut buffer));
        kept.detach_if_small();
        assert!(is_free(&mut buffer), "{serialize_type}");
        assert_eq!(kept, sent);

        let (mut commands, mut buffer) = received(&sent);
        let kept = commands.swap_remove(200).detached();
        drop(commands);
        assert!(is_free(&mut buffer), "{serialize_type}");
        assert_eq!(kept, sent);
    }
}

#[test]
fn a_large_command_is_not_copied_unless_it_has_to_be() {
    let (mut commands, _) = received(&request(SerializeType::RocketMq, RemotingCommand::SMALL));
    let before = commands[0].body().as_ptr();
    assert_eq!(measure(|| commands[0].detach_if_small()).count_total, 0);
    assert_eq!(commands[0].body().as_ptr(), before);
    assert_ne!(commands[0].detached().body().as_ptr(), before);
}

#[test]
fn detaching_costs_two_allocations_at_most() {
    let bare = RemotingCommand::request(RequestCode::HEART_BEAT);
    let with_body = bare.clone().with_body(vec![7; 10]);
    let with_fields = bare.clone().with_ext_field("k", "v").unwrap();
    for (command, binary, json) in
        [(bare, 0, 0), (with_body, 1, 1), (with_fields, 1, 0), (request(SerializeType::Json, 10), 2, 2)]
    {
        for (serialize_type, expected) in [(SerializeType::RocketMq, binary), (SerializeType::Json, json)] {
            let (mut commands, _) = received(&command.clone().with_serialize_type(serialize_type));
            let counted = measure(|| commands[1].detach_if_small());
            assert_eq!(counted.count_total, expected, "{command:?} over {serialize_type}");
        }
    }
}
