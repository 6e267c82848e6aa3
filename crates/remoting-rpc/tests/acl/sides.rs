//! A server that verifies signatures and a client that signs.

use std::collections::HashMap;
use std::time::Duration;

use remoting_rpc::acl::{AclClientHook, AclVerifier, SessionCredentials};
use remoting_rpc::transport::protocol::{RemotingCommand, RequestCode, ResponseCode};
use remoting_rpc::transport::{Address, Secret};
use remoting_rpc::{Executor, Extensions, HookContext, RemotingClient, RemotingServer, RpcHook};

pub(crate) const CODE: RequestCode = RequestCode(1001);
pub(crate) const SECOND: Duration = Duration::from_secs(1);
pub(crate) const SECRET: &str = "open sesame";
pub(crate) const TOKEN: &str = "temporary token";

pub(crate) fn alice() -> SessionCredentials {
    SessionCredentials::new("alice", SECRET).unwrap()
}

pub(crate) fn keys() -> HashMap<String, Secret> {
    HashMap::from([("alice".to_owned(), Secret::from(SECRET)), ("nokey".to_owned(), Secret::from(""))])
}

/// A server that lets in the signed requests of `keys`, and answers with the ext fields that its processor saw.
pub(crate) async fn serve(name: &str, verifier: AclVerifier) -> RemotingServer {
    let echo = |_, request: RemotingCommand| async move {
        let mut response = RemotingCommand::response(ResponseCode::SUCCESS);
        for (key, value) in request.ext_fields().into_iter().flatten() {
            response = response.with_ext_field(key, value)?;
        }
        Ok(response)
    };
    let server = RemotingServer::builder().bind(format!("memory:acl-{name}")).request_pipeline(verifier);
    server.default_processor(Executor::inline(), echo).start().await.unwrap()
}

pub(crate) fn client(credentials: SessionCredentials) -> RemotingClient {
    RemotingClient::builder().hook(AclClientHook::new(credentials)).build().unwrap()
}

pub(crate) fn signed(credentials: SessionCredentials, mut request: RemotingCommand) -> RemotingCommand {
    let peer: Address = "memory:peer".parse().unwrap();
    AclClientHook::new(credentials)
        .before_request(&mut HookContext::new(&peer, &mut Extensions::new()), &mut request)
        .unwrap();
    request
}

pub(crate) fn request() -> RemotingCommand {
    RemotingCommand::request(CODE).with_ext_field("topic", "T").unwrap().with_body("hello")
}
