//! Which requests must be signed, and by whom.

use std::collections::HashMap;

use remoting::acl::AclVerifier;
use remoting::protocol::RemotingCommand;
use remoting::transport::Secret;
use remoting::{RequestContext, RequestPipeline};

use crate::contract::{ACCESS_KEY, SECRET_KEY, SIGNED};

/// Checks the requests with the code [`SIGNED`].
pub(super) fn check() -> impl RequestPipeline {
    let verifier = AclVerifier::new(HashMap::from([(ACCESS_KEY.to_owned(), Secret::from(SECRET_KEY))]));
    move |ctx: &mut RequestContext, request: &mut RemotingCommand| {
        if request.request_code() == SIGNED { verifier.execute(ctx, request) } else { Ok(()) }
    }
}
