//! One port behind a proxy, with TLS and client certificates: both protocols see the same caller.
#![allow(clippy::unwrap_used, reason = "a test fails by a panic")]

mod greeter;

use std::time::Duration;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use remoting_rpc::transport::tls::{
    ClientAuth, ClientTls, ClientTlsConfig, Pem, ServerTls, ServerTlsConfig, TlsIdentity, TrustRoots,
};
use remoting_rpc::transport::{Address, IpNet, ProxyHeader, ProxyProtocol, SendProxyHeader};
use remoting_rpc::{Executor, HookContext, ProcessorError, RemotingClient, RemotingServer, RpcHook};
use remoting_service::grpc::{ConnectionInfo, Grpc};
use remoting_service::{Call, Protocol, Status};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tonic::codegen::{BoxFuture, Context, Poll, Service};
use tonic::service::Routes;
use tonic::service::interceptor::InterceptedService;
use tonic::transport::{Certificate, Channel, Endpoint, Identity, Uri};

use greeter::{Greeter, GreeterClient, GreeterServer, HelloReply, HelloRequest, hello};

const HOUR: Duration = Duration::from_secs(3_600);
const CALLER: &str = "192.0.2.1:51234";

/// Says who calls.
#[derive(Debug)]
struct WhoAmI;

impl Greeter for WhoAmI {
    async fn say_hello(&self, call: &Call, _request: HelloRequest) -> Result<HelloReply, Status> {
        let peer = call.peer_addr().ok_or_else(|| Status::internal("no address"))?;
        let session = call.tls_session().ok_or_else(|| Status::unauthenticated("not over TLS"))?;
        let certificate =
            session.peer_certificate().ok_or_else(|| Status::unauthenticated("no certificate"))?;
        let subject = certificate.details().map_err(|error| Status::internal(error.to_string()))?.subject;
        let tenant = call.extension::<Tenant>().map_or("none", |tenant| tenant.0);
        let alpn = session.alpn().map(String::from_utf8_lossy);
        Ok(HelloReply {
            message: format!("{peer} {subject} {tenant}"),
            data: format!("{:?} {alpn:?}", call.protocol()).into(),
        })
    }

    async fn note(&self, _call: &Call, _request: HelloRequest) {}
}

/// What a hook, or an interceptor, attaches to a request.
#[derive(Debug, Clone)]
struct Tenant(&'static str);

struct AttachTenant;

impl RpcHook for AttachTenant {
    fn before_request(
        &self,
        ctx: &mut HookContext<'_>,
        _request: &mut remoting_rpc::transport::protocol::RemotingCommand,
    ) -> Result<(), ProcessorError> {
        ctx.extensions_mut().insert(Tenant("orders"));
        Ok(())
    }
}

fn attach_tenant(mut request: tonic::Request<()>) -> Result<tonic::Request<()>, tonic::Status> {
    let peer = request.extensions().get::<ConnectionInfo>().map(ConnectionInfo::peer_addr);
    if peer.map(ToString::to_string).as_deref() != Some(CALLER) {
        return Err(tonic::Status::internal("an interceptor does not see the connection"));
    }
    request.extensions_mut().insert(Tenant("orders"));
    Ok(request)
}

type Authority = CertifiedIssuer<'static, KeyPair>;

fn authority() -> Authority {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// Returns a certificate and its key, in PEM.
fn certificate(authority: &Authority, name: &str, host: &str) -> (String, String) {
    let mut params = CertificateParams::new(vec![host.to_owned()]).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    let key = KeyPair::generate().unwrap();
    (params.signed_by(&key, authority).unwrap().pem(), key.serialize_pem())
}

fn identity((certificate, key): (String, String)) -> TlsIdentity {
    TlsIdentity::new(Pem::text(certificate), Pem::text(key))
}

fn header() -> ProxyHeader {
    ProxyHeader::proxied(CALLER.parse().unwrap(), "198.51.100.7:9876".parse().unwrap())
}

async fn server(authority: &Authority) -> RemotingServer {
    let greeter = GreeterServer::new(WhoAmI);
    let tls = ServerTlsConfig::new(identity(certificate(authority, "server", "127.0.0.1")))
        .client_auth(ClientAuth::Optional, TrustRoots::pem(Pem::text(authority.pem())))
        .alpn(["h2"])
        .handshake_timeout(HOUR);
    let loopback: [IpNet; 1] = ["127.0.0.0/8".parse().unwrap()];
    RemotingServer::builder()
        .bind("127.0.0.1:0")
        .proxy_protocol(ProxyProtocol::required(loopback).quiet_time(HOUR).deadline(HOUR))
        .tls(ServerTls::new(tls).unwrap())
        .hook(AttachTenant)
        .processors(greeter.processors(&Executor::inline()))
        .prologue_step(Grpc::new(Routes::new(InterceptedService::new(greeter.grpc(), attach_tenant))))
        .start()
        .await
        .unwrap()
}

fn remoting_client(authority: &Authority, own: Option<TlsIdentity>) -> RemotingClient {
    let config = ClientTlsConfig::new(TrustRoots::pem(Pem::text(authority.pem()))).handshake_timeout(HOUR);
    let config = own.into_iter().fold(config, ClientTlsConfig::identity);
    let tls = ClientTls::new(config).unwrap();
    RemotingClient::builder().tls(tls).proxy_header(SendProxyHeader::new(header())).build().unwrap()
}

fn grpc_channel(authority: &Authority, own: Option<(String, String)>, addr: &Address) -> Channel {
    let config = tonic::transport::ClientTlsConfig::new()
        .ca_certificate(Certificate::from_pem(authority.pem()))
        .domain_name("127.0.0.1");
    let config = own
        .into_iter()
        .fold(config, |config, (certificate, key)| config.identity(Identity::from_pem(certificate, key)));
    let endpoint = Endpoint::from_shared(format!("https://{addr}")).unwrap().tls_config(config).unwrap();
    endpoint.connect_with_connector_lazy(ProxiedConnector(addr.as_socket().unwrap()))
}

/// Connects like a proxy: a header comes first.
struct ProxiedConnector(std::net::SocketAddr);

impl Service<Uri> for ProxiedConnector {
    type Response = hyper_util::rt::TokioIo<TcpStream>;
    type Error = std::io::Error;
    type Future = BoxFuture<Self::Response, std::io::Error>;

    fn poll_ready(&mut self, _cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _uri: Uri) -> Self::Future {
        let addr = self.0;
        Box::pin(async move {
            let mut stream = TcpStream::connect(addr).await?;
            stream
                .write_all(format!("PROXY TCP4 192.0.2.1 198.51.100.7 51234 {}\r\n", addr.port()).as_bytes())
                .await?;
            Ok(hyper_util::rt::TokioIo::new(stream))
        })
    }
}

#[tokio::test]
async fn a_method_sees_the_same_address_certificate_and_extension_over_both_protocols() {
    let authority = authority();
    let server = server(&authority).await;
    let own = certificate(&authority, "producer-7", "producer-7.test");
    let client = remoting_client(&authority, Some(identity(own.clone())));
    let remoting = GreeterClient::new(client.to(server.local_addr()).timeout(HOUR));
    let grpc = GreeterClient::new(grpc_channel(&authority, Some(own), server.local_addr()));
    for (greeter, data) in [
        (remoting, format!("{:?} None", Protocol::Remoting)),
        (grpc, format!("{:?} Some(\"h2\")", Protocol::Grpc)),
    ] {
        let reply = greeter.say_hello(&hello("x")).await.unwrap();
        assert_eq!(reply.data, data);
        assert_eq!(reply.message, format!("{CALLER} CN=producer-7 orders"));
    }
    client.shutdown().await;
    assert!(server.shutdown().await.aborted_requests == 0);
}

#[tokio::test]
async fn a_method_refuses_a_caller_without_a_certificate_over_both_protocols() {
    let authority = authority();
    let server = server(&authority).await;
    let client = remoting_client(&authority, None);
    let remoting = GreeterClient::new(client.to(server.local_addr()).timeout(HOUR));
    let grpc = GreeterClient::new(grpc_channel(&authority, None, server.local_addr()));
    for greeter in [remoting, grpc] {
        let status = greeter.say_hello(&hello("x")).await.unwrap_err();
        assert_eq!(status.to_string(), "UNAUTHENTICATED: no certificate");
    }
    client.shutdown().await;
    server.shutdown().await;
}
