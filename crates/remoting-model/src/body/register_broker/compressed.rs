//! The compressed form: one zlib stream of parts, each with its length before it.
//!
//! ```text
//! int32 length, JSON of the data version
//! int32 number of topics, for each: int32 length, text of the topic
//! int32 length, JSON of the filter servers
//! int32 number of static topics, for each: int32 length, JSON of the mapping     since 5.0
//! ```

use std::io::{Read as _, Take, Write as _};

use flate2::Compression;
use flate2::bufread::ZlibDecoder;
use flate2::write::ZlibEncoder;
use remoting_protocol::body::{from_json, to_json};
use remoting_protocol::bytes::Bytes;
use remoting_protocol::{BodyError, MqVersion};

use super::{RegisterBrokerBody, RegisterBrokerLimits};
use crate::body::{TopicConfig, TopicConfigAndMappingSerializeWrapper, TopicQueueMappingInfo};

pub(super) fn read(
    body: &[u8],
    version: MqVersion,
    limits: RegisterBrokerLimits,
) -> Result<RegisterBrokerBody, BodyError> {
    let mut parts = Parts { stream: ZlibDecoder::new(body).take(limits.max_bytes as u64), part: Vec::new() };
    let mut wrapper = TopicConfigAndMappingSerializeWrapper {
        data_version: from_json(parts.part()?)?,
        ..TopicConfigAndMappingSerializeWrapper::default()
    };
    for _ in 0..parts.count("topics", limits.max_topics)? {
        let text =
            std::str::from_utf8(parts.part()?).map_err(|_| invalid("the text of a topic is not UTF-8"))?;
        let topic = TopicConfig::from_text(text).map_err(invalid)?;
        wrapper.topic_config_table.insert(topic.topic_name.clone(), topic);
    }
    let filter_server_list = from_json(parts.part()?)?;
    if version >= MqVersion::V5_0_0 {
        for _ in 0..parts.count("static topics", limits.max_topics)? {
            let info: TopicQueueMappingInfo = from_json(parts.part()?)?;
            wrapper.topic_queue_mapping_info_map.insert(info.topic.clone(), info);
        }
    }
    Ok(RegisterBrokerBody { filter_server_list, topic_config_serialize_wrapper: wrapper })
}

/// The parts of a stream. A part takes memory only for bytes that have arrived, whatever length is announced.
struct Parts<'a> {
    stream: Take<ZlibDecoder<&'a [u8]>>,
    part: Vec<u8>,
}

impl Parts<'_> {
    fn int(&mut self) -> Result<i32, BodyError> {
        let mut bytes = [0; 4];
        let exhausted = self.stream.limit() < 4;
        self.stream.read_exact(&mut bytes).map_err(|error| {
            if exhausted { invalid("it is longer than the limit") } else { broken(&error) }
        })?;
        Ok(i32::from_be_bytes(bytes))
    }

    fn count(&mut self, of: &str, max: usize) -> Result<usize, BodyError> {
        let count = self.int()?;
        let count = usize::try_from(count).map_err(|_| invalid(format!("the number of {of} is {count}")))?;
        if count > max {
            return Err(invalid(format!("it has {count} {of}, and the limit is {max}")));
        }
        Ok(count)
    }

    fn part(&mut self) -> Result<&[u8], BodyError> {
        let length = self.int()?;
        let length =
            u64::try_from(length).map_err(|_| invalid(format!("the length of a part is {length}")))?;
        if length > self.stream.limit() {
            return Err(invalid("it is longer than the limit"));
        }
        self.part.clear();
        let mut rest = self.stream.by_ref().take(length);
        let read = rest.read_to_end(&mut self.part).map_err(|error| broken(&error))?;
        if (read as u64) < length {
            return Err(invalid("the compressed data ends too early"));
        }
        Ok(&self.part)
    }
}

pub(super) fn write(body: &RegisterBrokerBody) -> Result<Bytes, BodyError> {
    let wrapper = &body.topic_config_serialize_wrapper;
    let mut out = ZlibEncoder::new(Vec::new(), Compression::best());
    write_part(&mut out, &to_json(&wrapper.data_version)?)?;
    write_count(&mut out, wrapper.topic_config_table.len())?;
    for topic in wrapper.topic_config_table.values() {
        write_part(&mut out, topic.to_text()?.as_bytes())?;
    }
    write_part(&mut out, &to_json(&body.filter_server_list)?)?;
    write_count(&mut out, wrapper.topic_queue_mapping_info_map.len())?;
    for info in wrapper.topic_queue_mapping_info_map.values() {
        write_part(&mut out, &to_json(info)?)?;
    }
    Ok(out.finish().map_err(BodyError::write::<RegisterBrokerBody>)?.into())
}

fn write_part(out: &mut ZlibEncoder<Vec<u8>>, part: &[u8]) -> Result<(), BodyError> {
    write_count(out, part.len())?;
    out.write_all(part).map_err(BodyError::write::<RegisterBrokerBody>)
}

fn write_count(out: &mut ZlibEncoder<Vec<u8>>, count: usize) -> Result<(), BodyError> {
    let count = i32::try_from(count)
        .map_err(|_| BodyError::write::<RegisterBrokerBody>("a part is longer than 2 GiB"))?;
    out.write_all(&count.to_be_bytes()).map_err(BodyError::write::<RegisterBrokerBody>)
}

fn broken(error: &std::io::Error) -> BodyError {
    match error.kind() {
        std::io::ErrorKind::UnexpectedEof => invalid("the compressed data ends too early"),
        _ => invalid(format!("the compressed data is broken: {error}")),
    }
}

fn invalid(reason: impl std::fmt::Display) -> BodyError {
    BodyError::invalid::<RegisterBrokerBody>(reason)
}
