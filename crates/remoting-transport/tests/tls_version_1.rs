//! Certificates of X.509 version 1, as RocketMQ's TLS guide creates them.
#![cfg(feature = "tls")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by a panic")]

mod certificates;
mod support;
mod tls_support;

use std::sync::Arc;

use certificates::{Authority, Issued};
use remoting_transport::{
    PrologueError, Verdict,
    protocol::ErrorChain,
    tls::{ClientAuth, ClientTlsConfig, Pem, ServerTls, ServerTlsConfig, TlsIdentity},
};
use rustls::{
    ClientConfig, RootCertStore, ServerConfig, SupportedProtocolVersion,
    client::ResolvesClientCert,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, ServerName, pem::PemObject},
    server::{ClientHello, ResolvesServerCert},
    sign::CertifiedKey,
    version::{TLS12, TLS13},
};
use support::plain;
use tls_support::{LOCALHOST, client, identity, server, trust};
use tokio::io::duplex;
use tokio_rustls::{TlsAcceptor, TlsConnector};
use x509_cert::{
    Certificate, Version,
    der::{AnyRef, Decode, DecodePem, Encode, EncodePem, Tag, pem::LineEnding},
};

/// The same certificate as version 1 would have it. Its issuer's signature is not right any more.
fn version_1(issued: &Issued) -> Certificate {
    let certificate = Certificate::from_pem(&issued.certificate).unwrap();
    let signed = certificate.tbs_certificate();
    let signed = sequence(&[
        &signed.serial_number().to_der().unwrap(),
        &signed.signature().to_der().unwrap(),
        &signed.issuer().to_der().unwrap(),
        &signed.validity().to_der().unwrap(),
        &signed.subject().to_der().unwrap(),
        &signed.subject_public_key_info().to_der().unwrap(),
    ]);
    let algorithm = certificate.signature_algorithm().to_der().unwrap();
    let signature = certificate.signature().to_der().unwrap();
    let certificate = Certificate::from_der(&sequence(&[&signed, &algorithm, &signature])).unwrap();
    assert_eq!(certificate.tbs_certificate().version(), Version::V1);
    certificate
}

fn sequence(elements: &[&[u8]]) -> Vec<u8> {
    AnyRef::new(Tag::Sequence, &elements.concat()).unwrap().to_der().unwrap()
}

/// Shows this certificate, which rustls would not take by itself.
#[derive(Debug)]
struct Shown(Arc<CertifiedKey>);

impl Shown {
    fn new(issued: &Issued) -> Arc<Self> {
        let certificate = CertificateDer::from(version_1(issued).to_der().unwrap());
        let key = PrivateKeyDer::from_pem_slice(issued.key.as_bytes()).unwrap();
        let key = ring::sign::any_supported_type(&key).unwrap();
        Arc::new(Self(Arc::new(CertifiedKey::new(vec![certificate], key))))
    }
}

impl ResolvesServerCert for Shown {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0))
    }
}

impl ResolvesClientCert for Shown {
    fn resolve(&self, _: &[&[u8]], _: &[rustls::SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0))
    }

    fn has_certs(&self) -> bool {
        true
    }
}

/// What a client makes of a server that shows a certificate of version 1.
async fn dialled(
    config: ClientTlsConfig,
    issued: &Issued,
    version: &'static SupportedProtocolVersion,
) -> Result<Verdict, PrologueError> {
    let served = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(&[version])
        .unwrap()
        .with_no_client_auth()
        .with_cert_resolver(Shown::new(issued));
    let (theirs, ours) = duplex(1 << 16);
    tokio::spawn(async move {
        // Whether it succeeds is seen on the other side.
        let _stream = TlsAcceptor::from(Arc::new(served)).accept(theirs).await;
        std::future::pending::<()>().await;
    });
    let connection = remoting_transport::Connection::new(
        ours,
        "127.0.0.1:1".parse().unwrap(),
        "127.0.0.1:2".parse().unwrap(),
    );
    client(config).run_prologue(connection).await
}

/// What a server makes of a client that shows one.
async fn accepted(
    config: ServerTlsConfig,
    authority: &Authority,
    issued: &Issued,
    version: &'static SupportedProtocolVersion,
) -> Result<Verdict, PrologueError> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(authority.pem().as_bytes()).unwrap()).unwrap();
    let dialling = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(&[version])
        .unwrap()
        .with_root_certificates(roots)
        .with_client_cert_resolver(Shown::new(issued));
    let (theirs, ours) = duplex(1 << 16);
    tokio::spawn(async move {
        let name = ServerName::try_from("localhost").unwrap();
        let _stream = TlsConnector::from(Arc::new(dialling)).connect(name, theirs).await;
        std::future::pending::<()>().await;
    });
    let connection = remoting_transport::Connection::new(
        ours,
        "127.0.0.1:1".parse().unwrap(),
        "127.0.0.1:2".parse().unwrap(),
    );
    server(config).run_prologue(connection).await
}

const WHY: &str = "X.509 version 1; issue a version 3 certificate";

#[tokio::test]
async fn where_any_certificate_is_accepted_one_of_version_1_is() {
    let authority = Authority::new("version-1");
    let (broker, user) = (authority.server(LOCALHOST), authority.client("user"));
    for version in [&TLS12, &TLS13] {
        let any = ClientTlsConfig::danger_accept_any_certificate();
        let verdict = dialled(any, &broker, version).await;
        let Ok(Verdict::Continue(connection)) = verdict else { panic!("{version:?}: {verdict:?}") };
        let opened = plain().open(connection).unwrap();
        let session = opened.channel().tls_session().unwrap();
        assert!(session.peer_certificate().unwrap().details().unwrap().subject.contains("CN=server"));

        let any =
            ServerTlsConfig::new(identity(&broker)).danger_accept_any_client_certificate(ClientAuth::Require);
        let verdict = accepted(any, &authority, &user, version).await;
        assert!(matches!(verdict, Ok(Verdict::Continue(_))), "{version:?}: {verdict:?}");
    }
}

#[tokio::test]
async fn a_peer_without_the_key_of_its_version_1_certificate_is_refused() {
    let authority = Authority::new("version-1-stolen");
    let (broker, other) = (authority.server(LOCALHOST), authority.server(LOCALHOST));
    let stolen = Issued { certificate: broker.certificate.clone(), key: other.key.clone() };
    for version in [&TLS12, &TLS13] {
        let any = ClientTlsConfig::danger_accept_any_certificate();
        let error = dialled(any, &stolen, version).await.expect_err("its key is another one");
        assert!(error.to_string().contains("certificate is refused"), "{version:?}: {error}");
    }
}

#[tokio::test]
async fn elsewhere_a_certificate_of_version_1_is_refused_in_words() {
    let authority = Authority::new("version-1-refused");
    let (broker, user) = (authority.server(LOCALHOST), authority.client("user"));
    for version in [&TLS12, &TLS13] {
        for config in [
            ClientTlsConfig::new(trust(&authority)),
            ClientTlsConfig::new(trust(&authority)).danger_skip_host_name(),
        ] {
            let error = dialled(config, &broker, version).await.expect_err("it cannot be verified");
            assert!(error.to_string().contains(WHY), "{version:?}: {error}");
        }
        let config =
            ServerTlsConfig::new(identity(&broker)).client_auth(ClientAuth::Require, trust(&authority));
        let error = accepted(config, &authority, &user, version).await.expect_err("nor can this");
        assert!(error.to_string().contains(WHY), "{version:?}: {error}");
    }
    let pem = version_1(&broker).to_pem(LineEnding::LF).unwrap();
    let own = TlsIdentity::new(Pem::text(pem), Pem::text(broker.key.as_str()));
    let error = ServerTls::new(ServerTlsConfig::new(own)).expect_err("one's own is no better");
    assert!(ErrorChain(&error).to_string().contains(WHY), "{error}");
}
