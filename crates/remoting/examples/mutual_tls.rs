//! Both sides have certificates, and the server greets its clients by the names in theirs. A client without one is
//! refused, and is told why.
//!
//! `cargo run --example mutual_tls`. It makes its own authority and certificates; yours come from where you get them.

use std::{error::Error, time::Duration};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use remoting::{
    prelude::*,
    tls::{ClientAuth, ClientTls, ClientTlsConfig, Pem, ServerTls, ServerTlsConfig, TlsIdentity, TrustRoots},
};

const WHO_AM_I: RequestCode = RequestCode(20_001);
const TIMEOUT: Duration = Duration::from_secs(3);

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut params = CertificateParams::new(Vec::new())?;
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate()?)?;
    let roots = TrustRoots::pem(Pem::text(authority.pem()));

    let config = ServerTlsConfig::new(identity(&authority, "server", "127.0.0.1")?)
        .client_auth(ClientAuth::Require, roots.clone());
    let server = RemotingServer::builder()
        .bind("127.0.0.1:0")
        .tls(ServerTls::new(config)?)
        .processor(
            WHO_AM_I,
            Executor::inline(),
            |context: RequestContext, request: RemotingCommand| async move {
                Ok(RemotingCommand::response_to(&request, ResponseCode::SUCCESS).with_body(subject(&context)))
            },
        )
        .start()
        .await?;

    let config =
        ClientTlsConfig::new(roots.clone()).identity(identity(&authority, "producer-7", "producer-7.test")?);
    let client = RemotingClient::builder().tls(ClientTls::new(config)?).build()?;
    let response = client.invoke(server.local_addr(), RemotingCommand::request(WHO_AM_I), TIMEOUT).await?;
    println!("with a certificate: I am {}", String::from_utf8_lossy(response.body()));

    let nobody = RemotingClient::builder().tls(ClientTls::new(ClientTlsConfig::new(roots))?).build()?;
    let refusal = nobody.invoke(server.local_addr(), RemotingCommand::request(WHO_AM_I), TIMEOUT).await;
    match refusal {
        Ok(_) => println!("without a certificate: accepted, which should not be"),
        Err(error) => println!("without a certificate: {}", ErrorChain(&error)),
    }

    client.shutdown().await;
    nobody.shutdown().await;
    server.shutdown().await;
    Ok(())
}

/// The name in the certificate of whoever sent the request. It was verified when the connection was made.
fn subject(context: &RequestContext) -> String {
    let session = context.tls_session();
    let certificate = session.as_ref().and_then(|session| session.peer_certificate());
    match certificate.map(|certificate| certificate.details()) {
        Some(Ok(details)) => details.subject,
        Some(Err(error)) => error.to_string(),
        None => "nobody".to_owned(),
    }
}

fn identity(
    authority: &CertifiedIssuer<'_, KeyPair>,
    name: &str,
    host: &str,
) -> Result<TlsIdentity, Box<dyn Error>> {
    let mut params = CertificateParams::new(vec![host.to_owned()])?;
    params.distinguished_name.push(DnType::CommonName, name);
    let key = KeyPair::generate()?;
    let certificate = params.signed_by(&key, authority)?;
    Ok(TlsIdentity::new(Pem::text(certificate.pem()), Pem::text(key.serialize_pem())))
}
