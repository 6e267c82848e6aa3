//! A limit for the requests that are processed at once, for each peer.

use std::collections::HashMap;
use std::fmt;
use std::future::Future;
use std::hash::Hash;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use parking_lot::Mutex;
use pin_project_lite::pin_project;
use remoting_transport::Address;
use remoting_transport::protocol::ResponseCode;
use tower::{Layer, Service};

use crate::error::Refusal;
use crate::processor::{ProcessorRequest, RequestContext};

/// Limits how many requests of each peer are processed at once.
///
/// A request above the limit is refused with `SYSTEM_BUSY` at once. It does not wait, because it would hold a permit
/// of its executor, which other peers need.
///
/// A peer is an IP address: all its connections count together. [`by`](Self::by) distinguishes peers by something
/// else, such as a user that the request pipeline has authenticated. Peers without an IP address are distinguished by
/// their whole address. Behind a proxy that does not send PROXY headers, all clients are one peer.
///
/// All services that the layer makes, and all clones of the layer, share one count: around all processors of a server
/// the limit is that of the server. Memory is used only for peers with requests in progress, so it is bounded by the
/// executors, and a peer that leaves is forgotten.
///
/// A request is in progress until its future has ended or was dropped. One whose response is
/// [deferred](crate::Reply::later) is no longer counted.
///
/// ```
/// use remoting_rpc::RemotingServer;
/// use remoting_rpc::tower::PeerConcurrencyLimitLayer;
///
/// /// A value that the request pipeline attaches to requests.
/// struct Tenant(String);
///
/// let per_address = RemotingServer::builder().layer(PeerConcurrencyLimitLayer::new(100));
/// let per_tenant = RemotingServer::builder().layer(PeerConcurrencyLimitLayer::by(100, |ctx| {
///     ctx.extensions().get::<Tenant>().map(|Tenant(name)| name.clone())
/// }));
/// # drop((per_address, per_tenant));
/// ```
pub struct PeerConcurrencyLimitLayer<K = Address>(Arc<Peers<K>>);

struct Peers<K> {
    limit: usize,
    key: Box<dyn Fn(&RequestContext) -> K + Send + Sync>,
    /// The requests in progress, of peers that have any.
    in_progress: Mutex<HashMap<K, usize>>,
}

impl PeerConcurrencyLimitLayer {
    /// Creates a layer that allows `limit` requests of each IP address.
    #[must_use]
    pub fn new(limit: usize) -> Self {
        Self::by(limit, |ctx| without_port(ctx.peer_addr()))
    }
}

/// Returns the address without what distinguishes the connections of one peer.
fn without_port(addr: &Address) -> Address {
    match addr {
        Address::Socket(addr) => SocketAddr::new(addr.ip().to_canonical(), 0).into(),
        other => other.clone(),
    }
}

impl<K: Hash + Eq> PeerConcurrencyLimitLayer<K> {
    /// Creates a layer that allows `limit` requests of each key. Requests with equal keys are of one peer.
    #[must_use]
    pub fn by(limit: usize, key: impl Fn(&RequestContext) -> K + Send + Sync + 'static) -> Self {
        Self(Arc::new(Peers { limit, key: Box::new(key), in_progress: Mutex::default() }))
    }

    /// Returns the number of peers with requests in progress.
    #[must_use]
    pub fn peers(&self) -> usize {
        self.0.in_progress.lock().len()
    }
}

/// A request in progress.
struct InProgress<K: Hash + Eq> {
    peers: Arc<Peers<K>>,
    key: K,
}

impl<K: Hash + Eq + Clone> InProgress<K> {
    /// Counts the request, or returns `None` if its peer is at the limit.
    fn begin(peers: &Arc<Peers<K>>, ctx: &RequestContext) -> Option<Self> {
        let key = (peers.key)(ctx);
        let mut in_progress = peers.in_progress.lock();
        match in_progress.get_mut(&key) {
            Some(count) if *count >= peers.limit => return None,
            Some(count) => *count += 1,
            None if peers.limit == 0 => return None,
            None => {
                in_progress.insert(key.clone(), 1);
            }
        }
        drop(in_progress);
        Some(Self { peers: Arc::clone(peers), key })
    }
}

impl<K: Hash + Eq> Drop for InProgress<K> {
    fn drop(&mut self) {
        let mut in_progress = self.peers.in_progress.lock();
        match in_progress.get_mut(&self.key) {
            Some(count) if *count > 1 => *count -= 1,
            _ => drop(in_progress.remove(&self.key)),
        }
    }
}

impl<S, K> Layer<S> for PeerConcurrencyLimitLayer<K> {
    type Service = PeerConcurrencyLimit<S, K>;

    fn layer(&self, inner: S) -> Self::Service {
        PeerConcurrencyLimit { inner, peers: Arc::clone(&self.0) }
    }
}

impl<K> Clone for PeerConcurrencyLimitLayer<K> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<K> fmt::Debug for PeerConcurrencyLimitLayer<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PeerConcurrencyLimitLayer").field("limit", &self.0.limit).finish_non_exhaustive()
    }
}

/// A service with a limit for each peer. Created by [`PeerConcurrencyLimitLayer`].
///
/// Its readiness is that of the service inside. A request above the limit fails with a [`Refusal`], converted into
/// the error of the service.
pub struct PeerConcurrencyLimit<S, K = Address> {
    inner: S,
    peers: Arc<Peers<K>>,
}

impl<S, K> Service<ProcessorRequest> for PeerConcurrencyLimit<S, K>
where
    S: Service<ProcessorRequest, Error: From<Refusal>>,
    K: Hash + Eq + Clone,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = PeerConcurrencyFuture<S::Future, K>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: ProcessorRequest) -> Self::Future {
        let state = match InProgress::begin(&self.peers, &request.ctx) {
            Some(in_progress) => {
                State::InProgress { call: self.inner.call(request), in_progress: Some(in_progress) }
            }
            None => State::Refused { limit: self.peers.limit },
        };
        PeerConcurrencyFuture { state }
    }
}

impl<S: Clone, K> Clone for PeerConcurrencyLimit<S, K> {
    fn clone(&self) -> Self {
        Self { inner: self.inner.clone(), peers: Arc::clone(&self.peers) }
    }
}

impl<S: fmt::Debug, K> fmt::Debug for PeerConcurrencyLimit<S, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PeerConcurrencyLimit")
            .field("inner", &self.inner)
            .field("limit", &self.peers.limit)
            .finish_non_exhaustive()
    }
}

pin_project! {
    /// The future of a [`PeerConcurrencyLimit`].
    #[must_use = "futures do nothing unless they are awaited"]
    pub struct PeerConcurrencyFuture<F, K>
    where
        K: Hash,
        K: Eq,
    {
        #[pin]
        state: State<F, K>,
    }
}

pin_project! {
    #[project = StateProj]
    enum State<F, K>
    where
        K: Hash,
        K: Eq,
    {
        InProgress {
            #[pin]
            call: F,
            in_progress: Option<InProgress<K>>,
        },
        Refused { limit: usize },
    }
}

impl<F, T, E, K> Future for PeerConcurrencyFuture<F, K>
where
    F: Future<Output = Result<T, E>>,
    E: From<Refusal>,
    K: Hash + Eq,
{
    type Output = Result<T, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match self.project().state.project() {
            StateProj::InProgress { call, in_progress } => {
                let result = ready!(call.poll(cx));
                drop(in_progress.take());
                Poll::Ready(result)
            }
            StateProj::Refused { limit } => {
                let remark = format!("[OVERLOAD]system busy: {limit} requests of this peer are in progress");
                Poll::Ready(Err(Refusal::new(ResponseCode::SYSTEM_BUSY, remark).into()))
            }
        }
    }
}

impl<F, K: Hash + Eq> fmt::Debug for PeerConcurrencyFuture<F, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.state {
            State::InProgress { .. } => "PeerConcurrencyFuture(in progress)",
            State::Refused { .. } => "PeerConcurrencyFuture(refused)",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_from_one_ip_address_are_one_peer() {
        let peer = |text: &str| without_port(&text.parse().unwrap());
        assert_eq!(peer("10.0.0.1:1000"), peer("10.0.0.1:2000"));
        assert_eq!(peer("10.0.0.1:1000"), peer("[::ffff:10.0.0.1]:1000"));
        assert_ne!(peer("10.0.0.1:1000"), peer("10.0.0.2:1000"));
        assert_ne!(peer("memory:a"), peer("memory:b"));
    }
}
