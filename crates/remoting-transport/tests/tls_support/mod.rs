//! Servers and clients with TLS that tests share.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, reason = "each test file uses a part of it")]

use std::{sync::Arc, time::Duration};

use remoting_transport::{
    Address, Bootstrap, Channel, ConnectError, ConnectOptions, Connection, ListenerOptions,
    protocol::{ErrorChain, RemotingCommand, RequestCode},
    tls::{ClientTls, ClientTlsConfig, Pem, ServerTls, ServerTlsConfig, TlsIdentity, TrustRoots},
};

use crate::{
    certificates::{Authority, Issued},
    support::{Deliver, Echo, Served, plain, serve},
};

pub(crate) const LOCALHOST: &[&str] = &["localhost", "127.0.0.1"];

pub(crate) fn identity(issued: &Issued) -> TlsIdentity {
    TlsIdentity::new(Pem::text(issued.certificate.as_str()), Pem::text(issued.key.as_str()))
}

pub(crate) fn trust(authority: &Authority) -> TrustRoots {
    TrustRoots::pem(Pem::text(authority.pem()))
}

pub(crate) fn server(config: ServerTlsConfig) -> Bootstrap {
    plain().prologue_step(ServerTls::new(config).unwrap().step())
}

pub(crate) fn client(config: ClientTlsConfig) -> Bootstrap {
    plain().prologue_step(ClientTls::new(config).unwrap().step())
}

pub(crate) async fn echo(bootstrap: Bootstrap) -> Served {
    serve("127.0.0.1:0", ListenerOptions::default(), bootstrap, |_| Box::new(Echo)).await
}

pub(crate) async fn connect(address: &Address, client: &Bootstrap) -> Result<Connection, ConnectError> {
    client.connect(address, &ConnectOptions::default(), Duration::from_secs(20)).await
}

pub(crate) async fn refusal(address: &Address, client: &Bootstrap) -> String {
    ErrorChain(&connect(address, client).await.unwrap_err()).to_string()
}

/// Sends a request and gets the echo of it.
pub(crate) async fn call(
    client: &Bootstrap,
    connection: Connection,
    body: &[u8],
) -> (Channel, RemotingCommand) {
    let (sink, mut commands) = Deliver::new();
    let opened = client.open(connection).unwrap();
    let channel = opened.channel().clone();
    tokio::spawn(opened.drive(sink));
    channel.send(RemotingCommand::request(RequestCode(7)).with_body(body.to_vec())).await.unwrap();
    let echo = commands.recv().await.expect("an echo");
    (channel, echo)
}

pub(crate) fn memory(stream: tokio::io::DuplexStream) -> Connection {
    Connection::new(stream, Address::memory("here"), Address::memory("there"))
}

pub(crate) fn rustls_client(authority: &Authority) -> tokio_rustls::TlsConnector {
    use rustls::pki_types::{CertificateDer, pem::PemObject};
    let mut roots = rustls::RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(authority.pem().as_bytes()).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    Arc::new(config).into()
}
