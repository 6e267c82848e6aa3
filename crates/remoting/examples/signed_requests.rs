//! Signed requests. The server accepts callers that sign with their key, and
//! tells each processor who the caller is.
//!
//! cargo run --example signed_requests

use std::collections::HashMap;
use std::error::Error;

use remoting::acl::{AclClientHook, AclVerifier, SessionCredentials};
use remoting::prelude::*;
use remoting::transport::Secret;

const WHO_AM_I: RequestCode = RequestCode(20_001);

async fn call(how: &str, target: &Target) -> Result<(), RpcError> {
    let request = RemotingCommand::request(WHO_AM_I).with_body("who am I?");
    let response = target.invoke(request).await?;
    let remark = response.remark().unwrap_or_default();
    println!("{how}: {}, {remark}", response.response_code());
    Ok(())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    // Real keys come from a file or a service: a closure
    // `Fn(&str) -> Option<Secret>` is a provider, too.
    let keys =
        HashMap::from([("alice".to_owned(), Secret::from("open sesame"))]);
    let who_am_i = processor_fn(|_ctx, request| async move {
        let user = request.ext_field("AccessKey").unwrap_or("nobody");
        let response =
            RemotingCommand::response_to(&request, ResponseCode::SUCCESS);
        Ok(response.with_remark(format!("you are {user}")))
    });
    let server = RemotingServer::builder()
        .bind("127.0.0.1:0")
        .request_pipeline(AclVerifier::new(keys))
        .processor(WHO_AM_I, Executor::inline(), who_am_i)
        .start()
        .await?;

    let hook =
        AclClientHook::new(SessionCredentials::new("alice", "open barley")?);
    let client = RemotingClient::builder().hook(hook.clone()).build()?;
    let target = client.to(server.local_addr());
    call("wrong key", &target).await?;

    hook.replace_credentials(SessionCredentials::new("alice", "open sesame")?);
    call("right key", &target).await?;

    client.clear_hooks();
    call("no signature", &target).await?;

    client.shutdown().await;
    server.shutdown().await;
    Ok(())
}
