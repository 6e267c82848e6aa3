//! Computes and verifies signatures (Java: `AclUtils.combineRequestContent`, `AclSigner.calSignature`).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::digest::InvalidLength;
use hmac::{Hmac, KeyInit as _, Mac as _};
use remoting_transport::Secret;
use remoting_transport::protocol::{MqVersion, RemotingCommand};
use sha1::Sha1;

use super::SIGNATURE;

/// Clients up to this version (4.9.3) add [`UNIQUE_KEY_QUERY`] after signing.
const ADDS_UNIQUE_KEY_QUERY_UNSIGNED: MqVersion = MqVersion(399);
/// Java: `MixAll.UNIQUE_MSG_QUERY_FLAG`.
const UNIQUE_KEY_QUERY: &str = "_UNIQUE_KEY_QUERY";

/// Returns the signature of a request.
pub(super) fn sign(request: &RemotingCommand, secret_key: &Secret) -> Result<String, InvalidLength> {
    Ok(STANDARD.encode(mac(request, secret_key)?.finalize().into_bytes()))
}

/// Returns whether `signature` is valid, in constant time.
pub(super) fn verify(request: &RemotingCommand, secret_key: &Secret, signature: &str) -> bool {
    // Both steps always run, so that every refusal takes the same time.
    let signature = STANDARD.decode(signature).unwrap_or_default();
    mac(request, secret_key).is_ok_and(|mac| mac.verify_slice(&signature).is_ok())
}

fn mac(request: &RemotingCommand, secret_key: &Secret) -> Result<Hmac<Sha1>, InvalidLength> {
    let mut mac = Hmac::new_from_slice(secret_key.expose().as_bytes())?;
    for (_, value) in signed_fields(request) {
        mac.update(value.as_bytes());
    }
    mac.update(request.body());
    Ok(mac)
}

/// Returns the signed fields in the order of Java's `TreeMap`. Of a repeated key the last value counts.
fn signed_fields(request: &RemotingCommand) -> Vec<(&str, &str)> {
    let skips_unique_key = request.version() <= ADDS_UNIQUE_KEY_QUERY_UNSIGNED;
    let mut fields: Vec<_> = request
        .ext_fields()
        .into_iter()
        .flatten()
        .filter(|(key, _)| *key != SIGNATURE && !(skips_unique_key && *key == UNIQUE_KEY_QUERY))
        .collect();
    // The sort is stable and the first of equal keys stays, so the last value must come first.
    fields.reverse();
    fields.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
    fields.dedup_by_key(|(key, _)| *key);
    fields
}
