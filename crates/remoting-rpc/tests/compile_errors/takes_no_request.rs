//~ function is expected to take 2 arguments, but it takes 1 argument

impl NameServer {
    async fn route(&self) -> Result<Bytes, Refusal> {
        Ok(Bytes::new())
    }
}

fn register() {
    set().handle(Executor::inline(), NameServer::route);
}
