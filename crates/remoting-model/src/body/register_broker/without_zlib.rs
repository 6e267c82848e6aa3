//! The compressed form, without the feature `zlib`: an error that names the feature.

use remoting_protocol::bytes::Bytes;
use remoting_protocol::{BodyError, MqVersion};

use super::{RegisterBrokerBody, RegisterBrokerLimits};

const REASON: &str = "the compressed form needs the feature zlib of remoting-model";

pub(super) fn read(
    _body: &[u8],
    _version: MqVersion,
    _limits: RegisterBrokerLimits,
) -> Result<RegisterBrokerBody, BodyError> {
    Err(BodyError::invalid::<RegisterBrokerBody>(REASON))
}

pub(super) fn write(_body: &RegisterBrokerBody) -> Result<Bytes, BodyError> {
    Err(BodyError::write::<RegisterBrokerBody>(REASON))
}
