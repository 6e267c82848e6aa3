//! A request pipeline that authenticates and authorizes. The processor reads
//! the verified user from the request's extensions.
//!
//! cargo run --example authenticate

use std::collections::HashMap;
use std::error::Error;

use remoting::prelude::*;

const READ: RequestCode = RequestCode(20_001);
const DELETE: RequestCode = RequestCode(20_002);

/// The caller, as verified by [`Tokens`].
#[derive(Debug, Clone)]
struct User {
    name: &'static str,
    is_admin: bool,
}

fn denied(why: &str) -> ProcessorError {
    Refusal::new(ResponseCode::NO_PERMISSION, why).into()
}

/// Identifies the caller by a token.
struct Tokens(HashMap<&'static str, User>);

impl RequestPipeline for Tokens {
    fn execute(
        &self,
        ctx: &mut RequestContext,
        request: &mut RemotingCommand,
    ) -> Result<(), ProcessorError> {
        let token = request.ext_field("token").ok_or_else(|| denied("who?"))?;
        let user = self.0.get(token).ok_or_else(|| denied("wrong token"))?;
        ctx.extensions_mut().insert(user.clone());
        Ok(())
    }
}

/// Lets only administrators delete. A function is a pipeline, too.
fn authorize(
    ctx: &mut RequestContext,
    request: &mut RemotingCommand,
) -> Result<(), ProcessorError> {
    let user: &User = ctx.extensions().get().ok_or("not authenticated")?;
    match request.request_code() {
        DELETE if !user.is_admin => Err(denied("administrators only")),
        _ => Ok(()),
    }
}

async fn greet(
    ctx: RequestContext,
    request: RemotingCommand,
) -> Result<RemotingCommand, ProcessorError> {
    let user: &User = ctx.extensions().get().ok_or("not authenticated")?;
    let response =
        RemotingCommand::response_to(&request, ResponseCode::SUCCESS);
    Ok(response.with_remark(format!("welcome, {}", user.name)))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let tokens = Tokens(HashMap::from([
        ("sesame", User { name: "ali", is_admin: false }),
        ("cave", User { name: "cassim", is_admin: true }),
    ]));
    let executor = Executor::runtime(64);
    let server = RemotingServer::builder()
        .bind("127.0.0.1:0")
        // As in Java, the argument of `pipe` runs first.
        .request_pipeline(authorize.pipe(tokens))
        .processors(ProcessorSet::new().on_each(
            [READ, DELETE],
            executor,
            greet,
        ))
        .start()
        .await?;

    let client = RemotingClient::builder().build()?;
    let target = client.to(server.local_addr());
    for (token, code) in [
        ("barley", READ),
        ("sesame", READ),
        ("sesame", DELETE),
        ("cave", DELETE),
    ] {
        let request =
            RemotingCommand::request(code).with_ext_field("token", token)?;
        let response = target.invoke(request).await?;
        let remark = response.remark().unwrap_or_default();
        println!("{code} with {token}: {}, {remark}", response.response_code());
    }

    client.shutdown().await;
    server.shutdown().await;
    Ok(())
}
