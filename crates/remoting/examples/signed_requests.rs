//! Signed requests: the server lets in those who can sign, and tells a processor who they are.
//!
//! `cargo run --example signed_requests`

use std::{collections::HashMap, error::Error, time::Duration};

use remoting::acl::{AclClientHook, AclVerifier, SessionCredentials};
use remoting::prelude::*;
use remoting::transport::Secret;

const WHO_AM_I: RequestCode = RequestCode(20_001);

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    // In real life the keys come from a file or a service; a closure `Fn(&str) -> Option<Secret>` will do.
    let keys = HashMap::from([("alice".to_owned(), Secret::from("open sesame"))]);
    let server = RemotingServer::builder()
        .bind("127.0.0.1:0")
        .request_pipeline(AclVerifier::new(keys))
        .processor(WHO_AM_I, Executor::inline(), |_, request: RemotingCommand| async move {
            let user = request.ext_field("AccessKey").unwrap_or("nobody");
            Ok(RemotingCommand::response_to(&request, ResponseCode::SUCCESS).with_remark(user))
        })
        .start()
        .await?;

    let hook = AclClientHook::new(SessionCredentials::new("alice", "open barley")?);
    let client = RemotingClient::builder().hook(hook.clone()).build()?;
    ask("with a wrong key", &client, &server).await?;

    hook.replace_credentials(SessionCredentials::new("alice", "open sesame")?);
    ask("with the right key", &client, &server).await?;

    client.clear_hooks();
    ask("without a signature", &client, &server).await?;

    client.shutdown().await;
    server.shutdown().await;
    Ok(())
}

async fn ask(how: &str, client: &RemotingClient, server: &RemotingServer) -> Result<(), Box<dyn Error>> {
    let request = RemotingCommand::request(WHO_AM_I).with_body("who am I?");
    let response = client.invoke(server.local_addr(), request, Duration::from_secs(3)).await?;
    println!("{how}: {} {}", response.response_code(), response.remark().unwrap_or_default());
    Ok(())
}
