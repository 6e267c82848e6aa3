//! Typed headers and JSON bodies, read and written by both sides.

use anyhow::ensure;
use remoting::protocol::SerializeType;
use serde::Serialize;

use super::ENCODINGS;
use super::cases::Cases;
use super::peer::{Peer, request};
use crate::contract::{BODY, SEEN, TYPED};
use crate::header::{InteropHeader, NumberedBody};

pub(super) async fn run(cases: &mut Cases<'_>, peer: &Peer) {
    for (encoding, suffix) in ENCODINGS {
        cases.run(format!("typed-header/{suffix}"), header(peer, encoding)).await;
        cases.run(format!("typed-header-send-v2/{suffix}"), send_v2(peer, encoding)).await;
    }
    cases.run("typed-body", body(peer)).await;
}

async fn header(peer: &Peer, encoding: SerializeType) -> anyhow::Result<()> {
    let sample = InteropHeader::sample();
    let response = peer.success(request(TYPED, encoding).with_header(&sample)?).await?;
    let answered: InteropHeader = response.header()?;
    ensure!(answered == sample.answer(), "expected {:?}, got {answered:?}", sample.answer());
    Ok(())
}

/// The fields of Java's `SendMessageRequestHeaderV2` that a producer sets.
#[derive(Serialize)]
struct SendMessageV2 {
    a: &'static str,
    b: &'static str,
    c: &'static str,
    d: i32,
    e: i32,
    f: i32,
    g: i64,
    h: i32,
    i: &'static str,
    j: Option<i32>,
    m: bool,
}

async fn send_v2(peer: &Peer, encoding: SerializeType) -> anyhow::Result<()> {
    let properties = "KEYS\u{1}k\u{2}";
    let header = SendMessageV2 {
        a: "PG",
        b: "T",
        c: "TBW102",
        d: 4,
        e: 1,
        f: 0,
        g: 1_700_000_000_000,
        h: 0,
        i: properties,
        j: None,
        m: false,
    };
    let response = peer.success(request(SEEN, encoding).with_header(&header)?).await?;
    let seen = String::from_utf8_lossy(response.body());
    let expected = format!(
        "ext a=PG\next b=T\next c=TBW102\next d=4\next e=1\next f=0\next g=1700000000000\next h=0\n\
         ext i={properties}\next m=false\nbody=0\n"
    );
    ensure!(seen.ends_with(&expected), "the server saw {seen:?}, expected {expected:?}");
    Ok(())
}

async fn body(peer: &Peer) -> anyhow::Result<()> {
    let sample = NumberedBody::sample();
    let response = peer.success(request(BODY, SerializeType::Json).with_json_body(&sample)?).await?;
    let answered: NumberedBody = response.json_body()?;
    ensure!(answered == sample.one_higher(), "expected {:?}, got {answered:?}", sample.one_higher());
    Ok(())
}
