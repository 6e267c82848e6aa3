//~ type annotations needed
//~ cannot infer type of the type parameter `O`

impl NameServer {
    async fn route<O: Operation>(&self, request: Request<O>) -> Result<TypedReply<O>, Refusal> {
        Err(Refusal::new(ResponseCode::TOPIC_NOT_EXIST, "no route"))
    }
}

fn register() {
    set().handle(Executor::inline(), NameServer::route);
}
