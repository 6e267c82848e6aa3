//! The body of a broker's registration.

#[cfg_attr(not(feature = "zlib"), path = "without_zlib.rs")]
mod compressed;
#[cfg(test)]
mod tests;

use remoting_protocol::body::{from_json, to_json};
use remoting_protocol::bytes::Bytes;
use remoting_protocol::operation::CommandBody;
use remoting_protocol::{Body, BodyError, MqVersion, RemotingCommand};
use serde::{Deserialize, Serialize};

use super::{TopicConfigAndMappingSerializeWrapper, TopicConfigSerializeWrapper};

/// The ext fields of the header `RegisterBrokerRequestHeader` that describe the body.
const COMPRESSED: &str = "compressed";
const BODY_CRC32: &str = "bodyCrc32";

/// The first byte of a zlib stream with a window of 32 KiB. No JSON starts with it.
const ZLIB: u8 = 0x78;

/// The content of a broker's registration. Java's `RegisterBrokerBody`.
///
/// As a [`CommandBody`] it is read in each form that brokers send:
///
/// * JSON, or a compressed form that starts with the byte `0x78` (feature `zlib`). The header's `compressed` is not
///   looked at: brokers 5.3.3 and 5.5.0 send the compressed form under `compressed=false`.
/// * From brokers before 3.0.11, the JSON of the topics alone.
/// * No body, which is a broker without topics.
///
/// If the header has a `bodyCrc32`, the body must match it. Memory is bounded by [`RegisterBrokerLimits`].
///
/// It is written compressed if the header's `compressed` is true, and `bodyCrc32` is added to the header, as by Java's
/// brokers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RegisterBrokerBody {
    /// The addresses of the broker's filter servers.
    pub filter_server_list: Vec<String>,
    /// The topics of the broker.
    pub topic_config_serialize_wrapper: TopicConfigAndMappingSerializeWrapper,
}

/// The limits of a compressed registration. A few kilobytes could otherwise unfold to gigabytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RegisterBrokerLimits {
    max_bytes: usize,
    max_topics: usize,
}

/// 32 MiB and 200 000 topics.
impl Default for RegisterBrokerLimits {
    fn default() -> Self {
        Self { max_bytes: 32 << 20, max_topics: 200_000 }
    }
}

impl RegisterBrokerLimits {
    /// Sets the greatest length of the uncompressed body, in bytes. By default 32 MiB.
    #[must_use]
    pub const fn max_bytes(mut self, max_bytes: usize) -> Self {
        self.max_bytes = max_bytes;
        self
    }

    /// Sets the greatest number of topics, and of static topics. By default 200 000.
    #[must_use]
    pub const fn max_topics(mut self, max_topics: usize) -> Self {
        self.max_topics = max_topics;
        self
    }
}

impl RegisterBrokerBody {
    /// Reads the body of a registration. Java: `RegisterBrokerBody.decode`.
    ///
    /// `version` is that of the request: only brokers since 5.0 write static topics in the compressed form. The checksum
    /// is not looked at; [`CommandBody::decode`] does, with the default limits. For other limits, take the body of the
    /// request as [`Bytes`] and call this method.
    ///
    /// # Errors
    ///
    /// Returns a [`BodyError`] if the body is malformed or exceeds a limit, and if it is compressed but the feature
    /// `zlib` is off.
    pub fn read(body: &[u8], version: MqVersion, limits: RegisterBrokerLimits) -> Result<Self, BodyError> {
        match body.first() {
            None => Ok(Self::default()),
            Some(&ZLIB) => compressed::read(body, version, limits),
            Some(_) if version < MqVersion::V3_0_11 => {
                let TopicConfigSerializeWrapper { data_version, topic_config_table } = from_json(body)?;
                let topic_config_serialize_wrapper = TopicConfigAndMappingSerializeWrapper {
                    data_version,
                    topic_config_table,
                    ..Default::default()
                };
                Ok(Self { topic_config_serialize_wrapper, ..Self::default() })
            }
            Some(_) => from_json(body),
        }
    }

    /// Writes the compressed form. Java: `RegisterBrokerBody.encode(true)`.
    ///
    /// Java marks this form as deprecated, because it burdens name servers. It has neither `order` nor `topicSysFlag` of
    /// a topic, nor the history of static topics.
    ///
    /// # Errors
    ///
    /// Returns a [`BodyError`] if the name of a topic is empty or contains a blank, and if the feature `zlib` is off.
    pub fn to_compressed(&self) -> Result<Bytes, BodyError> {
        compressed::write(self)
    }
}

impl CommandBody for RegisterBrokerBody {
    fn encode(self, command: &mut RemotingCommand) -> Result<Body, BodyError> {
        let body = if command.ext_field(COMPRESSED).is_some_and(|value| value.eq_ignore_ascii_case("true")) {
            self.to_compressed()?
        } else {
            to_json(&self)?
        };
        command.set_ext_field(BODY_CRC32, &checksum(&body).to_string()).map_err(BodyError::write::<Self>)?;
        Ok(body.into())
    }

    fn decode(command: &RemotingCommand) -> Result<Self, BodyError> {
        if let Some(external) = command.external_body() {
            return Err(BodyError::external::<Self>(external.len()));
        }
        let body = command.body();
        let sent = command.ext_field(BODY_CRC32).and_then(|value| value.parse().ok()).unwrap_or(0);
        if sent != 0 {
            let received = checksum(body);
            if sent != received {
                return Err(BodyError::checksum(sent, received));
            }
        }
        Self::read(body, command.version(), RegisterBrokerLimits::default())
    }
}

/// Java: `UtilAll.crc32`.
fn checksum(body: &[u8]) -> i32 {
    // Always fits: the highest bit is cleared.
    (crc32fast::hash(body) & 0x7FFF_FFFF) as i32
}
