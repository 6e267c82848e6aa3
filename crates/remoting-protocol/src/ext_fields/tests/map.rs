//! A map of ext fields for tests, held by a command.

use std::fmt;

use bytes::BytesMut;
use serde::{Deserialize, Serialize};

use crate::ext_fields::{ExtFields, Iter, push_entry};
use crate::{FrameDecoder, HeaderError, RemotingCommand, RequestCode};

#[derive(Clone, PartialEq)]
pub(in crate::ext_fields) struct Map(pub(in crate::ext_fields) RemotingCommand);

impl Map {
    pub(in crate::ext_fields) fn new() -> Self {
        let mut command = RemotingCommand::request(RequestCode(10));
        command.set_ext_fields(Some(ExtFields::default()));
        Self(command)
    }

    /// Creates the map that a ROCKETMQ header with these entries has.
    pub(in crate::ext_fields) fn from_wire(pairs: &[(&str, &str)]) -> Self {
        let entries = encode(pairs);
        let mut frame = BytesMut::new();
        frame.extend_from_slice(&(25 + entries.len() as u32).to_be_bytes());
        frame.extend_from_slice(&(1 << 24 | (21 + entries.len() as u32)).to_be_bytes());
        frame.extend_from_slice(&[0, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        frame.extend_from_slice(&(entries.len() as u32).to_be_bytes());
        frame.extend_from_slice(&entries);
        Self(FrameDecoder::default().decode(&mut frame).unwrap().unwrap())
    }

    pub(in crate::ext_fields) fn fields(&self) -> ExtFields<'_> {
        self.0.ext_fields().unwrap_or_default()
    }

    pub(in crate::ext_fields) fn insert(&mut self, key: &str, value: &str) -> Result<(), HeaderError> {
        self.0.set_ext_field(key, value)
    }

    pub(in crate::ext_fields) fn remove(&mut self, key: &str) -> bool {
        self.0.remove_ext_field(key)
    }

    pub(in crate::ext_fields) fn extend_from_header<H: Serialize + ?Sized>(
        &mut self,
        header: &H,
    ) -> Result<(), HeaderError> {
        self.0.set_header(header)
    }

    pub(in crate::ext_fields) fn to_header<'de, H: Deserialize<'de>>(&'de self) -> Result<H, HeaderError> {
        self.0.header()
    }

    pub(in crate::ext_fields) fn get(&self, key: &str) -> Option<&str> {
        self.fields().get(key)
    }

    pub(in crate::ext_fields) fn iter(&self) -> Iter<'_> {
        self.fields().iter()
    }

    pub(in crate::ext_fields) fn len(&self) -> usize {
        self.fields().len()
    }

    pub(in crate::ext_fields) fn is_empty(&self) -> bool {
        self.fields().is_empty()
    }

    pub(in crate::ext_fields) fn encoded(&self) -> &[u8] {
        self.fields().encoded()
    }
}

impl fmt::Debug for Map {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.fields().fmt(f)
    }
}

/// Encodes entries, with any keys.
pub(in crate::ext_fields) fn encode(pairs: &[(&str, &str)]) -> Vec<u8> {
    let mut encoded = Vec::new();
    for (key, value) in pairs {
        push_entry(&mut encoded, key.as_bytes(), value.as_bytes());
    }
    encoded
}
