//~ expected function signature `fn(&NameServer, Request<_>) -> _`
//~ found function signature `fn(&mut NameServer, Request<GetRoute>) -> _`

impl NameServer {
    async fn route(&mut self, request: Request<GetRoute>) -> Result<Bytes, Refusal> {
        Ok(Bytes::new())
    }
}

fn register() {
    set().handle(Executor::inline(), NameServer::route);
}
