//~ does not handle requests with the state `NameServer`

impl Other {
    async fn route(&self, request: Request<GetRoute>) -> Result<Bytes, Refusal> {
        Ok(Bytes::new())
    }
}

fn register() {
    set().handle(Executor::inline(), remoting_rpc::RunToEnd(Other::route));
}
