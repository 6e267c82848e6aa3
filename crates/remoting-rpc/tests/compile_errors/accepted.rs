
impl NameServer {
    async fn content(&self, _request: Request<GetRoute>) -> Result<Bytes, Refusal> {
        Ok(Bytes::new())
    }

    async fn typed(&self, _request: Request<GetRoute>) -> Result<TypedReply<GetRoute>, ProcessorError> {
        Ok(TypedReply::new(Bytes::new()))
    }

    async fn generic<O: Operation>(&self, _request: Request<O>) -> Result<TypedReply<O>, Refusal> {
        Ok(TypedReply::none())
    }
}

fn register() {
    let inline = Executor::inline();
    set()
        .handle(inline.clone(), NameServer::content)
        .handle(inline.clone(), NameServer::typed)
        .handle(inline, NameServer::generic::<GetRoute>);
}
