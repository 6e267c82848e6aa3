//! Bodies of all sizes, checked by digest on both sides.

use std::time::Duration;

use anyhow::ensure;
use remoting::rpc::transport::protocol::SerializeType;

use super::ENCODINGS;
use super::cases::Cases;
use super::peer::{Peer, expect_field, request};
use crate::interop::contract::DIGEST;
use crate::interop::digest::sha256;

const SIZES: [(&str, usize); 6] =
    [("0", 0), ("1", 1), ("1KiB", 1 << 10), ("64KiB", 64 << 10), ("1MiB", 1 << 20), ("4MiB", 4 << 20)];

pub(super) async fn run(cases: &mut Cases<'_>, peer: &Peer) {
    for (encoding, suffix) in ENCODINGS {
        for (name, size) in SIZES {
            cases.run(format!("body-{name}/{suffix}"), digest(peer, encoding, size)).await;
        }
    }
}

async fn digest(peer: &Peer, encoding: SerializeType, size: usize) -> anyhow::Result<()> {
    let body = pattern(size);
    let response = peer
        .invoke_within(request(DIGEST, encoding).with_body(body.clone()), Duration::from_secs(10))
        .await?;
    ensure!(response.code() == 0, "code {}, remark {:?}", response.code(), response.remark());
    expect_field(&response, "length", &size.to_string())?;
    expect_field(&response, "sha256", &sha256(&body))?;
    ensure!(sha256(response.body()) == sha256(&body), "the body that came back is another one");
    Ok(())
}

/// Bytes without a short period, so that a shifted or repeated piece shows.
pub(super) fn pattern(size: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_u32;
    std::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state.to_le_bytes()[0]
    })
    .take(size)
    .collect()
}
