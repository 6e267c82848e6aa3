use std::collections::BTreeMap;
use std::fmt;

use remoting_transport::Secret;
use remoting_transport::protocol::{HeaderError, RemotingCommand, RequestCode, ResponseCode};

use super::{ACCESS_KEY, AccessKeyProvider, SIGNATURE, signature};
use crate::error::{ProcessorError, Refusal};
use crate::processor::{RequestContext, RequestPipeline};

/// The remark of Java's `DefaultAuthenticationHandler` for a request without a user.
const NO_ACCESS_KEY: &str = "username cannot be null.";
/// The remark for an invalid signature. Java has another remark for unknown users; here both look the same, so that peers
/// cannot find out which users exist.
const WRONG_SIGNATURE: &str = "check signature failed.";

/// Accepts requests that are signed with the key of their user. Java: `AuthenticationPipeline` and
/// `DefaultAuthenticationHandler` since 5.3, before that `PlainAccessValidator`.
///
/// Other requests are answered with `NO_PERMISSION` (16) before they reach a processor:
///
/// | request | remark |
/// |---|---|
/// | without `AccessKey`, or with an empty one | `username cannot be null.` |
/// | without `Signature`, with an invalid one, or of an unknown user | `check signature failed.` |
///
/// A user whose secret key is empty counts as unknown. The signature of an unknown user is verified with a fixed key and
/// refused in any case. So an invalid signature and an unknown user look the same to the peer and, except for the key
/// lookup, take the same time. A request without `Signature` is refused before any lookup. Signatures are compared in
/// constant time.
///
/// A processor reads the user from the ext field `AccessKey`. The verifier removes the ext field `Signature`, and all but the
/// last value of a repeated field, because only the last one is signed. Authorization is up to the processor or to a pipeline
/// after this one: `authorization.pipe(AclVerifier::new(keys))`.
///
/// Before-hooks of the server run earlier. A hook that changes requests breaks their signatures. Each
/// [`SubServer`](crate::SubServer) needs its own verifier.
pub struct AclVerifier {
    keys: Box<dyn AccessKeyProvider>,
    /// The key with which the signatures of unknown users are verified, for the same duration as those of known users.
    nobody: Secret,
    exempt: Vec<RequestCode>,
}

impl AclVerifier {
    /// Creates a verifier with the keys of `keys`.
    #[must_use]
    pub fn new(keys: impl AccessKeyProvider) -> Self {
        Self { keys: Box::new(keys), nobody: Secret::from("nobody"), exempt: Vec::new() }
    }

    /// Sets the codes that are accepted without verification, whatever user they name. Default: none. Java:
    /// `authenticationWhitelist`.
    #[must_use]
    pub fn exempt(mut self, codes: impl IntoIterator<Item = RequestCode>) -> Self {
        self.exempt.extend(codes);
        self
    }

    fn is_signed(&self, request: &RemotingCommand, access_key: &str) -> bool {
        let Some(signature) = request.ext_field(SIGNATURE) else { return false };
        // Anyone could sign with an empty key, so its user counts as unknown.
        let secret_key = self.keys.lookup(access_key).filter(|key| !key.is_empty());
        let matches = signature::verify(request, secret_key.as_ref().unwrap_or(&self.nobody), signature);
        secret_key.is_some() & matches
    }
}

impl RequestPipeline for AclVerifier {
    fn execute(&self, ctx: &mut RequestContext, request: &mut RemotingCommand) -> Result<(), ProcessorError> {
        if self.exempt.contains(&request.request_code()) {
            return Ok(());
        }
        let Some(access_key) = request.ext_field(ACCESS_KEY).filter(|key| !key.is_empty()) else {
            return Err(refusal(NO_ACCESS_KEY));
        };
        if !self.is_signed(request, access_key) {
            tracing::debug!(
                peer = %ctx.peer_addr(), code = %ctx.request_code(),
                access_key = access_key.chars().take(64).collect::<String>(), "wrong signature or unknown user"
            );
            return Err(refusal(WRONG_SIGNATURE));
        }
        request.remove_ext_field(SIGNATURE);
        keep_what_was_signed(request)?;
        Ok(())
    }
}

/// Removes all but the last value of repeated fields: Java sends some fields twice and signs the last value.
fn keep_what_was_signed(request: &mut RemotingCommand) -> Result<(), HeaderError> {
    let Some(fields) = request.ext_fields() else { return Ok(()) };
    let last: BTreeMap<_, _> = fields.iter().collect();
    if last.len() == fields.len() {
        return Ok(());
    }
    let kept: BTreeMap<_, _> =
        last.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
    request.set_ext_fields(None);
    request.set_header(&kept)
}

fn refusal(remark: &str) -> ProcessorError {
    Refusal::new(ResponseCode::NO_PERMISSION, remark).into()
}

impl fmt::Debug for AclVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AclVerifier").field("exempt", &self.exempt).finish_non_exhaustive()
    }
}
