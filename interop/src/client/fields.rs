//! Header fields. Each case compares the sent fields with those that the server saw and with those that it returned.

use std::collections::BTreeMap;

use anyhow::{Context, anyhow, ensure};
use remoting::RpcError;
use remoting::protocol::{ExtFields, RemotingCommand, RequestCode, SerializeType};

use super::ENCODINGS;
use super::cases::{Cases, NotApplicable};
use super::peer::{Peer, expect_field, request};
use crate::contract::{ECHO, SEEN};
use crate::seen;

const TEXT: &str = "主题 é 🚀 \u{2028} \"\\/ \u{7f}\u{85} tab\t nul\0 line\nend";

type Fields = Vec<(String, String)>;

pub(super) async fn run(cases: &mut Cases<'_>, peer: &Peer) {
    let fields = |pairs: &[(&str, &str)]| -> Option<Fields> {
        Some(pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect())
    };
    let many = (0..200).map(|i| (format!("key-{i}"), format!("{}{i}", "value ".repeat(i % 7)))).collect();
    let long = "0123456主".repeat(20_480);
    for (encoding, suffix) in ENCODINGS {
        for (name, fields, remark) in [
            ("ext-none", None, None),
            ("ext-empty-map", fields(&[]), None),
            // Null exists only in Java's maps: here a field is present or absent.
            ("ext-null-and-empty", fields(&[("full", "x"), ("empty", "")]), None),
            ("ext-unicode", fields(&[("key", TEXT), ("键ü", "v"), ("looks=odd: {}", "[1,2]")]), None),
            ("ext-many", Some(Fields::clone(&many)), None),
            ("remark-unicode", None, Some(TEXT)),
            ("remark-empty", None, Some("")),
            ("remark-200KiB", None, Some(long.as_str())),
        ] {
            cases.run(format!("{name}/{suffix}"), round_trip(peer, encoding, fields, remark)).await;
        }
    }
    for (_, suffix) in ENCODINGS {
        let reason = "our client numbers its requests itself";
        cases.run(format!("opaque-extremes/{suffix}"), async { Err(NotApplicable(reason).into()) }).await;
    }
    cases.run("code-above-16-bits/json", code_above_16_bits(peer)).await;
    cases.run("code-above-16-bits/rocketmq", code_above_16_bits_in_binary(peer)).await;
}

async fn round_trip(
    peer: &Peer,
    encoding: SerializeType,
    fields: Option<Fields>,
    remark: Option<&str>,
) -> anyhow::Result<()> {
    let make = |code: RequestCode| -> anyhow::Result<RemotingCommand> {
        let mut command = request(code, encoding);
        if let Some(remark) = remark {
            command = command.with_remark(remark);
        }
        if let Some(fields) = &fields {
            command.set_ext_fields(Some(ExtFields::default()));
            fields.iter().try_for_each(|(key, value)| command.set_ext_field(key, value))?;
        }
        Ok(command)
    };
    let sent = make(SEEN)?;
    let answer = peer.success(sent.clone()).await.context("SEEN")?;
    let seen = String::from_utf8_lossy(answer.body());
    let expected = seen::describe(&sent);
    ensure!(seen == expected, "the server saw {seen:?}, expected {expected:?}");

    let echo = peer.success(make(ECHO)?).await.context("ECHO")?;
    // A server may respond in either encoding.
    let binary = encoding == SerializeType::RocketMq || echo.serialize_type() == SerializeType::RocketMq;
    let absent = |text: &str| binary && text.is_empty();
    let came_back = echo.remark().filter(|text| !absent(text));
    let expected = remark.filter(|text| !absent(text));
    ensure!(came_back == expected, "the remark came back as {came_back:?}, expected {expected:?}");
    let expected: BTreeMap<&str, &str> = fields
        .iter()
        .flatten()
        .map(|(key, value)| (key.as_str(), value.as_str()))
        .filter(|(_, value)| !absent(value))
        .collect();
    let came_back: BTreeMap<&str, &str> =
        echo.ext_fields().into_iter().flat_map(|fields| fields.iter()).collect();
    ensure!(came_back == expected, "the ext fields came back as {came_back:?}, expected {expected:?}");
    Ok(())
}

/// Java silently cuts the code to 16 bits; our client refuses to send such a request.
async fn code_above_16_bits_in_binary(peer: &Peer) -> anyhow::Result<()> {
    match peer.invoke(request(RequestCode::POP_MESSAGE, SerializeType::RocketMq)).await {
        Err(RpcError::Encode { .. }) => Ok(()),
        other => Err(anyhow!("expected the encoder's refusal, got {other:?}")),
    }
}

async fn code_above_16_bits(peer: &Peer) -> anyhow::Result<()> {
    let pop = request(RequestCode::POP_MESSAGE, SerializeType::Json).with_ext_field("k", "v")?;
    expect_field(&peer.success(pop).await?, "k", "v")
}
