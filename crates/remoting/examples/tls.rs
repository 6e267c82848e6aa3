//! A server with a certificate and a client that verifies it. Then the
//! certificate is replaced while both run.
//!
//! cargo run --example tls
//!
//! The example creates its own authority and certificates. Yours come from
//! files.

use std::error::Error;
use std::path::Path;
use std::time::Duration;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair,
};
use remoting::prelude::*;
use remoting::tls::{
    ClientTls, ClientTlsConfig, ServerTls, ServerTlsConfig, TlsIdentity,
    TrustRoots,
};

const HELLO: RequestCode = RequestCode(20_001);

async fn hello(
    ctx: RequestContext,
    request: RemotingCommand,
) -> Result<RemotingCommand, ProcessorError> {
    let session = ctx.tls_session().ok_or("not over TLS")?;
    let text = format!("{}, {}", session.version(), session.cipher_suite());
    let response =
        RemotingCommand::response_to(&request, ResponseCode::SUCCESS);
    Ok(response.with_body(text))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt().with_env_filter("info").init();
    let folder = tempfile::tempdir()?;
    let folder = folder.path();
    let authority = authority(folder)?;
    certificate(folder, &authority)?;

    // A server accepts only TLS, unless its mode says otherwise.
    let identity = TlsIdentity::files(
        folder.join("server.pem"),
        folder.join("server.key"),
    );
    let server_tls = ServerTls::new(ServerTlsConfig::new(identity))?;
    let server = RemotingServer::builder()
        .bind("127.0.0.1:0")
        .tls(server_tls.clone())
        .processor(HELLO, Executor::inline(), hello)
        .start()
        .await?;

    // A client verifies the authority and the host that it dials.
    let roots = TrustRoots::file(folder.join("ca.pem"));
    let client_tls = ClientTls::new(ClientTlsConfig::new(roots))?;
    let client = RemotingClient::builder().tls(client_tls).build()?;
    let target = client.to(server.local_addr());
    let response = target.invoke(RemotingCommand::request(HELLO)).await?;
    println!("connected: {}", String::from_utf8_lossy(response.body()));

    // The server notices new files and uses them for new connections: with the
    // feature `tls-watch` at once, otherwise within ten seconds.
    certificate(folder, &authority)?;
    while server_tls.generation() == 1 {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    target.invoke(RemotingCommand::request(HELLO)).await?;
    let connections = server.listener_statistics().accepted();
    println!("certificate replaced, connections so far: {connections}");

    client.shutdown().await;
    server.shutdown().await;
    Ok(())
}

fn authority(
    folder: &Path,
) -> Result<CertifiedIssuer<'static, KeyPair>, Box<dyn Error>> {
    let mut params = CertificateParams::new(Vec::new())?;
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate()?)?;
    std::fs::write(folder.join("ca.pem"), authority.pem())?;
    Ok(authority)
}

fn certificate(
    folder: &Path,
    authority: &CertifiedIssuer<'_, KeyPair>,
) -> Result<(), Box<dyn Error>> {
    let key = KeyPair::generate()?;
    let hosts = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
    let certificate =
        CertificateParams::new(hosts)?.signed_by(&key, authority)?;
    std::fs::write(folder.join("server.pem"), certificate.pem())?;
    std::fs::write(folder.join("server.key"), key.serialize_pem())?;
    Ok(())
}
