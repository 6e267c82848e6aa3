//~ type mismatch resolving `<GetRoute as Operation>::Response == ()`

impl NameServer {
    async fn route(&self, request: Request<GetRoute>) {}
}

fn register() {
    set().handle(Executor::inline(), NameServer::route);
}
