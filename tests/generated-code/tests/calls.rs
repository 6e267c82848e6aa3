//! Calls of generated clients to generated servers, over both protocols.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use generated_code::empty::google::protobuf::Empty;
use generated_code::empty::noter::{Noter, NoterClient, NoterServer, Text};
use generated_code::nothing::{Nothing, NothingServer};
use generated_code::parameter::{T, Tee, TeeClient, TeeServer, TeeStreaming};
use generated_code::wrappers::{Wrappers, WrappersClient, WrappersServer, WrappersStreaming};
use remoting_rpc::{Executor, RemotingClient, RemotingServer};
use remoting_service::grpc::Grpc;
use remoting_service::{Call, Caller, Status};
use tonic::codegen::tokio_stream::Empty as NoItems;
use tonic::service::Routes;
use tonic::transport::Endpoint;
use tonic::{Request, Response, Streaming};

#[derive(Default)]
struct Services {
    notes: AtomicUsize,
}

impl Wrappers for Services {
    async fn not(&self, _call: &Call, value: bool) -> Result<bool, Status> {
        Ok(!value)
    }

    async fn negate32(&self, _call: &Call, value: i32) -> Result<i32, Status> {
        Ok(-value)
    }

    async fn negate64(&self, _call: &Call, value: i64) -> Result<i64, Status> {
        Ok(-value)
    }

    async fn count32(&self, _call: &Call, text: String) -> Result<u32, Status> {
        Ok(text.chars().map(|_| 1).sum())
    }

    async fn count64(&self, _call: &Call, bytes: Vec<u8>) -> Result<u64, Status> {
        Ok(bytes.iter().map(|_| 1).sum())
    }

    async fn widen(&self, _call: &Call, value: f32) -> Result<f64, Status> {
        Ok(value.into())
    }

    async fn write(&self, _call: &Call, value: u64) -> Result<String, Status> {
        Ok(value.to_string())
    }

    async fn encode(&self, _call: &Call, value: u32) -> Result<Vec<u8>, Status> {
        Ok(value.to_be_bytes().into())
    }
}

impl WrappersStreaming for Services {
    type CountDownStream = NoItems<Result<f32, tonic::Status>>;

    async fn count_down(
        &self,
        _from: Request<f64>,
    ) -> Result<Response<Self::CountDownStream>, tonic::Status> {
        Ok(Response::new(tonic::codegen::tokio_stream::empty()))
    }
}

impl Tee for Services {
    async fn get(&self, _call: &Call, request: T) -> Result<T, Status> {
        Ok(request)
    }
}

impl TeeStreaming for Services {
    type FollowStream = NoItems<Result<T, tonic::Status>>;

    async fn follow(
        &self,
        _texts: Request<Streaming<T>>,
    ) -> Result<Response<Self::FollowStream>, tonic::Status> {
        Ok(Response::new(tonic::codegen::tokio_stream::empty()))
    }
}

impl Nothing for Services {}

impl Noter for Services {
    async fn note(&self, _call: &Call, _note: Text) {
        self.notes.fetch_add(1, Ordering::SeqCst);
    }

    async fn forget(&self, _call: &Call, _request: Empty) -> Result<Empty, Status> {
        self.notes.store(0, Ordering::SeqCst);
        Ok(Empty {})
    }
}

struct Both {
    server: RemotingServer,
    client: RemotingClient,
    services: Arc<Services>,
}

impl Both {
    async fn start() -> Self {
        let services = Arc::new(Services::default());
        let wrappers = WrappersServer::from_arc(Arc::clone(&services));
        let tee = TeeServer::from_arc(Arc::clone(&services));
        let nothing = NothingServer::from_arc(Arc::clone(&services));
        let noter = NoterServer::from_arc(Arc::clone(&services));
        let routes = Routes::new(wrappers.grpc()).add_service(tee.grpc());
        let routes = routes.add_service(nothing.grpc()).add_service(noter.grpc());
        let server = RemotingServer::builder()
            .bind("127.0.0.1:0")
            .processors(wrappers.processors(Executor::inline()))
            .processors(tee.processors(Executor::inline()))
            .processors(nothing.processors(Executor::inline()))
            .processors(noter.processors(Executor::inline()))
            .prologue_step(Grpc::new(routes))
            .start()
            .await
            .unwrap();
        Self { server, client: RemotingClient::builder().build().unwrap(), services }
    }

    fn callers(&self) -> [Caller; 2] {
        let address = self.server.local_addr();
        let endpoint = Endpoint::from_shared(format!("http://{address}")).unwrap();
        [self.client.to(address).into(), endpoint.connect_lazy().into()]
    }

    async fn end(self) {
        self.client.shutdown().await;
        self.server.shutdown().await;
    }
}

#[tokio::test]
async fn methods_of_wrapper_types_take_and_return_types_of_rust() {
    let both = Both::start().await;
    for wrappers in both.callers().map(WrappersClient::new) {
        assert!(wrappers.not(&false).await.unwrap());
        assert_eq!(wrappers.negate32(&i32::MAX).await.unwrap(), -i32::MAX);
        assert_eq!(wrappers.negate64(&i64::MAX).await.unwrap(), -i64::MAX);
        assert_eq!(wrappers.count32(&"text".to_owned()).await.unwrap(), 4);
        assert_eq!(wrappers.count64(&vec![0, 1, 2]).await.unwrap(), 3);
        assert_eq!(wrappers.widen(&0.5).await.unwrap(), 0.5);
        assert_eq!(wrappers.write(&u64::MAX).await.unwrap(), u64::MAX.to_string());
        assert_eq!(wrappers.encode(&258).await.unwrap(), [0, 0, 1, 2]);
    }
    both.end().await;
}

#[tokio::test]
async fn a_message_can_have_the_name_of_a_type_parameter() {
    let both = Both::start().await;
    for tee in both.callers().map(TeeClient::new) {
        let text = T { text: "text".to_owned() };
        assert_eq!(tee.get(&text).await.unwrap(), text);
    }
    both.end().await;
}

#[tokio::test]
async fn a_oneway_method_can_return_a_compiled_empty_message() {
    let both = Both::start().await;
    let [_, over_grpc] = both.callers().map(NoterClient::new);
    over_grpc.note(&Text { text: "note".to_owned() }).await.unwrap();
    assert_eq!(both.services.notes.load(Ordering::SeqCst), 1);
    for noter in both.callers().map(NoterClient::new) {
        assert_eq!(noter.forget(&Empty {}).await.unwrap(), Empty {});
    }
    both.end().await;
}
