//! Hooks on both sides: the client marks its requests with a token, the server lets in only those.
//!
//! `cargo run --example hooks`

use std::{error::Error, time::Duration};

use remoting::prelude::*;

struct AddToken(&'static str);

impl RpcHook for AddToken {
    fn before_request(
        &self,
        _: &mut HookContext<'_>,
        request: &mut RemotingCommand,
    ) -> Result<(), ProcessorError> {
        request.set_ext_field("token", self.0)?;
        Ok(())
    }
}

struct CheckToken(&'static str);

impl RpcHook for CheckToken {
    fn before_request(
        &self,
        ctx: &mut HookContext<'_>,
        request: &mut RemotingCommand,
    ) -> Result<(), ProcessorError> {
        if request.ext_field("token") == Some(self.0) {
            return Ok(());
        }
        Err(ProcessorError::abort(
            ResponseCode::NO_PERMISSION,
            format!("{} has not the right token", ctx.peer_addr()),
        ))
    }

    fn after_response(
        &self,
        _: &mut HookContext<'_>,
        _: &RemotingCommand,
        response: Option<&mut RemotingCommand>,
    ) -> Result<(), ProcessorError> {
        if let Some(response) = response {
            response.set_ext_field("checkedBy", "hook")?;
        }
        Ok(())
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let server = RemotingServer::builder()
        .bind("127.0.0.1:0")
        .hook(CheckToken("sesame"))
        .default_processor(Executor::inline(), |_, request: RemotingCommand| async move {
            Ok(RemotingCommand::response_to(&request, ResponseCode::SUCCESS))
        })
        .start()
        .await?;

    for token in ["sesame", "barley"] {
        let client = RemotingClient::builder().hook(AddToken(token)).build()?;
        let request = RemotingCommand::request(RequestCode(1));
        let response = client.invoke(server.local_addr(), request, Duration::from_secs(3)).await?;
        println!(
            "{token}: {} {} (checked by {})",
            response.response_code(),
            response.remark().unwrap_or_default(),
            response.ext_field("checkedBy").unwrap_or("nobody")
        );
        client.shutdown().await;
    }
    server.shutdown().await;
    Ok(())
}
