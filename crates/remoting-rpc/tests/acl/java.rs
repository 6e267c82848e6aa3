//! Requests that Java signed: `tests/vectors/acl.jsonl`.

use std::collections::BTreeMap;

use remoting_rpc::acl::SessionCredentials;
use remoting_rpc::transport::protocol::{FrameDecoder, FrameEncoder, FrameLimits, RemotingCommand};

pub(crate) struct Vector {
    pub(crate) id: String,
    pub(crate) access_key: String,
    pub(crate) secret_key: String,
    security_token: Option<String>,
    pub(crate) ext_fields: BTreeMap<String, String>,
    pub(crate) body: Vec<u8>,
    pub(crate) signature: String,
    frame: Vec<u8>,
}

impl Vector {
    pub(crate) fn credentials(&self) -> SessionCredentials {
        let credentials = SessionCredentials::new(&*self.access_key, &*self.secret_key).unwrap();
        match &self.security_token {
            Some(token) => credentials.with_security_token(&**token),
            None => credentials,
        }
    }

    /// The request as it came from Java.
    pub(crate) fn request(&self) -> RemotingCommand {
        decode(&self.frame)
    }
}

pub(crate) fn vectors() -> Vec<Vector> {
    let lines = include_str!("../vectors/acl.jsonl").lines().filter(|line| !line.starts_with('#'));
    let vectors: Vec<_> = lines.map(parse).collect();
    assert_eq!(vectors.len(), 21);
    vectors
}

fn parse(line: &str) -> Vector {
    let line: serde_json::Value = serde_json::from_str(line).unwrap();
    let text = |key: &str| line[key].as_str().unwrap().to_owned();
    let fields = line["ext_fields"].as_object().unwrap().iter();
    Vector {
        id: text("id"),
        access_key: text("access_key"),
        secret_key: text("secret_key"),
        security_token: line["security_token"].as_str().map(str::to_owned),
        ext_fields: fields.map(|(key, value)| (key.clone(), value.as_str().unwrap().to_owned())).collect(),
        body: unhex(&text("body")),
        signature: text("signature"),
        frame: unhex(&text("frame")),
    }
}

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

fn decode(frame: &[u8]) -> RemotingCommand {
    let mut frame = frame.into();
    FrameDecoder::new(FrameLimits::default()).decode(&mut frame).unwrap().unwrap()
}

/// The request with one more entry at the end of its ROCKETMQ header, where no API puts one that is there already.
pub(crate) fn with_raw_entry(request: RemotingCommand, key: &str, value: &str) -> RemotingCommand {
    let body = request.body_bytes();
    let mut head = Default::default();
    FrameEncoder::default().encode(&request.with_body(""), &mut head).unwrap();
    let mut entry = (key.len() as u16).to_be_bytes().to_vec();
    entry.extend_from_slice(key.as_bytes());
    entry.extend_from_slice(&(value.len() as u32).to_be_bytes());
    entry.extend_from_slice(value.as_bytes());

    let mut frame = head.to_vec();
    frame.extend_from_slice(&entry);
    // The lengths that contain it: of the frame, of the header, of the ext fields (behind 17 bytes without remark).
    for at in [0, 4, 8 + 17] {
        let length = u32::from_be_bytes(frame[at..at + 4].try_into().unwrap()) + entry.len() as u32;
        frame[at..at + 4].copy_from_slice(&length.to_be_bytes());
    }
    decode(&frame).with_body(body)
}
