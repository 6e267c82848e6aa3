//! The memory that a kept command keeps alive.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

use allocation_counter::measure;
use remoting_protocol::bytes::{Buf as _, Bytes, BytesMut};
use remoting_protocol::{FrameDecoder, FrameEncoder, RemotingCommand, RequestCode, SerializeType};

const FRAMES: usize = 400;
const BOTH: [SerializeType; 2] = [SerializeType::RocketMq, SerializeType::Json];

fn request(serialize_type: SerializeType, body: usize) -> RemotingCommand {
    RemotingCommand::request(RequestCode::PULL_MESSAGE)
        .with_serialize_type(serialize_type)
        .with_remark("a remark")
        .with_ext_field("consumerGroup", "CG")
        .and_then(|request| request.with_ext_field("topic", "TopicTest"))
        .unwrap()
        .with_body(vec![7; body])
}

/// Decodes a read buffer that contains this command many times. Returns the commands and the empty buffer.
fn received(request: &RemotingCommand) -> (Vec<RemotingCommand>, BytesMut) {
    let mut frame = BytesMut::new();
    FrameEncoder::default().encode(request, &mut frame).unwrap();
    let mut buffer = BytesMut::from(&frame.repeat(FRAMES)[..]);
    let commands = std::iter::from_fn(|| FrameDecoder::default().decode(&mut buffer).unwrap()).collect();
    (commands, buffer)
}

/// Returns whether the memory of the buffer is not shared, so that it can be reused.
fn is_free(buffer: &mut BytesMut) -> bool {
    buffer.try_reclaim(FRAMES * 50)
}

#[test]
fn a_command_takes_88_bytes() {
    assert!(size_of::<RemotingCommand>() <= 88, "{} bytes", size_of::<RemotingCommand>());
    assert_eq!(size_of::<Option<RemotingCommand>>(), size_of::<RemotingCommand>());
}

#[test]
fn a_kept_small_command_does_not_hold_the_read_buffer() {
    for serialize_type in BOTH {
        for body in [0, 10, 400] {
            let sent = request(serialize_type, body);
            let (commands, mut buffer) = received(&sent);
            assert!(is_free(&mut buffer), "{serialize_type}, body of {body} bytes");
            assert_eq!(commands[200], sent);
        }
    }
}

#[test]
fn small_commands_of_one_read_share_copies_of_bounded_size() {
    for serialize_type in BOTH {
        let sent = request(serialize_type, 100);
        let mut frame = BytesMut::new();
        FrameEncoder::default().encode(&sent, &mut frame).unwrap();
        let mut buffer = BytesMut::from(&frame.repeat(FRAMES)[..]);
        let decoder = FrameDecoder::default();
        let (mut commands, mut copies) = (Vec::new(), 0);
        loop {
            let mut frames = decoder.copy_small_frames(&buffer);
            buffer.advance(frames.len());
            assert!(frames.len() <= FrameDecoder::BATCH);
            if frames.is_empty() {
                break;
            }
            copies += 1;
            while let Some(command) = decoder.decode_shared(&mut frames).unwrap() {
                commands.push(command);
            }
        }
        commands.extend(std::iter::from_fn(|| decoder.decode(&mut buffer).unwrap()));
        assert_eq!(commands.len(), FRAMES);
        assert!(copies * 10 < FRAMES, "{serialize_type}: {copies} copies");
        assert!(is_free(&mut buffer), "{serialize_type}");
        assert!(commands.iter().all(|command| *command == sent));
    }
}

#[test]
fn a_single_a_large_and_a_partial_frame_are_not_copied_together() {
    let decoder = FrameDecoder::default();
    let frame = |body| {
        let mut frame = BytesMut::new();
        FrameEncoder::default().encode(&request(SerializeType::RocketMq, body), &mut frame).unwrap();
        frame.to_vec()
    };
    let (small, large) = (frame(10), frame(FrameDecoder::COPIED));
    let (partial, negative) = (&small[..small.len() - 1], &[0xff; 8][..]);
    for behind in [&[][..], partial, &large, negative] {
        let received = [&small, behind].concat();
        assert!(decoder.copy_small_frames(&received).is_empty());
        let received = [&small, &small, behind].concat();
        assert_eq!(decoder.copy_small_frames(&received), small.repeat(2));
    }
}

#[test]
fn a_kept_small_body_does_not_hold_the_read_buffer() {
    for serialize_type in BOTH {
        let sent = request(serialize_type, 100);
        let (commands, mut buffer) = received(&sent);
        let bodies: Vec<Bytes> = commands.into_iter().map(RemotingCommand::into_body).collect();
        assert!(is_free(&mut buffer), "{serialize_type}");
        assert_eq!(bodies[399], sent.body());
    }
}

#[test]
fn a_large_command_holds_the_read_buffer_until_it_is_detached() {
    for serialize_type in BOTH {
        let sent = request(serialize_type, 5_000);
        let (mut commands, mut buffer) = received(&sent);
        let mut kept = commands.swap_remove(200);
        drop(commands);
        let body = kept.body().as_ptr();
        assert_eq!(kept.body_bytes().as_ptr(), body);
        assert!(!is_free(&mut buffer), "{serialize_type}");
        assert_eq!(measure(|| kept.detach()).count_total, 1, "{serialize_type}");
        assert!(is_free(&mut buffer), "{serialize_type}");
        assert_ne!(kept.body().as_ptr(), body);
        assert_eq!(kept, sent);
    }
}

#[test]
fn a_kept_command_holds_no_memory_for_the_header_around_its_ext_fields() {
    let long = "x".repeat(100_000);
    for header in [
        format!("{{\"extFields\":{{\"k\":\"v\"}}}}{}", " ".repeat(100_000)),
        format!("{{\"extFields\":{{\"k\":\"v\"}},\"serializeTypeCurrentRPC\":\"{long}\"}}"),
        format!("{{\"extFields\":{{\"k\":\"v\"}},\"remark\":\"{long}\",\"remark\":\"short\"}}"),
        format!("{{\"extFields\":{{\"k\":\"{}\"}}}}", "\\u0001".repeat(20_000)),
        format!("{{\"extFields\":{{\"k\":\"v\",\"l\":\"{long}\",\"l\":null}}}}"),
    ] {
        let mut frame = BytesMut::new();
        frame.extend_from_slice(&(header.len() as u32 + 4).to_be_bytes());
        frame.extend_from_slice(&(header.len() as u32).to_be_bytes());
        frame.extend_from_slice(header.as_bytes());
        let mut src = BytesMut::from(&frame.repeat(2)[..]);
        // A buffer allocates once, for its first slice.
        let _first = FrameDecoder::default().decode(&mut src).unwrap();
        let mut kept = None;
        let counted = measure(|| kept = FrameDecoder::default().decode(&mut src).unwrap());
        let content = kept.unwrap().content_len() as i64;
        let held = counted.bytes_current;
        assert!(held <= 2 * content + 1_024, "{held} bytes for {content}: {}", &header[..60]);
    }
}

#[test]
fn a_body_is_passed_on_without_a_copy() {
    for serialize_type in BOTH {
        for body in [100, 5_000] {
            let (mut commands, _buffer) = received(&request(serialize_type, body));
            let command = commands.swap_remove(0);
            let place = command.body().as_ptr();
            let changed =
                command.with_remark("another, which is longer").with_ext_field("more", "x").unwrap();
            assert_eq!(changed.body().as_ptr(), place, "{serialize_type}, {body}");
            let response = RemotingCommand::request(RequestCode(1)).with_body(changed.into_body());
            assert_eq!(response.body().as_ptr(), place, "{serialize_type}, {body}");
        }
    }
}
