//~ a handler of `GetRoute` cannot return
//~ a handler returns `Result<R, E>`

impl NameServer {
    async fn route(&self, request: Request<GetRoute>) -> Bytes {
        Bytes::new()
    }
}

fn register() {
    set().handle(Executor::inline(), NameServer::route);
}
