//! Processors that call the client over the channel of its request.

use remoting::protocol::{RemotingCommand, RequestCode};
use remoting::{Executor, ProcessorError, RemotingServerBuilder, RequestContext};

use super::processors::{echo, success};
use crate::contract::{NOTIFIED, PUSH, PUSH_ONEWAY, PUSH_TIMEOUT, PUSH_TO, PUSHED};

pub(super) fn register(builder: RemotingServerBuilder) -> RemotingServerBuilder {
    let pool = Executor::runtime(100);
    builder
        .processor(PUSH, pool.clone(), push)
        .processor(PUSH_ONEWAY, pool.clone(), push_oneway)
        .processor(PUSH_TO, pool, push_to)
}

async fn push(ctx: RequestContext, request: RemotingCommand) -> Result<RemotingCommand, ProcessorError> {
    let mut push = RemotingCommand::request(PUSHED).with_serialize_type(request.serialize_type());
    push.set_ext_fields(request.ext_fields());
    let push = push.with_body(request.into_body());
    echo(ctx.channel().invoke(push, PUSH_TIMEOUT).await?)
}

async fn push_oneway(
    ctx: RequestContext,
    request: RemotingCommand,
) -> Result<RemotingCommand, ProcessorError> {
    let count: usize = request.ext_field("count").unwrap_or_default().parse()?;
    for _ in 0..count.min(100) {
        let push = RemotingCommand::oneway(NOTIFIED).with_serialize_type(request.serialize_type());
        ctx.channel().invoke_oneway(push, PUSH_TIMEOUT).await?;
    }
    Ok(success(&request))
}

async fn push_to(ctx: RequestContext, request: RemotingCommand) -> Result<RemotingCommand, ProcessorError> {
    let target = RequestCode(request.ext_field("target").unwrap_or_default().parse()?);
    let answer = ctx.channel().invoke(RemotingCommand::request(target), PUSH_TIMEOUT).await?;
    let response = success(&request).with_ext_field("code", &answer.code().to_string())?;
    Ok(response.with_ext_field("remark", answer.remark().unwrap_or_default())?)
}
