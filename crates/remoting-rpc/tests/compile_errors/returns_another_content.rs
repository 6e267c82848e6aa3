//~ type mismatch resolving `<GetRoute as Operation>::Response == String`

impl NameServer {
    async fn route(&self, request: Request<GetRoute>) -> Result<String, Refusal> {
        todo!()
    }
}

fn register() {
    set().handle(Executor::inline(), NameServer::route);
}
