//~ `Other` is not an operation
//~ define operations with `operation!`

impl NameServer {
    async fn route(&self, request: Request<Other>) -> Result<Bytes, Refusal> {
        Ok(Bytes::new())
    }
}
