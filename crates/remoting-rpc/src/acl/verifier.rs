use std::collections::BTreeMap;
use std::fmt;

use remoting_transport::Secret;
use remoting_transport::protocol::{HeaderError, RemotingCommand, RequestCode, ResponseCode};

use super::{ACCESS_KEY, AccessKeyProvider, SIGNATURE, signature};
use crate::error::ProcessorError;
use crate::processor::{RequestContext, RequestPipeline};

/// What Java's `DefaultAuthenticationHandler` says of a request that names no user.
const NO_ACCESS_KEY: &str = "username cannot be null.";
/// What it says of a wrong signature. Of an unknown user it says so; here that looks the same, lest peers find out
/// which users there are.
const WRONG_SIGNATURE: &str = "check signature failed.";

/// Lets in the requests that are signed with the key of the user they name. Java: the `AuthenticationPipeline` and
/// `DefaultAuthenticationHandler` of 5.3, and before it the `PlainAccessValidator`.
///
/// All others are answered `NO_PERMISSION` (16) before they reach a processor:
///
/// | request | remark |
/// |---|---|
/// | without `AccessKey` | `username cannot be null.` |
/// | without `Signature`, with a wrong one, or of an unknown user | `check signature failed.` |
///
/// The last three look the same to the peer, and take the same time but for the lookup of the key: an unknown
/// user's signature is checked as well, against a key that nobody has. Signatures are compared in constant time.
///
/// A processor finds the user in the ext field `AccessKey`. The ext field `Signature` is gone by then, and so are all
/// but the last of a field that was sent more than once, for only the last was signed. What the user may do is for the processor, or a
/// pipeline behind this one, to decide: `authorization.pipe(AclVerifier::new(keys))`.
///
/// Before-hooks of the server run earlier: one that changes requests breaks their signature.
/// Each [`SubServer`](crate::SubServer) needs a verifier of its own.
pub struct AclVerifier {
    keys: Box<dyn AccessKeyProvider>,
    /// Checked against when there is no such user.
    nobody: Secret,
    exempt: Vec<RequestCode>,
}

impl AclVerifier {
    /// Lets in whoever signs with a key of `keys`.
    #[must_use]
    pub fn new(keys: impl AccessKeyProvider) -> Self {
        Self { keys: Box::new(keys), nobody: Secret::from("nobody"), exempt: Vec::new() }
    }

    /// Lets in requests with these codes unchecked, whoever they claim to be from. Default: none.
    /// Java: `authenticationWhitelist`.
    #[must_use]
    pub fn exempt(mut self, codes: impl IntoIterator<Item = RequestCode>) -> Self {
        self.exempt.extend(codes);
        self
    }

    fn is_signed(&self, request: &RemotingCommand, access_key: &str) -> bool {
        let Some(signature) = request.ext_field(SIGNATURE) else { return false };
        // An empty key would let anybody in.
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

/// Drops the fields that one with the same key follows: Java sends some fields twice, and signs the last.
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
    ProcessorError::abort(ResponseCode::NO_PERMISSION, remark)
}

impl fmt::Debug for AclVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AclVerifier").field("exempt", &self.exempt).finish_non_exhaustive()
    }
}
