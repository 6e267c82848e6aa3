//~ expected function signature `fn(&NameServer, Request<_>) -> _`
//~ found function signature `fn(Arc<NameServer>, Request<GetRoute>) -> _`

impl NameServer {
    async fn route(self: Arc<Self>, request: Request<GetRoute>) -> Result<Bytes, Refusal> {
        Ok(Bytes::new())
    }
}

fn register() {
    set().handle(Executor::inline(), NameServer::route);
}
