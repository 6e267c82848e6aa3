//~ expected function signature `fn(&NameServer, Request<_>) -> _`
//~ found function signature `fn(&Other, Request<GetRoute>) -> _`

impl Other {
    async fn route(&self, request: Request<GetRoute>) -> Result<Bytes, Refusal> {
        Ok(Bytes::new())
    }
}

fn register() {
    set().handle(Executor::inline(), Other::route);
}
