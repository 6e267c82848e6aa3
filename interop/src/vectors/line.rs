//! One line of a vector file.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context, bail};
use serde::Deserialize;
use serde_json::Value;

/// A line. Its keys determine the kind.
pub(super) enum Vector {
    Frame(Box<Frame>),
    Stream(Stream),
}

/// A frame written by a real encoder, and the result of Java's decoder.
#[derive(Deserialize)]
pub(super) struct Frame {
    pub(super) name: String,
    #[serde(default)]
    pub(super) source: String,
    pub(super) direction: Option<String>,
    pub(super) serialize: String,
    pub(super) code: i32,
    pub(super) language: Option<String>,
    pub(super) version: i32,
    pub(super) opaque: i32,
    pub(super) flag: i32,
    pub(super) remark: Option<String>,
    pub(super) ext_fields: Option<BTreeMap<String, Option<String>>>,
    pub(super) body_hex: Option<String>,
    /// Whether encoding these fields must produce these bytes.
    #[serde(default)]
    pub(super) byte_exact: bool,
    /// The fields before encoding, if they differ.
    pub(super) encoded_from: Option<Value>,
    pub(super) frame_hex: String,
}

/// Bytes to send to a server, and the expected behaviour of a robust server.
#[derive(Deserialize)]
pub(super) struct Stream {
    pub(super) name: String,
    #[serde(default)]
    pub(super) control: bool,
    pub(super) segments: Vec<Segment>,
    #[serde(default)]
    pub(super) then: Then,
    #[serde(default)]
    pub(super) robust: String,
}

#[derive(Deserialize)]
pub(super) struct Segment {
    pub(super) hex: String,
    #[serde(default = "once")]
    pub(super) repeat: usize,
    #[serde(default)]
    pub(super) delay_ms_before: u64,
}

fn once() -> usize {
    1
}

/// The action of the sender after the last byte.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Then {
    HalfClose,
    Close,
    Rst,
    #[default]
    #[serde(other)]
    KeepOpen,
}

impl Vector {
    pub(super) fn parse(line: &str) -> anyhow::Result<Self> {
        let value: Value = serde_json::from_str(line).context("not JSON")?;
        if value.get("frame_hex").is_some() {
            Ok(Self::Frame(serde_json::from_value(value).context("not a frame vector")?))
        } else if value.get("segments").is_some() {
            Ok(Self::Stream(serde_json::from_value(value).context("not a stream vector")?))
        } else {
            bail!("neither `frame_hex` nor `segments`")
        }
    }
}

impl Stream {
    /// The bytes of one segment and the pause before them.
    pub(super) fn sends(&self) -> anyhow::Result<Vec<(Duration, Vec<u8>)>> {
        let send = |segment: &Segment| {
            Ok((
                Duration::from_millis(segment.delay_ms_before),
                bytes_of(&segment.hex)?.repeat(segment.repeat),
            ))
        };
        self.segments.iter().map(send).collect()
    }
}

pub(super) fn bytes_of(hex: &str) -> anyhow::Result<Vec<u8>> {
    if !hex.is_ascii() || hex.len() % 2 == 1 {
        bail!("not hexadecimal: {hex:.40}");
    }
    (0..hex.len())
        .step_by(2)
        .map(|at| {
            u8::from_str_radix(&hex[at..at + 2], 16).with_context(|| format!("not hexadecimal: {hex:.40}"))
        })
        .collect()
}
