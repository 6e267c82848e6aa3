//~ the trait bound `Other: std::error::Error` is not satisfied

impl NameServer {
    async fn route(&self, request: Request<GetRoute>) -> Result<Bytes, Other> {
        Ok(Bytes::new())
    }
}

fn register() {
    set().handle(Executor::inline(), NameServer::route);
}
