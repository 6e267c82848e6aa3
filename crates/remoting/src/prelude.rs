//! The names that nearly every user of this crate needs: `use remoting::prelude::*;`

pub use crate::{
    AbortProcess, Address, BoxProcessor, Channel, ChannelEvent, ChannelEventKind, ChannelHandler,
    ChannelPipeline, ClientConfig, CloseReason, ErrorChain, Executor, ExtFields, FileRegion, Flow,
    HandlerContext, HookContext, LanguageCode, MqVersion, PipelineError, ProcessorError, ProcessorSet,
    RemotingClient, RemotingCommand, RemotingServer, Reply, RequestCode, RequestContext, RequestPipeline,
    RequestProcessor, Responder, ResponseCode, RpcChannel, RpcError, RpcHook, RunToEnd, SerializeType,
    ServerConfig, Target, processor_fn, processor_with,
};
