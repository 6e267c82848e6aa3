//! Recorded frames are decoded as Java decodes them, and encoded again.

use bytes::{Bytes, BytesMut};
use remoting::protocol::{
    FrameDecoder, FrameEncoder, FrameLimits, LanguageCode, MqVersion, RemotingCommand, RequestCode,
    SerializeType,
};
use serde_json::Value;

use super::line::{Frame, bytes_of};

/// Returns the faults of our decoding or encoding of the frame; empty if there are none.
pub(super) fn check(vector: &Frame) -> anyhow::Result<Vec<String>> {
    let frame = bytes_of(&vector.frame_hex)?;
    let command = match decode_whole(&frame) {
        Ok(command) => command,
        Err(reason) => return Ok(vec![reason]),
    };
    let mut misses = differences(vector, &command)?;
    match decode_in_steps(&frame) {
        Ok(again) if again == command => {}
        Ok(_) => misses.push("fed byte by byte it decodes to another command".into()),
        Err(reason) => misses.push(format!("fed byte by byte: {reason}")),
    }
    misses.extend(reencoding(vector, &command, &frame));
    if vector.byte_exact && vector.encoded_from.is_none() {
        misses.extend(encoding_from_fields(vector, &frame)?);
    }
    Ok(misses)
}

fn decoder() -> FrameDecoder {
    FrameDecoder::new(FrameLimits::default())
}

fn decode_whole(frame: &[u8]) -> Result<RemotingCommand, String> {
    let mut src = BytesMut::from(frame);
    match decoder().decode(&mut src) {
        Err(error) => Err(format!("does not decode: {error}")),
        Ok(None) => Err("does not decode: more bytes wanted than the frame has".into()),
        Ok(Some(_)) if !src.is_empty() => Err(format!("{} bytes are left over", src.len())),
        Ok(Some(command)) => Ok(command),
    }
}

fn decode_in_steps(frame: &[u8]) -> Result<RemotingCommand, String> {
    let (decoder, mut src, last) = (decoder(), BytesMut::new(), frame.len().saturating_sub(1));
    for (at, byte) in frame.iter().enumerate() {
        src.extend_from_slice(&[*byte]);
        match decoder.decode(&mut src) {
            Err(error) => return Err(error.to_string()),
            Ok(Some(command)) if at == last => return Ok(command),
            Ok(Some(_)) => return Err(format!("complete after {} bytes", at + 1)),
            Ok(None) => {}
        }
    }
    Err("never complete".into())
}

fn differences(vector: &Frame, command: &RemotingCommand) -> anyhow::Result<Vec<String>> {
    let mut found = Vec::new();
    let mut compare = |field: &str, expected: String, got: String| {
        if expected != got {
            found.push(format!("{field} is {got:.200}, should be {expected:.200}"));
        }
    };
    compare("serialize type", vector.serialize.clone(), command.serialize_type().name().into());
    compare("code", vector.code.to_string(), command.code().to_string());
    compare("version", vector.version.to_string(), command.version().0.to_string());
    compare("opaque", vector.opaque.to_string(), command.opaque().to_string());
    compare("flag", vector.flag.to_string(), command.flags().0.to_string());
    compare("remark", format!("{:?}", vector.remark.as_deref()), format!("{:?}", command.remark()));
    // Java has null for a language it does not know, we keep its number, or OTHER for an unknown name.
    let language = command.language();
    let known = language.name().filter(|_| vector.language.is_some() || language != LanguageCode::OTHER);
    compare("language", format!("{:?}", vector.language.as_deref()), format!("{known:?}"));
    let body = vector.body_hex.as_deref().map(bytes_of).transpose()?.unwrap_or_default();
    compare("body", format!("{:?}", Bytes::from(body)), format!("{:?}", command.body_bytes()));
    compare("ext fields", expected_fields(vector), decoded_fields(command));
    if let Some(direction) = &vector.direction {
        let kind = if command.is_response() { "response" } else { "request" };
        let suffix = if command.is_oneway() { "-oneway" } else { "" };
        compare("direction", direction.clone(), format!("{kind}{suffix}"));
    }
    Ok(found)
}

/// Entries with a null value are ignored in both encodings. A null key of Java is shown as `null`, and
/// is the empty key in the frame.
fn expected_fields(vector: &Frame) -> String {
    let Some(fields) = &vector.ext_fields else { return "none".into() };
    let mut entries: Vec<_> = fields
        .iter()
        .filter_map(|(key, value)| Some((key.as_str(), value.as_deref()?)))
        .map(|(key, value)| (if vector.serialize == "ROCKETMQ" && key == "null" { "" } else { key }, value))
        .collect();
    entries.sort_unstable();
    format!("{entries:?}")
}

fn decoded_fields(command: &RemotingCommand) -> String {
    let Some(fields) = command.ext_fields() else { return "none".into() };
    // Of a repeated field the last value counts, as in Java's map.
    let entries: std::collections::BTreeMap<_, _> = fields.iter().collect();
    format!("{:?}", entries.into_iter().collect::<Vec<_>>())
}

fn encode(command: &RemotingCommand) -> Result<Vec<u8>, String> {
    let mut dst = BytesMut::new();
    FrameEncoder::new(FrameLimits::default())
        .encode(command, &mut dst)
        .map_err(|error| format!("does not encode again: {error}"))?;
    Ok(dst.to_vec())
}

/// ROCKETMQ: equal bytes. JSON: an equal value, and equal bytes where a Java encoder has no choice.
fn reencoding(vector: &Frame, command: &RemotingCommand, frame: &[u8]) -> Option<String> {
    let again = match encode(command) {
        Ok(again) => again,
        Err(reason) => return Some(reason),
    };
    if again == frame {
        return None;
    }
    if command.serialize_type() == SerializeType::RocketMq {
        return Some(format!("encodes again to other bytes: {}", first_difference(&again, frame)));
    }
    match decode_whole(&again) {
        Ok(decoded) if decoded == *command => {}
        Ok(_) => return Some("encodes again to another command".into()),
        Err(reason) => return Some(format!("what is encoded again {reason}")),
    }
    if !vector.source.contains("Java") {
        return None;
    }
    let (theirs, ours) = (json_header(frame), json_header(&again));
    if let (Some(theirs), Some(ours)) = (&theirs, &ours)
        && !says_the_same(theirs, ours)
    {
        return Some(format!("encodes again to another header: {ours}, not {theirs}"));
    }
    if theirs != ours {
        return None;
    }
    let fields = command.ext_fields().map_or(0, |fields| fields.len());
    if fields <= 1 && !has_characters_that_fastjsons_escape_differently(command) {
        return Some(format!("encodes again to other bytes: {}", first_difference(&again, frame)));
    }
    None
}

fn json_header(frame: &[u8]) -> Option<Value> {
    let length = u32::from_be_bytes([0, *frame.get(5)?, *frame.get(6)?, *frame.get(7)?]) as usize;
    serde_json::from_slice(frame.get(8..8 + length)?).ok()
}

/// A header without a language means JAVA.
fn says_the_same(theirs: &Value, ours: &Value) -> bool {
    let mut theirs = theirs.clone();
    if let Some(fields) = theirs.as_object_mut() {
        fields.entry("language").or_insert_with(|| "JAVA".into());
    }
    theirs == *ours
}

/// fastjson 1 escapes U+007F to U+009F, U+2028 and U+2029, and writes hexadecimal digits in upper case;
/// fastjson 2 does neither.
fn has_characters_that_fastjsons_escape_differently(command: &RemotingCommand) -> bool {
    let differs = |c: char| {
        let is_escaped_by_one = matches!(c, '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}');
        is_escaped_by_one || matches!(c, '\u{b}' | '\u{e}' | '\u{f}' | '\u{1a}'..='\u{1f}')
    };
    let fields = command.ext_fields().into_iter().flat_map(|fields| fields.iter());
    command.remark().is_some_and(|remark| remark.contains(differs))
        || fields.into_iter().any(|(key, value)| key.contains(differs) || value.contains(differs))
}

/// A fresh command with the stated fields has these bytes.
fn encoding_from_fields(vector: &Frame, frame: &[u8]) -> anyhow::Result<Option<String>> {
    let Some(language) = vector.language.as_deref().and_then(|name| name.parse().ok()) else {
        return Ok(None);
    };
    let serialize_type =
        if vector.serialize == "JSON" { SerializeType::Json } else { SerializeType::RocketMq };
    let mut command = RemotingCommand::request(RequestCode(vector.code))
        .with_language(language)
        .with_version(MqVersion(vector.version))
        .with_opaque(vector.opaque)
        .with_flags(remoting::protocol::CommandFlags(vector.flag))
        .with_serialize_type(serialize_type)
        .with_body(vector.body_hex.as_deref().map(bytes_of).transpose()?.unwrap_or_default());
    if let Some(remark) = &vector.remark {
        command = command.with_remark(remark.as_str());
    }
    for (key, value) in vector.ext_fields.iter().flatten() {
        let key = if key == "null" { "" } else { key };
        command = command.with_ext_field(key, value.as_deref().unwrap_or_default())?;
    }
    Ok(match encode(&command) {
        Ok(bytes) if bytes == frame => None,
        Ok(bytes) => Some(format!("its fields encode to other bytes: {}", first_difference(&bytes, frame))),
        Err(reason) => Some(format!("from its fields, it {reason}")),
    })
}

fn first_difference(ours: &[u8], theirs: &[u8]) -> String {
    let at = ours.iter().zip(theirs).take_while(|(a, b)| a == b).count();
    let show = |bytes: &[u8]| {
        let from = at.saturating_sub(8).min(bytes.len());
        bytes[from..bytes.len().min(at + 24)].escape_ascii().to_string()
    };
    format!(
        "at byte {at} `{}`, not `{}` ({} and {} bytes)",
        show(ours),
        show(theirs),
        ours.len(),
        theirs.len()
    )
}
