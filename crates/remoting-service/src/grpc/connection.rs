//! An HTTP/2 connection.

use std::error::Error;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::Duration;

use hyper::body::Incoming;
use hyper::server::conn::http2;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use remoting_rpc::transport::protocol::ErrorChain;
use remoting_rpc::transport::{Connection, catch_panic, poll_catching_panic};
use tonic::body::Body;
use tower_service::Service;

use super::panic::panicked;
use super::request_body::RequestBody;
use super::response_body::ResponseBody;
use super::stream_tasks::StreamTasks;
use crate::call::{ConnectionInfo, RequestHead};

const MAX_STREAMS: u32 = 256;
const MAX_HEADERS: u32 = 16 << 10;
const PING_AFTER: Duration = Duration::from_secs(60);
const PING_TIMEOUT: Duration = Duration::from_secs(20);

/// Serves a connection in its own task until the client closes it, or gracefully once the listener has closed.
pub(super) async fn serve<S>(services: S, connection: Connection)
where
    S: Service<http::Request<Body>, Response = http::Response<Body>> + Clone + Send + 'static,
    S::Error: Into<Box<dyn Error + Send + Sync>>,
    S::Future: Send + 'static,
{
    let closing = connection.closing_signal();
    let info = ConnectionInfo::of(&connection);
    let peer = connection.peer.clone();
    let streams = StreamTasks::default();
    let service = TowerToHyperService::new(WithConnection { services, info });
    let served = http2::Builder::new(streams.executor())
        .timer(TokioTimer::new())
        .auto_date_header(false)
        .max_concurrent_streams(MAX_STREAMS)
        .max_header_list_size(MAX_HEADERS)
        .keep_alive_interval(PING_AFTER)
        .keep_alive_timeout(PING_TIMEOUT)
        .serve_connection(TokioIo::new(connection.stream), service);
    let mut served = pin!(served);
    let result = tokio::select! {
        biased;
        result = &mut served => result,
        () = closing.received() => {
            served.as_mut().graceful_shutdown();
            served.await
        }
    };
    if let Err(error) = result {
        tracing::debug!(%peer, "gRPC connection ended: {}", ErrorChain(&error));
    }
}

/// Answers the requests of a connection, and adds the connection to their extensions.
#[derive(Clone)]
struct WithConnection<S> {
    services: S,
    info: ConnectionInfo,
}

impl<S> Service<http::Request<Incoming>> for WithConnection<S>
where
    S: Service<http::Request<Body>, Response = http::Response<Body>>,
    S::Future: Send + 'static,
{
    type Response = http::Response<Body>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.services.poll_ready(cx)
    }

    fn call(&mut self, request: http::Request<Incoming>) -> Self::Future {
        let mut request = request.map(|body| Body::new(RequestBody::new(body)));
        request.extensions_mut().insert(self.info.clone());
        RequestHead::of(&mut request);
        let extensions = request.extensions().clone();
        let answer = catch_panic(|| self.services.call(request));
        Box::pin(async move {
            let answered = match answer {
                Ok(answer) => {
                    let mut answer = pin!(answer);
                    poll_fn(|cx| poll_catching_panic(answer.as_mut(), cx)).await
                }
                Err(panic) => Err(panic),
            };
            match answered {
                Ok(response) => Ok(response?.map(|body| Body::new(ResponseBody::new(body)))),
                Err(panic) => Ok(tonic::Status::from(panicked(Some(&extensions), &panic)).into_http()),
            }
        })
    }
}
