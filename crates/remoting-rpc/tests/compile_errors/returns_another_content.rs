//~ type mismatch resolving `<GetRoute as Operation>::Response == String`

impl NameServer {
    async fn route(&self, request: Request<GetRoute>) -> Result<String, Refusal> {
        Ok("route".to_owned())
    }
}

fn register() {
    set().handle(Executor::inline(), NameServer::route);
}
