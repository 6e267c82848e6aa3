use proptest::{collection::vec, prelude::*};
use tokio::io::AsyncWriteExt;

use super::*;

/// Returns the result of a handshake with a proxy that sends these bytes and closes.
fn greeted(proxy: &SocksProxy, answer: &[u8]) -> Result<(), String> {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
        let (mut theirs, ours) = tokio::io::duplex(1024);
        theirs.write_all(answer).await.unwrap();
        theirs.shutdown().await.unwrap();
        let target = "broker-a:10911".parse().unwrap();
        greet(proxy, &target, &mut Stream::from(ours)).await.map_err(|error| error.to_string())
    })
}

proptest! {
    #[test]
    fn a_handshake_with_a_hostile_proxy_ends(
        start in 0..4_usize,
        credentials: bool,
        answer in vec(any::<u8>(), 0..600),
    ) {
        let mut proxy = SocksProxy::new(Address::memory("proxy"));
        if credentials {
            proxy = proxy.with_credentials("u".repeat(255), "p".repeat(255)).unwrap();
        }
        let start: &[u8] = [&b""[..], b"\x05\x00", b"\x05\x00\x05\x00\x00", b"\x05\x02\x01\x00\x05"][start];
        // The bytes may happen to be valid; the handshake must only end.
        let _ = greeted(&proxy, &[start, &answer].concat());
    }
}

#[test]
fn a_proxy_may_respond_with_an_address_of_each_kind() {
    let proxy = SocksProxy::new(Address::memory("proxy"));
    for address in [&b"\x01\x7f\0\0\x01\0\x50"[..], &[[4].as_slice(), &[0; 18]].concat(), b"\x03\x01a\0\x50"]
    {
        greeted(&proxy, &[b"\x05\0\x05\0\0", address].concat()).unwrap();
    }
}
