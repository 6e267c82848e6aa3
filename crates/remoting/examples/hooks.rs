//! Hooks on both sides. The client adds a token to its requests, the server
//! accepts only requests with the right token.
//!
//! cargo run --example hooks

use std::error::Error;

use remoting::prelude::*;

const PING: RequestCode = RequestCode(20_001);

struct AddToken(&'static str);

impl RpcHook for AddToken {
    fn before_request(
        &self,
        _ctx: &mut HookContext<'_>,
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
        let remark = format!("wrong token from {}", ctx.peer_addr());
        Err(Refusal::new(ResponseCode::NO_PERMISSION, remark).into())
    }

    fn after_response(
        &self,
        _ctx: &mut HookContext<'_>,
        _request: &RemotingCommand,
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
    let accept = processor_fn(|_ctx, request| async move {
        Ok(RemotingCommand::response_to(&request, ResponseCode::SUCCESS))
    });
    let server = RemotingServer::builder()
        .bind("127.0.0.1:0")
        .hook(CheckToken("sesame"))
        .processor(PING, Executor::inline(), accept)
        .start()
        .await?;

    for token in ["sesame", "barley"] {
        let client = RemotingClient::builder().hook(AddToken(token)).build()?;
        let call = client
            .to(server.local_addr())
            .invoke(RemotingCommand::request(PING));
        let response = call.await?;
        println!("token {token}: {}", response.response_code());
        if let Some(remark) = response.remark() {
            println!("  remark: {remark}");
        }
        if let Some(checked_by) = response.ext_field("checkedBy") {
            println!("  checked by: {checked_by}");
        }
        client.shutdown().await;
    }
    server.shutdown().await;
    Ok(())
}
