//! Both sides have certificates. The server reads the client's name from its
//! certificate, and rejects a client without one.
//!
//! cargo run --example mutual_tls
//!
//! The example creates its own authority and certificates. Yours come from
//! files.

use std::error::Error;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair,
};
use remoting::prelude::*;
use remoting::tls::{
    ClientAuth, ClientTls, ClientTlsConfig, Pem, ServerTls, ServerTlsConfig,
    TlsIdentity, TrustRoots,
};

const WHO_AM_I: RequestCode = RequestCode(20_001);

/// Answers with the subject of the client's certificate, which was verified
/// when the connection was made.
async fn who_am_i(
    ctx: RequestContext,
    request: RemotingCommand,
) -> Result<RemotingCommand, ProcessorError> {
    let session = ctx.tls_session().ok_or("not over TLS")?;
    let certificate = session.peer_certificate().ok_or("no certificate")?;
    let subject = certificate.details()?.subject;
    let response =
        RemotingCommand::response_to(&request, ResponseCode::SUCCESS);
    Ok(response.with_body(subject))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut params = CertificateParams::new(Vec::new())?;
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate()?)?;
    let roots = TrustRoots::pem(Pem::text(authority.pem()));

    let config =
        ServerTlsConfig::new(identity(&authority, "server", "127.0.0.1")?)
            .client_auth(ClientAuth::Require, roots.clone());
    let server = RemotingServer::builder()
        .bind("127.0.0.1:0")
        .tls(ServerTls::new(config)?)
        .processor(WHO_AM_I, Executor::inline(), who_am_i)
        .start()
        .await?;

    let config = ClientTlsConfig::new(roots.clone()).identity(identity(
        &authority,
        "producer-7",
        "producer-7.test",
    )?);
    let client =
        RemotingClient::builder().tls(ClientTls::new(config)?).build()?;
    let call = client
        .to(server.local_addr())
        .invoke(RemotingCommand::request(WHO_AM_I));
    let response = call.await?;
    let subject = String::from_utf8_lossy(response.body()).into_owned();
    println!("with a certificate: I am {subject}");

    let config = ClientTlsConfig::new(roots);
    let anonymous =
        RemotingClient::builder().tls(ClientTls::new(config)?).build()?;
    let call = anonymous
        .to(server.local_addr())
        .invoke(RemotingCommand::request(WHO_AM_I));
    match call.await {
        Ok(_) => return Err("a client without certificate was accepted".into()),
        Err(error) => println!("without: {}", ErrorChain(&error)),
    }

    client.shutdown().await;
    anonymous.shutdown().await;
    server.shutdown().await;
    Ok(())
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
    let chain = Pem::text(certificate.pem());
    Ok(TlsIdentity::new(chain, Pem::text(key.serialize_pem())))
}
