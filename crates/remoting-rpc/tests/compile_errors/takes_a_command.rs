//~ expected function signature `fn(&NameServer, Request<_>) -> _`
//~ found function signature `fn(&NameServer, RemotingCommand) -> _`

impl NameServer {
    async fn route(&self, request: RemotingCommand) -> Result<Bytes, Refusal> {
        Ok(Bytes::new())
    }
}

fn register() {
    set().handle(Executor::inline(), NameServer::route);
}
