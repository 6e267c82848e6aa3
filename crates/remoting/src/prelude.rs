//! The names that nearly every user of this crate needs: `use remoting::prelude::*;`

pub use crate::{
    Address, BoxProcessor, Channel, ChannelEvent, ChannelEventKind, ChannelHandler, ChannelPipeline,
    ClientConfig, CloseReason, ErrorChain, EventLoops, Executor, ExtFields, FileRegion, Flow, HandlerContext,
    HookContext, LanguageCode, MqVersion, PipelineError, ProcessorError, ProcessorSet, Refusal,
    RemotingClient, RemotingCommand, RemotingServer, Reply, Request, RequestCode, RequestContext,
    RequestPipeline, RequestProcessor, Responder, ResponseCode, RpcChannel, RpcError, RpcHook, RunToEnd,
    SerializeType, ServerConfig, Target, TypedReply, TypedResponder, operation, processor_fn, processor_with,
};
