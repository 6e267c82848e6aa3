//! Malformed bytes are an error, and cost bounded memory.

use std::ops::Range;

use allocation_counter::measure;
use remoting_model::message::{
    ExtraInfo, MessageBatch, MessageDecoder, MessageId, MessageList, MsgOffsetInfo, OrderCountInfo,
    StartOffsetInfo, UniqueId,
};
use remoting_protocol::bytes::Bytes;

use crate::random::Random;

/// What the decompressed bodies of a list may have together.
const MAX_DECOMPRESSED: usize = 256 << 10;

/// How much memory reading may take at once: for each byte of the list a few, and for the buffers of decompression.
fn bound(length: usize) -> u64 {
    let decompression = if cfg!(feature = "zstd") { 18 << 20 } else { 3 * MAX_DECOMPRESSED + (128 << 10) };
    (16 * length + decompression) as u64
}

/// Changes bytes in one of the ways that find faults: bits, lengths, cuts, repetitions.
fn mutate(bytes: &mut Vec<u8>, random: &mut Random) {
    for _ in 0..=random.below(3) {
        if bytes.is_empty() {
            return;
        }
        let at = random.below(bytes.len());
        match random.below(6) {
            0 => bytes[at] ^= 1 << random.below(8),
            1 => bytes[at] = random.next() as u8,
            2 => {
                let number = [0, 1, 0x7f, 0xff, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff, bytes.len() as u32];
                let number = number[random.below(number.len())].to_be_bytes();
                let end = (at + 4).min(bytes.len());
                bytes[at..end].copy_from_slice(&number[..end - at]);
            }
            3 => bytes.truncate(at),
            4 => {
                let end = at + random.below(bytes.len() - at).min(40);
                let copy = bytes[at..end].to_vec();
                bytes.splice(at..at, copy);
            }
            _ => {
                let end = at + random.below(bytes.len() - at).min(40);
                bytes.drain(at..end);
            }
        }
    }
}

/// How often each list is mutated.
const MUTATIONS: u64 = 50;

/// Reads mutated lists and batches.
fn read_mutated(seeds: Range<u64>) {
    for seed in seeds.step_by(MUTATIONS as usize) {
        let mut random = Random(seed);
        let messages: Vec<_> = (0..=random.below(2)).map(|_| random.message_ext(true)).collect();
        let list = MessageList::encode(&messages).unwrap().into_bytes();
        for _ in 0..MUTATIONS {
            let mut mutated = list.to_vec();
            mutate(&mut mutated, &mut random);
            read(mutated.into(), random.one_in(2), seed);
        }
    }
}

/// Reads a list or batch within bounds. Each message that can be read can be written again.
fn read(bytes: Bytes, check_crc: bool, seed: u64) {
    let length = bytes.len();
    let list = MessageList::from(bytes);
    let decoder = MessageDecoder::new().check_crc(check_crc).max_decompressed(MAX_DECOMPRESSED);
    let memory = measure(|| {
        for message in decoder.clone().messages(&list) {
            match message {
                Ok(message) => drop(message),
                Err(error) => assert!(error.offset() <= length, "{seed}: {error}"),
            }
        }
    });
    assert!(memory.bytes_max <= bound(length), "{seed}: {} bytes for {length}", memory.bytes_max);
    for message in decoder.decompress(false).messages(&list).map_while(Result::ok) {
        let bytes = message.encode().unwrap_or_else(|error| panic!("{seed}: {error}"));
        let again = MessageDecoder::new().decompress(false).decode(&bytes).unwrap();
        assert_eq!(again.properties, message.properties, "{seed}");
    }
    let batch = MessageBatch::from(list.into_bytes());
    let memory = measure(|| batch.messages("T").for_each(drop));
    assert!(memory.bytes_max <= bound(length), "{seed}: {} bytes for {length}", memory.bytes_max);
}

/// Reads random texts.
fn read_texts(seeds: Range<u64>) {
    const PARTS: [&str; 12] = ["0", "1", "2", " ", ";", ",", "qo", "%", "-", "A", "é", "9223372036854775808"];
    for seed in seeds {
        let mut random = Random(seed);
        let text: String = (0..random.below(40)).map(|_| PARTS[random.below(PARTS.len())]).collect();
        let _ = text.parse::<MessageId>();
        let _ = text.parse::<UniqueId>();
        let _ = text.parse::<ExtraInfo>();
        let _ = text.parse::<StartOffsetInfo>();
        let _ = text.parse::<MsgOffsetInfo>();
        let _ = text.parse::<OrderCountInfo>();
    }
}

/// 100 000 messages, or as many as `MUTATED_MESSAGES` says: a release build reads ten million in minutes.
#[test]
fn mutated_messages_are_read_or_refused_within_bounds() {
    let count = std::env::var("MUTATED_MESSAGES").map_or(100_000, |count| count.parse().unwrap());
    read_mutated(0..count);
}

#[test]
fn any_text_is_an_id_or_info_or_refused() {
    read_texts(0..20_000);
}
